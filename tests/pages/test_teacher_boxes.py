"""Boxes on the teacher's phone: arrived and not counted, broken copies, the receipt, and what did not match."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Discrepancy
from branchnet.stock.queries import copies_at
from tests.pages import desk
from tests.pages.desk import Desk
from tests.support.pages import form_with, send, words
from tests.support.world import World


@pytest.fixture
def phone(client: FlaskClient, world: World) -> FlaskClient:
    """A phone on which the teacher has opened the link."""
    assert client.get(f"/t/{world.token}").status_code == 303
    return client


@pytest.fixture
def number(app: Flask, world: World) -> str:
    """A batch of two boxes, 30 and 20 copies, that left today for the first point."""
    with app.app_context(), transaction():
        day = world.act.today()
        batch = batches.draft(world.act, batches.NewBatch("allocation", day, to_place_id=world.place_ids[0]))
        for copies in (30, 20):
            box = batches.open_box(world.act, batch.id)
            batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies, box.number)])
        batches.dispatch(world.act, batch.id, day)
        return batch.number


def _state(app: Flask, world: World, number: str) -> tuple[str, int]:
    """How far the batch is, and how many copies the ledger has at the point; which must hold."""
    with app.app_context():
        assert violations(world.network_id) == []
        state = db.session.scalars(select(Batch.state).where(Batch.number == number)).one()
        return state, copies_at(world.network_id, [world.place_ids[0]]).get(world.place_ids[0], 0)


def _read(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_boxes_arrived_nobody_has_time_to_count(
    app: Flask, phone: FlaskClient, world: World, clerk: Desk, number: str
) -> None:
    """One tap on the point's page; then every figure says what is not counted, and the teacher by when it is due."""
    here = f"/my/{world.point_codes[0]}"
    tapped = phone.post(f"{here}/receive/{number}", data=form_with(phone.get(here), "action=arrived"))
    assert tapped.headers["Location"] == here
    with app.app_context():
        due = world.act.today() + timedelta(days=7)
    told = f"请在 {due.month}月{due.day}日前清点"
    assert told in words(phone.get(here))
    assert "箱子到了，还没清点</button>" not in phone.get(here).text
    assert _state(app, world, number) == ("dispatched", 0)
    assert "另有 50 册没清点" in clerk.text("/work/points")
    assert "没清点" in clerk.text(f"/work/batches/{number}")
    assert "另有 50 册到了，没清点" in clerk.text(f"/manage/points/{world.point_codes[0]}")
    assert "到了，还没清点" in clerk.text(f"/manage/points/{world.point_codes[0]}")
    assert "另有 50 册没清点" in clerk.text("/manage/map")
    assert 50 in clerk.get("/api/v1/map").json["points"]["uncounted"]
    with clock.at(clock.now() + timedelta(days=10)):
        assert f"{told}，已经过了 3 天" in words(phone.get(here))
        assert f"{told}，已经过了 3 天。" in words(phone.get(f"{here}/receive/{number}"))
        assert "已经过了 3 天" in clerk.text(f"/work/batches/{number}")


def test_broken_copies_are_a_case_and_hold_nothing_up(
    app: Flask, phone: FlaskClient, world: World, clerk: Desk, number: str
) -> None:
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    answer = send(phone, page, "box-1", action="count", **{"broken-1": "2", "word": "泡了水"})
    receipt = answer.headers["Location"]
    assert receipt == f"/my/{world.point_codes[0]}/received/{number}"
    said = words(phone.get(receipt))
    assert "收下了 50 册。破了 2 册，馆里已经知道，书先放着。" in said
    assert "陈老师" in said
    assert _state(app, world, number) == ("received", 50)
    with app.app_context():
        case = db.session.scalars(select(Discrepancy)).one()
        assert (case.kind, case.quantity, case.note, case.closed_on) == ("damaged", 2, "泡了水", None)
    assert "破损 2 册 第 1 箱" in clerk.text(f"/work/batches/{number}")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_broken_copies_that_cannot_be_keep_what_was_typed(
    app: Flask, phone: FlaskClient, world: World, number: str
) -> None:
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    for typed, field in (
        ({"broken-1": "31"}, "broken-1"),
        ({"broken-2": "x"}, "broken-2"),
        ({"box-1": "", "broken-1": "1"}, "broken-1"),
    ):
        answer = send(phone, page, "box-1", action="count", **{"word": "泡了水", "box-2": "19", **typed})
        assert answer.status_code == 422
        assert f'id="f-{field}-error"' in answer.text
        assert 'value="泡了水"' in answer.text
        assert 'value="19"' in answer.text
    assert _state(app, world, number) == ("dispatched", 0)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_counted_meanwhile_by_staff_the_teacher_is_told_and_keeps_what_was_typed(
    app: Flask, phone: FlaskClient, world: World, clerk: Desk, number: str
) -> None:
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    typed = form_with(phone.get(page), "box-1")
    clerk.post(
        f"/work/batches/{number}/receive", happened_on=desk.days_ago(app, world), how="counted", **{"count-1": "30"}
    )
    answer = phone.post(page, data={**typed, "action": "count", "word": "第 2 箱还没拆"})
    assert answer.status_code == 404
    assert "第 1 箱不在这一批里，或者已经清点过。" in words(answer)
    assert 'value="第 2 箱还没拆"' in answer.text
    assert "box-1" not in answer.text
    assert _state(app, world, number) == ("dispatched", 30)


def test_a_case_is_seen_by_both_ends_until_it_is_closed_and_then_how_it_ended(
    app: Flask, phone: FlaskClient, world: World, clerk: Desk, number: str
) -> None:
    here = f"/my/{world.point_codes[0]}"
    send(phone, f"{here}/receive/{number}", "box-1", action="count", **{"box-1": "28"})
    today = desk.days_ago(app, world)
    day = f"{int(today[5:7])}月{int(today[8:])}日"
    assert f"少 2 册 馆里在查 第 1 箱 《故事书一批》 {day} {number}" in _read(phone.get(here).text)
    assert "少了 2 册" in clerk.text(f"/work/batches/{number}")
    with app.app_context():
        case = db.session.scalars(select(Discrepancy.id)).one()
    closed = clerk.post(
        f"/work/batches/{number}/differences/{case}/resolve", resolution="miscounted", happened_on=today
    )
    assert closed.status_code == 303
    assert "少 2 册 馆里少装了，不是您这里少的" in _read(phone.get(here).text)
    assert "馆里少装了" in words(phone.get(f"{here}/received/{number}"))
    assert f'href="{here}/received/{number}"' in phone.get(here).text
    with clock.at(clock.now() + timedelta(days=95)):
        assert "馆里少装了" not in words(phone.get(here))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_going_back_and_sending_anew_after_all_is_taken_in_leads_to_the_receipt(
    app: Flask, phone: FlaskClient, world: World, number: str
) -> None:
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    kept = form_with(phone.get(page), "box-1")
    send(phone, page, "action=confirm")
    again = phone.post(page, data={**kept, "action": "count", "box-1": "29"}, follow_redirects=True)
    assert "这一批已经收下了。" in words(again)
    assert "收下了 50 册。" in words(again)
    assert _state(app, world, number) == ("closed", 50)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_error_page_sent_anew_after_all_is_taken_in_leads_to_the_receipt(
    app: Flask, phone: FlaskClient, world: World, number: str
) -> None:
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    kept = form_with(phone.get(page), "box-1")
    send(phone, page, "action=confirm")
    for wrong in ({"box-1": "x"}, {"box-1": "", "box-2": ""}, {"word": "13800138000"}):
        again = phone.post(page, data={**kept, "action": "count", **wrong}, follow_redirects=True)
        assert again.status_code == 200
        assert "这一批已经收下了。" in words(again)
        assert "收下了 50 册。" in words(again)
        assert "有几处要改" not in words(again)
    assert _state(app, world, number) == ("closed", 50)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_box_that_never_came_is_not_filled_in_and_is_named_before_it_is_taken_in(
    app: Flask, phone: FlaskClient, world: World, number: str
) -> None:
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    first = phone.get(page)
    assert "没到的馆里会追" in words(first)
    assert form_with(first, "box-1")["box-2"] == "20"
    old = form_with(first, "action=confirm")
    send(phone, page, "box-1", action="count", **{"box-2": ""})
    back = phone.get(page)
    assert form_with(back, "box-2")["box-2"] == ""
    assert "清点过，一本不差，收下" not in words(back)
    assert "剩下的 1 箱 20 册也到了，收下" in words(back)
    assert "没到的箱子空着，馆里会追。" in words(back)
    tapped = send(phone, page, "box-2", action="count")
    assert (tapped.status_code, "请至少写一箱的册数。" in words(tapped)) == (422, True)
    outdated = phone.post(page, data=old)
    assert (outdated.status_code, "这一页是旧的" in words(outdated)) == (422, True)
    assert _state(app, world, number) == ("dispatched", 30)
    assert send(phone, page, "action=confirm").status_code == 303
    assert _state(app, world, number) == ("closed", 50)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_word_typed_once_stands_once(phone: FlaskClient, world: World, clerk: Desk, number: str) -> None:
    here = f"/my/{world.point_codes[0]}"
    typed = {"box-1": "28", "box-2": "21", "broken-1": "1", "word": "路上翻了"}
    receipt = send(phone, f"{here}/receive/{number}", "box-1", action="count", **typed).headers["Location"]
    for page in (here, receipt):
        assert phone.get(page).text.partition("<h1")[2].count('<li class="case">') == 3
        assert words(phone.get(page)).count("路上翻了") == 1
    open_ones = clerk.text(f"/work/batches/{number}").partition("未结的差异")[2].partition("清单")[0]
    assert open_ones.count("路上翻了") == 1


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_wrong_number_of_a_box_says_what_an_empty_one_is(phone: FlaskClient, world: World, number: str) -> None:
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    told = words(send(phone, page, "box-1", action="count", **{"box-1": "x", "word": "13800138000"}))
    assert "请填整数；没到的箱子空着。" in told
    assert "这里不能写电话或身份证号" in told


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_nothing_counted_has_no_receipt_and_nobody_elses_is_shown(
    phone: FlaskClient, world: World, number: str
) -> None:
    assert phone.get(f"/my/{world.point_codes[0]}/received/{number}").status_code == 404
    assert phone.get(f"/my/{world.point_codes[1]}/received/{number}").status_code == 404


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_came_in_part_is_told_wherever_the_batch_stands(
    app: Flask, world: World, clerk: Desk, number: str
) -> None:
    batch = f"/work/batches/{number}"
    assert "其余全数签收" not in clerk.text(batch)
    day = desk.days_ago(app, world)
    answer = clerk.post(f"{batch}/receive", happened_on=day, how="counted", **{"count-1": "28"})
    assert answer.status_code == 303
    for page in ("/work/", "/work/batches", batch, "/work/trips/new"):
        assert "已收一部分（28 / 50 册）" in clerk.text(page), page
    assert "其余全数签收" in clerk.text(batch)
    clerk.post(f"{batch}/receive", happened_on=day, how="all")
    for page in ("/work/", "/work/batches", batch):
        assert "已收一部分" not in clerk.text(page), page


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_first_count_of_nothing_is_not_filled_in_again(
    app: Flask, phone: FlaskClient, world: World, number: str
) -> None:
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    with app.app_context(), transaction():
        batch_id = db.session.scalars(select(Batch.id).where(Batch.number == number)).one()
        batches.receive(world.act, batch_id, world.act.today(), {1: 0, 2: 0})
    boxes = re.findall(r'name="box-\d".*?value="(\d*)"', phone.get(page).text, re.DOTALL)
    assert boxes == ["", ""]
