"""Before a delivery is fetched: the teacher is told, answers on their link, and staff decide."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.batches import commands as batches
from branchnet.batches import queries
from branchnet.batches.staying import answer_problems, longer_until, to_tell
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchEvent, StayAnswer
from tests.pages.desk import Desk, sit_down, words
from tests.support.pages import form_with
from tests.support.queries import QueryCounter
from tests.support.world import World

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def number(app: Flask, world: World) -> str:
    """A delivery of thirty copies at the first point, due back in three days."""
    return deliver(app, world)


def deliver(app: Flask, world: World, due_in: int = 3, copies: int = 30) -> str:
    with app.app_context(), transaction():
        today = world.act.today()
        told = batches.Afterwards(
            "delivery",
            today - timedelta(days=27),
            world.place_ids[0],
            lines=[batches.NewLine(world.counted_lot_id, copies)],
            received_on=today - timedelta(days=27),
            due_back_on=today + timedelta(days=due_in),
        )
        return batches.log_afterwards(world.act, told).number


@pytest.fixture
def phone(app: Flask, world: World) -> FlaskClient:
    client = app.test_client()
    client.get(f"/t/{world.token}")
    return client


def day(app: Flask, world: World, days: int) -> str:
    with app.app_context():
        return (world.act.today() + timedelta(days=days)).isoformat()


def answer(phone: FlaskClient, world: World, number: str, button: str, **typed: str) -> str:
    address = f"/my/{world.point_codes[0]}/fetch/{number}"
    sent = phone.post(address, data={**form_with(phone.get(address), f"answer={button}"), **typed})
    return words(phone.get(sent.location) if sent.status_code == 303 else sent)


def due(app: Flask, number: str) -> str:
    with app.app_context():
        found = db.session.query(Batch).filter_by(number=number).one()
        db.session.refresh(found)
        return found.due_back_on.isoformat() if found.due_back_on else ""


def test_words_for_the_teacher_stand_ready_and_are_sent(app: Flask, world: World, clerk: Desk, number: str) -> None:
    page = clerk.text("/work/")
    for said in ("要发给老师的话", "长岭小学流动服务点", "30 册", f"/t/{world.token}", "陈老师，您好！", number):
        assert said in page
    assert "要发给老师的话" in clerk.text(f"/work/batches/{number}")
    for _time in range(2):
        sent = clerk.post(f"/work/batches/{number}/announced", op_id="one-press-only", **{"from": "day"})
        assert (sent.status_code, sent.location) == (303, "/work/")
    assert "已经发给老师" in clerk.text("/work/")
    with app.app_context():
        assert db.session.query(BatchEvent).filter_by(step="announced").count() == 1
    assert "提前告知" in clerk.text(f"/work/batches/{number}")


@ON_SQLITE
def test_it_is_not_told_too_early_and_is_told_when_late(app: Flask, world: World, clerk: Desk) -> None:
    early = deliver(app, world, due_in=6)
    assert "要发给老师的话" not in clerk.text("/work/")
    assert "要发给老师的话" not in clerk.text(f"/work/batches/{early}")
    late = deliver(app, world, due_in=-2)
    assert "已经过了。请告诉我们哪天方便。" in clerk.text("/work/")
    clerk.post(f"/work/batches/{late}/collect", happened_on=day(app, world, 0))
    assert clerk.post(f"/work/batches/{late}/announced").status_code == 409


def test_a_longer_stay_is_asked_for_and_accepted(
    app: Flask, world: World, clerk: Desk, phone: FlaskClient, number: str
) -> None:
    assert "书准备好了" in words(phone.get(f"/my/{world.point_codes[0]}"))
    longer = day(app, world, 33)
    page = answer(phone, world, number, "longer", note="三年级还没轮到")
    assert "等馆里回话" in page
    assert due(app, number) == day(app, world, 3)
    today = clerk.text("/work/")
    assert f"留到 {longer}" in today
    assert "三年级还没轮到" in today
    with app.app_context():
        asked = db.session.query(StayAnswer).one().id
    for _time in range(2):
        sent = clerk.post(f"/work/stay-answers/{asked}", accepted="1", reply="好的", op_id="accepted-once")
        assert sent.status_code == 303, words(sent)
    assert due(app, number) == longer
    with app.app_context():
        [event] = db.session.query(BatchEvent).filter_by(step="extended").all()
        assert event.note == f"{day(app, world, 3)} → {longer} 陈老师"
    assert f"已同意 {day(app, world, 3)} → {longer} 陈老师" in clerk.text(f"/work/batches/{number}")
    said = words(phone.get(f"/my/{world.point_codes[0]}"))
    assert "馆里同意了" in said
    assert "馆里说：好的" in said
    assert clerk.post(f"/work/stay-answers/{asked}", accepted="0").status_code == 409


def test_another_day_is_declined_with_a_word(
    app: Flask, world: World, clerk: Desk, phone: FlaskClient, number: str
) -> None:
    # Whoever presses without a day has chosen none: today would be nobody's choice.
    assert "请填写这一项" in answer(phone, world, number, "another_day")
    answer(phone, world, number, "another_day", wanted_on=day(app, world, 9))
    with app.app_context():
        asked = db.session.query(StayAnswer).one().id
    assert clerk.post(f"/work/stay-answers/{asked}", accepted="0", reply="那天没车").status_code == 303
    assert due(app, number) == day(app, world, 3)
    said = words(phone.get(f"/my/{world.point_codes[0]}"))
    assert "馆里没有同意" in said
    assert "那天没车" in said
    # Then they are ready after all: nothing is left to decide.
    answer(phone, world, number, "ready")
    assert "准备好了" in clerk.text("/work/")
    with app.app_context():
        ready = max(row.id for row in db.session.query(StayAnswer))
    assert clerk.post(f"/work/stay-answers/{ready}", accepted="1").status_code == 409


@ON_SQLITE
def test_the_last_word_is_the_one_to_decide(app: Flask, world: World, phone: FlaskClient, number: str) -> None:
    answer(phone, world, number, "another_day", wanted_on=day(app, world, 9))
    answer(phone, world, number, "longer", wanted_on=day(app, world, 20))
    with app.app_context():
        first, second = sorted(row.id for row in db.session.query(StayAnswer))
        with pytest.raises(Conflict, match="answered_anew"), transaction():
            batches.decide_stay(world.act, first, accepted=True)
        assert [one.said.id for one in queries.asked_before_fetching([world.network_id], world.act.today())] == [second]


@ON_SQLITE
@pytest.mark.parametrize(
    ("button", "typed", "said"),
    [
        ("longer", {"wanted_on": ""}, "请填写这一项。"),
        ("longer", {"wanted_on": "soon"}, "请填日期"),
        ("longer", {"note": "打我电话 13800138000"}, "这里不能写电话或身份证号"),
    ],
)
def test_a_slip_keeps_what_was_typed(
    world: World, phone: FlaskClient, number: str, button: str, typed: dict[str, str], said: str
) -> None:
    page = answer(phone, world, number, button, **{"note": "想多留", **typed})
    assert said in page
    assert (
        typed.get("note", "想多留")
        in phone.post(
            f"/my/{world.point_codes[0]}/fetch/{number}",
            data={**form_with(phone.get(f"/my/{world.point_codes[0]}/fetch/{number}"), "answer=longer"), **typed}
            | {"note": typed.get("note", "想多留"), "wanted_on": ""},
        ).text
    )


def test_a_locked_month_and_a_collected_delivery_refuse(
    app: Flask, world: World, clerk: Desk, phone: FlaskClient, number: str
) -> None:
    answer(phone, world, number, "another_day", wanted_on=day(app, world, 9))
    with app.app_context():
        asked = db.session.query(StayAnswer).one().id
        world.act.network.locked_through = "2999-12"
        db.session.commit()
    refused = clerk.post(f"/work/stay-answers/{asked}", accepted="1", reply="写好的回话")
    assert refused.status_code == 409
    assert "封账" in words(refused)
    assert "写好的回话" in refused.text
    with app.app_context():
        world.act.network.locked_through = None
        db.session.commit()
    clerk.post(f"/work/batches/{number}/collect", happened_on=day(app, world, 0))
    assert clerk.post(f"/work/stay-answers/{asked}", accepted="1").status_code == 409
    gone = phone.get(f"/my/{world.point_codes[0]}/fetch/{number}")
    assert (gone.status_code, gone.location) == (303, f"/my/{world.point_codes[0]}")
    assert phone.get(f"/my/{world.point_codes[0]}/fetch/99-999").status_code == 404
    assert phone.get(f"/my/{world.point_codes[1]}/fetch/{number}").status_code == 404


@ON_SQLITE
def test_the_statements_do_not_grow_with_deliveries_and_answers(
    app: Flask, world: World, clerk: Desk, phone: FlaskClient, query_counter: QueryCounter
) -> None:
    counts = []
    for _time in range(2):
        sent = deliver(app, world, copies=3)
        answer(phone, world, sent, "longer", wanted_on=day(app, world, 30))
        for client, path in ((clerk.client, "/work/"), (phone, f"/my/{world.point_codes[0]}")):
            client.get(path)
            query_counter.reset()
            assert client.get(path).status_code == 200
            counts.append(query_counter.count)
    assert counts[:2] == counts[2:]


def test_what_may_be_answered() -> None:
    today, agreed = date(2026, 3, 1), date(2026, 3, 4)
    assert answer_problems("ready", None, agreed, today, "") == {}
    assert answer_problems("longer", agreed, agreed, today, "") == {"wanted_on": "not_longer"}
    assert answer_problems("another_day", date(2026, 2, 28), agreed, today, "") == {"wanted_on": "day_past"}
    assert answer_problems("another_day", date(2028, 2, 28), agreed, today, "") == {"wanted_on": "day_far"}
    assert answer_problems("another_day", None, agreed, today, "") == {"wanted_on": "required"}
    assert answer_problems("perhaps", None, agreed, today, "") == {"answer": "kind"}
    assert longer_until(agreed, today) == date(2026, 4, 3)
    assert longer_until(agreed, date(2026, 4, 2)) == date(2026, 4, 3)
    assert longer_until(agreed, date(2026, 4, 3)) == date(2026, 5, 3)
    assert [to_tell(agreed, today, days) for days in (2, 3)] == [False, True]


# Wishes for the next box.


def test_a_wish_is_said_changed_and_taken_up(app: Flask, world: World, clerk: Desk, phone: FlaskClient) -> None:
    code = world.point_codes[0]
    sent = phone.post(f"/my/{code}/wish", data={**form_with(phone.get(f"/my/{code}/wish"), "age"), "age": "二年级"})
    assert sent.status_code == 303, words(sent)
    with app.app_context():
        [wish] = queries.open_wishes(world.network_id)
    changed = form_with(phone.get(f"/my/{code}/wish/{wish.id}"), "age")
    assert changed["age"] == "二年级"
    phone.post(f"/my/{code}/wish/{wish.id}", data={**changed, "kind": "科普", "number": "40", "note": "恐龙的"})
    for page in ("/work/batches/new", f"/work/points/{code}/books"):
        said = clerk.text(page)
        for part in ("二年级", "科普", "40", "恐龙的", "为它建一批"):
            assert part in said
    assert "为长岭小学流动服务点的心愿：二年级，科普，40 册，恐龙的" in clerk.text(f"/work/batches/new?wish={wish.id}")
    elsewhere = clerk.post(
        "/work/batches/new",
        to=world.point_codes[1],
        kind="allocation",
        drafted_on=day(app, world, 0),
        wish=str(wish.id),
    )
    assert elsewhere.status_code == 422
    assert "这个心愿是另一个服务点的" in words(elsewhere)
    batch = clerk.begin(code, drafted_on=day(app, world, 0), wish=str(wish.id))
    assert "为它建一批" not in clerk.text("/work/batches/new")
    assert f"配在 {batch.rsplit('/', 1)[1]}" in words(phone.get(f"/my/{code}"))
    gone = phone.post(f"/my/{code}/wish/{wish.id}", data={**changed, "age": "三年级"})
    assert gone.status_code == 409
    assert "三年级" in gone.text
    assert "为老师的心愿配的：二年级，科普，40 册，恐龙的" in clerk.text(batch)
    # Called off, the batch frees the wish.
    assert clerk.post(f"{batch}/cancel", happened_on=day(app, world, 0), note="书不够").status_code == 303
    with app.app_context():
        assert [one.id for one in queries.open_wishes(world.network_id)] == [wish.id]
        db.session.remove()


@ON_SQLITE
def test_a_wish_is_closed_without_a_batch(app: Flask, world: World, clerk: Desk, phone: FlaskClient) -> None:
    with app.app_context(), transaction():
        wish = batches.wish(world.act, world.point_ids[0], batches.Wished(number=30))
    for _time in range(2):
        assert clerk.post(f"/work/wishes/{wish}/close", op_id="closed-once-only").status_code == 303
    assert "馆里看过了" in words(phone.get(f"/my/{world.point_codes[0]}"))
    assert "已经在办" in clerk.text(clerk.post(f"/work/wishes/{wish}/close").location)


@ON_SQLITE
def test_a_closed_point_is_told_so_and_wishes_for_nothing(app: Flask, world: World, phone: FlaskClient) -> None:
    here = f"/my/{world.point_codes[0]}"
    form = form_with(phone.get(f"{here}/wish"), "age") | {"age": "二年级"}
    with app.app_context(), transaction():
        batches.close_point(world.act, world.point_ids[0], world.act.today(), "撤点")
    page = words(phone.get(here))
    assert "起关闭了，不再送书来" in page
    assert "写一个心愿" not in page
    late = phone.post(f"{here}/wish", data=form)
    assert (late.status_code, "已经关闭" in words(late)) == (409, True)


@ON_SQLITE
def test_no_wish_is_about_one_child(world: World, phone: FlaskClient) -> None:
    address = f"/my/{world.point_codes[0]}/wish"
    for typed, said in (
        ({}, "请至少填一项。"),
        ({"kind": "小明 13800138000 要的"}, "这里不能写电话或身份证号"),
        ({"number": "很多"}, "请填整数。"),
        ({"age": "一" * 61}, "太长了"),
    ):
        sent = phone.post(address, data={**form_with(phone.get(address), "age"), **typed})
        assert sent.status_code == 422
        assert said in words(sent)
        assert all(value in sent.text for value in typed.values())


@ON_SQLITE
def test_another_points_wish_is_not_there(app: Flask, world: World, phone: FlaskClient) -> None:
    with app.app_context():
        with transaction():
            other = batches.wish(world.act, world.point_ids[1], batches.Wished(age="五年级"))
        with pytest.raises(Invalid), transaction():
            batches.wish(world.act, world.point_ids[1], batches.Wished())
    assert phone.get(f"/my/{world.point_codes[0]}/wish/{other}").status_code == 404
    assert phone.get(f"/my/{world.point_codes[1]}/wish/{other}").status_code == 404


@ON_SQLITE
def test_whoever_closes_a_point_is_told_of_its_wishes(app: Flask, world: World) -> None:
    admin = sit_down(app, world.admin_login, world.password)
    form = f"/work/points/{world.point_codes[0]}/change/close"
    assert "老师的心愿还有" not in admin.text(form)
    with app.app_context(), transaction():
        batches.wish(world.act, world.point_ids[0], batches.Wished(age="三年级"))
    assert "老师的心愿还有 1 个没有配" in admin.text(form)
