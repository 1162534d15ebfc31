"""The clerk's day, the list of batches, points and teachers; and whose rows they are."""

from datetime import timedelta

import pytest
from flask import Flask

from branchnet.access.commands import add_person, answers_for, place_under
from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.extensions import transaction
from tests.pages.desk import Desk, clerk_of, days_ago, sit_down, words
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world


def sent_out(app: Flask, world: World, kind: str, ago: int, received: bool = False, point: int = 0) -> str:
    """A batch of ten counted copies that left so many days ago; returns its number."""
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=ago)
        batch = batches.draft(world.act, NewBatch(kind, day, world.place_ids[point]))
        batches.add_lines(world.act, batch.id, [NewLine(world.counted_lot_id, 10)])
        batches.dispatch(world.act, batch.id, day)
        if received:
            batches.receive(world.act, batch.id, day)
        return batch.number


def test_an_empty_day_says_what_to_do_first(clerk: Desk) -> None:
    said = clerk.text("/work/")
    assert "今天没有等着办的事" in said
    assert "先建一批" in said


def test_the_day_lists_an_overdue_delivery_with_whom_to_call(app: Flask, world: World, clerk: Desk) -> None:
    number = sent_out(app, world, "delivery", 50, received=True)
    assert "陈老师 没有留电话" in clerk.text("/work/")
    with app.app_context(), transaction():
        other = add_person(world.act, "黄老师", "13800000000")
        answers_for(world.act, other, world.point_ids[0], world.begun_on)
    assert f"{number} 长岭小学流动服务点 {days_ago(app, world, 20)} 20 天 10 黄老师 13800000000" in clerk.text("/work/")


def test_a_delivery_is_not_overdue_on_its_last_day_nor_once_collected(app: Flask, world: World, clerk: Desk) -> None:
    late = sent_out(app, world, "delivery", 40)
    sent_out(app, world, "delivery", 30, received=True)
    assert "该还没还 1 批" in clerk.text("/work/")
    day = days_ago(app, world)
    clerk.post(f"/work/batches/{late}/receive", happened_on=day, how="all")
    assert clerk.post(f"/work/batches/{late}/collect", happened_on=day).status_code == 303
    assert "该还没还 0 批" in clerk.text("/work/")


def test_the_road_is_told_from_what_has_arrived(app: Flask, world: World, clerk: Desk) -> None:
    first, second = sent_out(app, world, "allocation", 9), sent_out(app, world, "allocation", 3)
    assert clerk.post(f"/work/batches/{first}/arrive", happened_on=days_ago(app, world, 2)).status_code == 303
    on_the_road, arrived = (clerk.text(f"/work/batches?state={state}") for state in ("dispatched", "arrived"))
    assert (first in on_the_road, second in on_the_road) == (False, True)
    assert (first in arrived, second in arrived) == (True, False)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("lzfg", True),
        ("雷州", True),
        ("雷州 分馆", True),
        ("雷州 长岭", False),
        ("lz-0", True),
        ("长岭", False),
        ("%", False),
    ],
)
def test_a_batch_is_found_by_its_point(app: Flask, world: World, clerk: Desk, asked: str, found: bool) -> None:
    number = sent_out(app, world, "allocation", 5, point=1)
    assert (number in clerk.text(f"/work/batches?q={asked.replace('%', '%25')}")) is found


def test_a_new_batch_keeps_what_was_typed(clerk: Desk) -> None:
    answer = clerk.post("/work/batches/new", to="", kind="delivery", drafted_on="昨天", note="请放门卫室")
    assert answer.status_code == 422
    assert "请放门卫室" in answer.text
    wrong = [name for name in ("to", "kind", "drafted_on", "note") if f'id="f-{name}-error"' in answer.text]
    assert wrong == ["to", "drafted_on"]


def test_a_batch_goes_to_no_point_that_is_not_ones_own(app: Flask, world: World, clerk: Desk) -> None:
    answer = clerk.post("/work/batches/new", to="NOWHERE", kind="allocation", drafted_on=days_ago(app, world))
    assert answer.status_code == 422
    assert 'id="f-to-error"' in answer.text


def test_a_foreign_clerk_finds_nothing(app: Flask, world: World) -> None:
    number = sent_out(app, world, "allocation", 5)
    foreign = clerk_of(app, build_world(app, "bieguan"))
    batch, teacher, day = f"/work/batches/{number}", f"/work/teachers/{world.teacher_id}", days_ago(app, world)
    assert number not in foreign.text("/work/batches")
    lines = (f"{batch}/lines?network={world.slug}", f"{batch}/barcodes.txt?network={world.slug}", f"{batch}/changes")
    for path in (batch, f"{batch}?network={world.slug}", *lines, teacher):
        assert foreign.get(path).status_code == 404, path
    steps = ("pack", "unpack", "dispatch", "arrive", "receive", "cancel", "collect", "count-in", "scan", "restock")
    picking = ("copies", "copies/unknown", "copies/list", "counted", "boxes", "lines/1/remove", "lines/1/move")
    parts = (*picking, "differences/1/resolve")
    sent = {"happened_on": day, "note": "x", "barcode": world.barcodes[0], "lot": "1", "quantity": "1", "copies": "1"}
    for path in (*(f"{batch}/{part}" for part in (*steps, *parts)), f"{teacher}/link", f"{teacher}/link/revoke"):
        assert foreign.post(path, **sent).status_code == 404, path


def test_a_manager_sees_the_networks_below_and_changes_nothing(app: Flask, world: World) -> None:
    number = sent_out(app, world, "allocation", 5)
    above = build_world(app, "shangji")
    with app.app_context(), transaction():
        place_under(world.network_id, above.network_id, world.begun_on + timedelta(days=1))
    manager = sit_down(app, above.manager_login, above.password)
    assert f"{number} {world.slug}" in manager.text("/work/batches")
    page = manager.text(f"/work/batches/{number}?network={world.slug}")
    assert "替服务点签收" not in page
    answer = manager.post(f"/work/batches/{number}/receive", happened_on=days_ago(app, world), how="all")
    assert answer.status_code == 403
    assert number not in clerk_of(app, above).text("/work/batches")


def test_points_show_what_stands_there(app: Flask, world: World, clerk: Desk) -> None:
    sent_out(app, world, "allocation", 5, received=True)
    said = clerk.text("/work/points")
    assert f"长岭小学流动服务点 CL-01 流动服务点 陈老师 {world.begun_on} 起 10" in said


def test_a_teachers_link_is_made_again_renewed_and_revoked(app: Flask, world: World, clerk: Desk) -> None:
    page = f"/work/teachers/{world.teacher_id}"
    assert f"/t/{world.token}" in clerk.get(page).text
    phone = app.test_client()
    assert phone.get(f"/t/{world.token}").status_code == 303
    assert "打得开" in clerk.text(page)
    assert clerk.post(f"{page}/link/renew").status_code == 303
    assert f"/t/{world.token}" not in clerk.get(page).text
    assert "打不开了" in clerk.text(page)
    assert clerk.post(f"{page}/link/revoke").status_code == 303
    assert "链接已经停用" in clerk.text(page)


def test_a_teacher_is_entered_with_point_and_link_once(app: Flask, world: World, clerk: Desk) -> None:
    sent = {"display_name": "黄老师", "point": world.point_codes[1], "valid_from": days_ago(app, world)}
    answers = [clerk.post("/work/teachers", op_id="pressed-once", **sent) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert "/t/" in clerk.get(answers[0].location).text
    said = clerk.text("/work/teachers")
    assert said.count("黄老师") == 1
    assert "黄老师 — 雷州分馆 可以用" in said


def test_a_teacher_without_a_name_is_not_entered(app: Flask, world: World, clerk: Desk) -> None:
    answer = clerk.post("/work/teachers", point=world.point_codes[1], valid_from=days_ago(app, world), phone="139")
    lettered = clerk.post("/work/teachers", display_name="陈老师", phone="I380O138000")
    assert 'id="f-phone-error"' in lettered.text
    assert answer.status_code == 422
    assert 'id="f-display_name-error"' in answer.text
    assert 'value="139"' in answer.text
    assert "共 1 位" in words(answer)


@pytest.mark.parametrize("page", ["/work/", "/work/batches", "/work/points", "/work/teachers"])
def test_lists_ask_the_same_number_of_questions_however_long(
    app: Flask, world: World, clerk: Desk, query_counter: QueryCounter, page: str
) -> None:
    def add(rows: int) -> int:
        for _row in range(rows):
            sent_out(app, world, "delivery", 40)
            with app.app_context(), transaction():
                person = add_person(world.act, "黄老师", "13800000000")
                answers_for(world.act, person, world.point_ids[0], world.begun_on)
        query_counter.reset()
        clerk.text(page)
        return query_counter.count

    assert add(3) == add(7)


def test_a_number_is_one_networks_own(app: Flask, world: World, clerk: Desk) -> None:
    """Two networks have a batch of the same number; each clerk opens their own."""
    other = build_world(app, "bieguan")
    sent_out(app, other, "allocation", 5)
    number = sent_out(app, world, "allocation", 5)
    assert clerk.post(f"/work/batches/{number}/arrive", happened_on=days_ago(app, world)).status_code == 303
    assert "到了，还没清点" not in clerk_of(app, other).text(f"/work/batches?q={number}").split("批次，共")[1]
