"""A teacher's link, points, readings and receipts, as a phone gets them."""

import logging
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from branchnet.access.commands import answers_for, make_link, renew_link, revoke_link
from branchnet.access.sessions import DEVICE_COOKIE
from branchnet.batches import commands as batches
from branchnet.calendar.commands import grant_exception, lock_through
from branchnet.calendar.rules import month_of, next_month, previous_month
from branchnet.extensions import db, transaction
from branchnet.models import (
    Batch,
    BatchEvent,
    Device,
    Discrepancy,
    Network,
    OperationConflict,
    PointOpenness,
    ReadingRevision,
)
from branchnet.points.queries import central_place
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from branchnet.stock.queries import copies_at
from tests.support.pages import form_with, send, words
from tests.support.queries import QueryCounter
from tests.support.world import COPIES, COUNTED, World

NUMBERS = {"in_school_visits": "1474", "in_school_loans": "268", "community_visits": "0", "community_loans": ""}


@pytest.fixture
def phone(client: FlaskClient, world: World) -> FlaskClient:
    """A phone on which the teacher has opened the link."""
    assert client.get(f"/t/{world.token}").status_code == 303
    return client


@pytest.fixture
def form(world: World) -> str:
    """Where the first point reports its first month."""
    return f"/my/{world.point_codes[0]}/report/{month_of(world.begun_on)}"


def _revisions(app: Flask) -> list[ReadingRevision]:
    with app.app_context():
        return list(db.session.scalars(select(ReadingRevision).order_by(ReadingRevision.id)))


def _today(app: Flask, world: World) -> date:
    with app.app_context():
        return world.act.today()


# --- the link ------------------------------------------------------------------------------------


def test_the_token_leaves_the_address_at_once(
    app: Flask, client: FlaskClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.get(f"/t/{world.token}")
        page = client.get("/my", follow_redirects=True)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/my?in={world.slug}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(DEVICE_COOKIE)]
    assert "HttpOnly" in cookie
    assert "Max-Age=34560000" in cookie
    assert "Path=/" in cookie
    for told in (answer.text, cookie, page.text, caplog.text):
        assert world.token not in told


def test_a_failure_does_not_write_the_token_down(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("branchnet.blueprints.teacher_links.open_on_device", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get(f"/t/{world.token}")
    assert answer.status_code == 500
    assert "the disk is full" in caplog.text
    assert world.token not in caplog.text
    assert world.token not in answer.text


def test_opening_it_again_is_the_same_device_and_a_new_phone_another(
    app: Flask, phone: FlaskClient, world: World
) -> None:
    assert phone.get(f"/t/{world.token}").status_code == 303
    app.test_client().get(f"/t/{world.token}", headers={"User-Agent": "Android 12 MicroMessenger/8.0"})
    with app.app_context():
        assert db.session.scalars(select(Device.label).order_by(Device.id)).all() == ["?", "Android, WeChat"]


def test_a_revoked_link_opens_nothing_on_any_device(app: Flask, phone: FlaskClient, world: World) -> None:
    with app.app_context(), transaction():
        revoke_link(world.act, world.teacher_id)
    assert "请从您的专用链接进" in phone.get("/my").text
    answer = app.test_client().get(f"/t/{world.token}")
    assert answer.status_code == 404
    assert "这个链接用不了了" in answer.text
    assert world.token not in answer.text


def test_a_renewed_link_ends_the_old_one_and_its_devices(app: Flask, phone: FlaskClient, world: World) -> None:
    with app.app_context(), transaction():
        fresh = renew_link(world.act, world.teacher_id)
    assert phone.get(f"/my/{world.point_codes[0]}").status_code == 404
    assert phone.get(f"/t/{world.token}").status_code == 404
    assert phone.get(f"/t/{fresh}").status_code == 303
    assert phone.get(f"/my/{world.point_codes[0]}").status_code == 200
    with app.app_context(), transaction():
        assert make_link(world.act, world.teacher_id) == fresh


@pytest.mark.parametrize("page", ["", "/report/2026-01", "/receipt/1", "/receive/26-001", "/stay/26-001"])
def test_without_the_link_a_clean_address_says_where_it_is(client: FlaskClient, world: World, page: str) -> None:
    answer = client.get(f"/my/{world.point_codes[0]}{page}")
    assert answer.status_code == 404
    assert "请从您的专用链接进" in answer.text


def test_a_point_of_somebody_else_is_not_found(app: Flask, phone: FlaskClient, world: World) -> None:
    foreign, month = world.point_codes[1], month_of(world.begun_on)
    for page in ("", f"/report/{month}", "/receipt/1", "/receive/26-001", "/stay/26-001"):
        told = phone.get(f"/my/{foreign}{page}")
        assert told.status_code == 404
        assert "雷州分馆" not in told.text
    typed = form_with(phone.get(f"/my/{world.point_codes[0]}/report/{month}"), "in_school_visits")
    assert phone.post(f"/my/{foreign}/report/{month}", data={**typed, **NUMBERS}).status_code == 404
    assert _revisions(app) == []


# --- the points ----------------------------------------------------------------------------------


def test_one_point_is_opened_at_once_and_several_are_listed(app: Flask, phone: FlaskClient, world: World) -> None:
    assert phone.get("/my").headers["Location"] == f"/my/{world.point_codes[0]}"
    assert 'href="/my"' not in phone.get(f"/my/{world.point_codes[0]}").text
    with app.app_context(), transaction():
        answers_for(world.act, world.teacher_id, world.point_ids[1], world.begun_on)
    listed = phone.get("/my")
    assert all(f'href="/my/{code}"' in listed.text for code in world.point_codes)
    assert 'href="/my"' in phone.get(f"/my/{world.point_codes[0]}").text


def test_the_list_of_points_leads_to_months_that_stayed_behind(app: Flask, phone: FlaskClient, world: World) -> None:
    left = next_month(month_of(world.begun_on))
    with app.app_context(), transaction():
        answers_for(world.act, world.teacher_id, world.point_ids[1], world.begun_on)
        month = month_of(world.act.today())
        while (month := previous_month(month)) >= month_of(world.begun_on):
            if month != left:
                submit_month(world.act, world.point_ids[0], month, Report(in_school_visits=1), Sent("link"))
    first, second = world.point_codes
    listed = phone.get("/my").text
    assert f"/my/{first}/report/{left}" in listed, "one month: its form"
    assert f"/my/{second}/report/{left}" not in listed, "several: the list on the point's page"
    assert "个月过期还没报" in listed


def test_the_list_goes_back_to_the_opening_and_asks_for_the_month_before(phone: FlaskClient, world: World) -> None:
    page = phone.get(f"/my/{world.point_codes[0]}").text
    begun = month_of(world.begun_on)
    assert f"/report/{begun}" in page
    assert f"/report/{previous_month(begun)}" not in page


@pytest.mark.parametrize("month", ["2026-13", "202601", "2019-01", "9999-01", "abc", "2026-1"])
def test_a_month_that_cannot_be_reported_is_not_found(phone: FlaskClient, world: World, month: str) -> None:
    answer = phone.get(f"/my/{world.point_codes[0]}/report/{month}")
    assert answer.status_code == 404
    assert "这个月没有数要报" in words(answer)


def test_the_statements_do_not_grow_with_months_points_or_boxes(
    app: Flask, phone: FlaskClient, world: World, query_counter: QueryCounter
) -> None:
    address = f"/my/{world.point_codes[0]}"
    with app.app_context(), transaction():
        answers_for(world.act, world.teacher_id, world.point_ids[1], world.begun_on)
    _dispatch(app, world, [5], _today(app, world))
    counts = []
    for _time in range(2):
        for page in ("/my", address):
            query_counter.reset()
            assert phone.get(page).status_code == 200
            counts.append(query_counter.count)
        send(phone, f"{address}/report/{month_of(world.begun_on)}", "in_school_visits", **NUMBERS)
        send(phone, f"{address}/report/{next_month(month_of(world.begun_on))}", "not_open=1")
        _dispatch(app, world, [5, 5, 5], _today(app, world))
    assert counts[:2] == counts[2:]


# --- the month -----------------------------------------------------------------------------------


def test_empty_zero_and_not_counted_are_kept_apart(app: Flask, phone: FlaskClient, form: str) -> None:
    receipt = send(phone, form, "in_school_visits", **NUMBERS, days_open="１8", note="停电三天")
    assert receipt.status_code == 303
    (row,) = _revisions(app)
    kept = (row.in_school_visits, row.in_school_loans, row.community_visits, row.community_loans, row.days_open)
    assert kept == (1474, 268, 0, None, 18)
    assert (row.not_open, row.note, row.channel, row.outcome) == (False, "停电三天", "link", "applied")
    page = words(phone.get(receipt.headers["Location"]))
    assert row.receipt in page
    assert "1,474" in page
    assert "没数" in page


def test_not_open_is_neither_zero_nor_empty(app: Flask, phone: FlaskClient, form: str) -> None:
    receipt = send(phone, form, "not_open=1")
    (row,) = _revisions(app)
    assert row.not_open
    assert (row.in_school_visits, row.community_loans, row.days_open) == (None, None, None)
    assert "没有开放" in phone.get(receipt.headers["Location"]).text


def test_the_same_form_twice_is_one_revision_and_one_receipt(app: Flask, phone: FlaskClient, form: str) -> None:
    typed = {**form_with(phone.get(form), "in_school_visits"), **NUMBERS}
    first, second = phone.post(form, data=typed), phone.post(form, data=typed)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert len(_revisions(app)) == 1


def test_the_same_id_with_other_numbers_is_flagged_and_nothing_typed_is_lost(
    app: Flask, phone: FlaskClient, form: str
) -> None:
    typed = {**form_with(phone.get(form), "in_school_visits"), **NUMBERS}
    phone.post(form, data=typed)
    again = phone.post(form, data={**typed, "in_school_visits": "1500", "note": "数错了"})
    assert again.status_code == 409
    assert "第一次的已经记下" in words(again)
    assert 'value="1500"' in again.text
    assert "数错了</textarea>" in again.text
    with app.app_context():
        flagged = db.session.scalars(select(OperationConflict)).one()
        assert flagged.body["in_school_visits"] == 1500
    assert [row.in_school_visits for row in _revisions(app)] == [1474]
    fields = form_with(again, "in_school_visits")
    assert fields["op_id"] != typed["op_id"]
    assert phone.post(form, data={**fields, "note": "数错了"}).status_code == 303
    assert [row.in_school_visits for row in _revisions(app)] == [1474, 1500]


def test_each_button_has_an_id_of_its_own_and_each_opening_new_ones(phone: FlaskClient, form: str) -> None:
    buttons = ("in_school_visits", "not_open=1")
    ids = [form_with(phone.get(form), button)["op_id"] for _time in range(2) for button in buttons]
    assert len(set(ids)) == 4


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("in_school_visits", "abc", "请填整数，没有统计就留空。"),
        ("in_school_visits", "85册", "请填整数，没有统计就留空。"),
        ("in_school_visits", "-1", "请填整数，没有统计就留空。"),
        ("in_school_loans", "1.5", "请填整数，没有统计就留空。"),
        ("in_school_loans", "十二", "请填整数，没有统计就留空。"),
        ("community_visits", "99999999", "这个数太大了，请检查是否多打了一位。"),
        ("community_visits", "9" * 5000, "这个数太大了，请检查是否多打了一位。"),
        ("days_open", "32", "开放天数不能超过这个月的天数。"),
        ("note", "长" * 201, "备注最多 200 个字。"),
        ("note", "找我 138 0013 8000", "这里不能写电话或身份证号，请删去后再交。"),
        ("note", "４４０８０１２０１０１２３１００１X", "这里不能写电话或身份证号，请删去后再交。"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_with_all_that_was_typed(
    app: Flask, phone: FlaskClient, form: str, field: str, typed: str, told: str
) -> None:
    answer = send(phone, form, "in_school_visits", **{**NUMBERS, "community_loans": "7", field: typed})
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert answer.text.count('class="field-error"') == 1
    assert told in words(answer)
    assert typed in answer.text
    assert 'value="7"' in answer.text
    assert _revisions(app) == []


def test_units_are_taken_as_they_are_typed(app: Flask, phone: FlaskClient, form: str) -> None:
    typed = {
        "in_school_visits": "1,260人次",
        "in_school_loans": "８５册",
        "community_visits": "30 人",
        "days_open": "22天",
    }
    assert send(phone, form, "in_school_visits", **typed).status_code == 303
    [row] = _revisions(app)
    assert (row.in_school_visits, row.in_school_loans, row.community_visits, row.days_open) == (1260, 85, 30, 22)


def test_all_that_is_wrong_is_told_at_once(phone: FlaskClient, form: str) -> None:
    answer = send(phone, form, "in_school_visits", in_school_visits="abc", days_open="40", note="13800138000")
    assert answer.text.count('class="field-error"') == 3


def test_a_form_without_its_id_keeps_nothing(app: Flask, phone: FlaskClient, form: str) -> None:
    answer = send(phone, form, "in_school_visits", **NUMBERS, op_id="")
    assert answer.status_code == 422
    assert "这个页面不完整" in answer.text
    assert _revisions(app) == []


def test_the_form_begins_with_what_holds_and_shows_last_months_numbers(phone: FlaskClient, form: str) -> None:
    send(phone, form, "in_school_visits", **NUMBERS)
    fields = form_with(phone.get(form), "in_school_visits")
    assert (fields["in_school_visits"], fields["community_visits"], fields["community_loans"]) == ("1474", "0", "")
    assert fields["based_on"] == "1"
    after = phone.get(form.rsplit("/", 1)[0] + "/" + next_month(form.rsplit("/", 1)[1]))
    assert "上月 1,474" in after.text
    assert form_with(after, "in_school_visits")["based_on"] == ""


def test_what_was_sent_against_an_older_revision_waits_for_the_library(
    app: Flask, phone: FlaskClient, form: str
) -> None:
    stale = {**form_with(phone.get(form), "in_school_visits"), **NUMBERS}
    send(phone, form, "in_school_visits", **NUMBERS)
    receipt = phone.post(form, data={**stale, "op_id": "another-phone", "in_school_visits": "1400"})
    assert "这份先放在馆里，等工作人员看过再用。" in phone.get(receipt.headers["Location"]).text
    assert [row.held_reason for row in _revisions(app)] == [None, "stale"]
    assert form_with(phone.get(form), "in_school_visits")["in_school_visits"] == "1400"


def test_a_locked_month_says_so_before_and_after(app: Flask, phone: FlaskClient, world: World, form: str) -> None:
    with app.app_context(), transaction():
        lock_through(world.act, month_of(world.begun_on))
    assert "这个月已经封账" in phone.get(form).text
    receipt = send(phone, form, "in_school_visits", **NUMBERS)
    assert "这份先放在馆里" in phone.get(receipt.headers["Location"]).text
    assert [row.held_reason for row in _revisions(app)] == ["locked"]
    assert "等馆里看" in phone.get(f"/my/{world.point_codes[0]}").text


def test_a_locked_month_with_an_exception_is_reported_like_any(
    app: Flask, phone: FlaskClient, world: World, form: str
) -> None:
    month = month_of(world.begun_on)
    with app.app_context(), transaction():
        lock_through(world.act, month)
        grant_exception(world.act, month, world.point_ids[0], "老师住院", world.act.today())
    assert "这个月已经封账" not in phone.get(form).text
    receipt = send(phone, form, "in_school_visits", **NUMBERS)
    assert "这份先放在馆里" not in phone.get(receipt.headers["Location"]).text
    assert [row.held_reason for row in _revisions(app)] == [None]


def test_a_point_closed_to_its_neighbours_is_not_asked_about_them(
    app: Flask, phone: FlaskClient, world: World, form: str
) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(PointOpenness).values(open_to_community=False))
    assert "community_visits" not in phone.get(form).text
    receipt = send(phone, form, "in_school_visits", **NUMBERS)
    assert _revisions(app)[0].community_visits is None
    assert "校外" not in phone.get(receipt.headers["Location"]).text


def test_a_receipt_of_another_network_is_not_found(app: Flask, phone: FlaskClient, world: World, form: str) -> None:
    receipt = send(phone, form, "in_school_visits", **NUMBERS).headers["Location"]
    assert phone.get(receipt).status_code == 200
    assert phone.get(receipt[:-1] + "9").status_code == 404


# --- boxes ---------------------------------------------------------------------------------------


def _dispatch(app: Flask, world: World, boxes: list[int], day: date, kind: str = "allocation", point: int = 0) -> str:
    """Send counted copies, so many in each box, to a point. Returns the batch's number."""
    with app.app_context(), transaction():
        batch = batches.draft(world.act, batches.NewBatch(kind, day, to_place_id=world.place_ids[point]))
        for copies in boxes:
            box = batches.open_box(world.act, batch.id)
            batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies, box.number)])
        batches.dispatch(world.act, batch.id, day)
        return batch.number


def _batch(app: Flask, number: str) -> Batch:
    with app.app_context():
        return db.session.scalars(select(Batch).where(Batch.number == number)).one()


def _at_the_point(app: Flask, world: World) -> int:
    with app.app_context():
        return copies_at(world.network_id, world.place_ids).get(world.place_ids[0], 0)


def _after(phone: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303
    return words(phone.get(answer.headers["Location"]))


def test_boxes_arrive_are_counted_one_short_and_the_library_knows(app: Flask, phone: FlaskClient, world: World) -> None:
    number = _dispatch(app, world, [100, 50], _today(app, world))
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    assert "馆里知道箱子到了" in _after(phone, send(phone, page, "action=arrived"))
    assert "到了，还没清点" in phone.get(f"/my/{world.point_codes[0]}").text
    assert _at_the_point(app, world) == 0
    said = _after(phone, send(phone, page, "box-1", action="count", **{"box-1": "99", "word": "第 1 箱少了一本"}))
    assert "收下了 149 册。少了 1 册，馆里已经知道，会来问清楚。" in said
    assert _at_the_point(app, world) == 149
    assert _batch(app, number).state == "received"
    with app.app_context():
        case = db.session.scalars(select(Discrepancy)).one()
        assert (case.kind, case.quantity, case.note) == ("short", 1, "第 1 箱少了一本")


def test_all_is_there_and_sent_twice_it_is_taken_in_once(app: Flask, phone: FlaskClient, world: World) -> None:
    number = _dispatch(app, world, [30], _today(app, world))
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    typed = form_with(phone.get(page), "action=confirm")
    assert "收下了 30 册。" in _after(phone, phone.post(page, data=typed))
    assert "收下了 30 册。" in _after(phone, phone.post(page, data=typed))
    assert _at_the_point(app, world) == 30
    assert _batch(app, number).state == "closed"
    with app.app_context():
        events = select(BatchEvent).join(Batch, Batch.id == BatchEvent.batch_id).where(Batch.number == number)
        assert len(db.session.scalars(events.where(BatchEvent.step == "received")).all()) == 1
    assert "这一批已经收下了。" in phone.get(page, follow_redirects=True).text


def test_a_box_left_empty_stays_on_the_road(app: Flask, phone: FlaskClient, world: World) -> None:
    number = _dispatch(app, world, [30, 20], _today(app, world))
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    said = _after(phone, send(phone, page, "box-1", action="count", **{"box-1": "31", "box-2": ""}))
    assert "收下了 31 册。多了 1 册，馆里已经知道，会来问清楚。还有 1 箱没有清点。" in said
    assert _at_the_point(app, world) == 30
    assert "box-1" not in phone.get(page).text
    assert form_with(phone.get(page), "box-2")["box-2"] == ""


def test_loose_copies_are_counted_as_one(app: Flask, phone: FlaskClient, world: World) -> None:
    with app.app_context(), transaction():
        day = world.act.today()
        batch = batches.draft(world.act, batches.NewBatch("allocation", day, to_place_id=world.place_ids[0]))
        for barcode in world.barcodes[:5]:
            batches.add_copy(world.act, batch.id, barcode)
        batches.dispatch(world.act, batch.id, day)
        number = batch.number
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    assert "共 5 册" in phone.get(page).text
    assert "少了 1 册" in _after(phone, send(phone, page, "copies", action="count", copies="4"))
    with app.app_context():
        assert db.session.scalars(select(Discrepancy)).one().lot_id is None


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"box-1": "abc"}, "f-box-1-error"),
        ({"box-1": "-1"}, "f-box-1-error"),
        ({"box-1": "99999999"}, "f-box-1-error"),
        ({"word": "打 13800138000"}, "f-word-error"),
        ({"box-1": "", "box-2": ""}, "请至少写一箱的册数。"),
        ({"op_id": ""}, "这个页面不完整"),
    ],
)
def test_a_count_that_cannot_be_keeps_what_was_typed(
    app: Flask, phone: FlaskClient, world: World, typed: dict[str, str], where: str
) -> None:
    number = _dispatch(app, world, [30, 20], _today(app, world))
    page = f"/my/{world.point_codes[0]}/receive/{number}"
    answer = send(phone, page, "box-1", action="count", **{"word": "少了两本", **typed})
    assert answer.status_code == 422
    assert where in answer.text
    assert (typed.get("word") or "少了两本") in answer.text
    assert _batch(app, number).state == "dispatched"
    assert _at_the_point(app, world) == 0


def test_a_batch_of_another_point_or_not_sent_yet_is_not_found(app: Flask, phone: FlaskClient, world: World) -> None:
    foreign = _dispatch(app, world, [30], _today(app, world), point=1)
    with app.app_context(), transaction():
        new = batches.NewBatch("allocation", world.act.today(), to_place_id=world.place_ids[0])
        draft = batches.draft(world.act, new).number
    for number in (foreign, draft, "26-999"):
        assert phone.get(f"/my/{world.point_codes[0]}/receive/{number}").status_code == 404
    with app.app_context():
        shelf = central_place(world.network_id, "shelf")
        assert copies_at(world.network_id, [shelf]) == {shelf: COPIES + COUNTED - 30}


# --- stays ---------------------------------------------------------------------------------------


def test_a_delivery_that_was_fetched_is_reported_on_the_same_form(app: Flask, phone: FlaskClient, world: World) -> None:
    today = _today(app, world)
    number = _dispatch(app, world, [40], today - timedelta(days=30), kind="delivery")
    page = f"/my/{world.point_codes[0]}/stay/{number}"
    with app.app_context(), transaction() as session:
        batch_id = session.scalars(select(Batch.id).where(Batch.number == number)).one()
        batches.receive(world.act, batch_id, today - timedelta(days=29))
    assert phone.get(page).status_code == 404
    with app.app_context(), transaction():
        batches.collect(world.act, batch_id, today)
    assert page in phone.get(f"/my/{world.point_codes[0]}").text
    receipt = send(phone, page, "in_school_visits", in_school_visits="321", days_open="31")
    assert receipt.status_code == 422
    receipt = send(phone, page, "in_school_visits", in_school_visits="321", days_open="30")
    assert f"批次 {number}" in words(phone.get(receipt.headers["Location"]))
    assert f'href="{page}"' in phone.get(receipt.headers["Location"]).text
    assert form_with(phone.get(page), "in_school_visits")["based_on"] == "1"
    assert "过期还没报" not in _stays_part(phone.get(f"/my/{world.point_codes[0]}").text)


def _stays_part(page: str) -> str:
    return page.split("送来过的书", 1)[1].split("其他各月", 1)[0]


def test_a_held_stay_does_not_mark_its_month_as_held(app: Flask, phone: FlaskClient, world: World) -> None:
    today = _today(app, world)
    number = _dispatch(app, world, [40], world.begun_on, kind="delivery")
    with app.app_context(), transaction() as session:
        batch_id = session.scalars(select(Batch.id).where(Batch.number == number)).one()
        batches.receive(world.act, batch_id, world.begun_on + timedelta(days=1))
        batches.collect(world.act, batch_id, world.begun_on + timedelta(days=20))
        session.execute(update(Network).values(locked_through=previous_month(month_of(today))))
    page = f"/my/{world.point_codes[0]}"
    send(phone, f"{page}/stay/{number}", "in_school_visits", in_school_visits="5")
    text = phone.get(page).text
    assert "等馆里看" in _stays_part(text)
    assert "等馆里看" not in text.split("其他各月", 1)[1]
