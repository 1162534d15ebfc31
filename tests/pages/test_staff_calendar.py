"""The calendar's pages: a usual year is adjusted and saved, months are closed with what is missing in sight."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.calendar.rules import bounds
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, CalendarPeriod, LockException, Network
from branchnet.readings.closing import closable
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.pages.desk import Desk, days_ago, words
from tests.support.queries import QueryCounter
from tests.support.world import World

MONTHS = {"min_open_days": "8", "report_by_day": "6", "remind_on_day": "2", "closes_on_day": "12"}
LINE = r"(\d{4}年\d+月) (\d+) (\d+) (\d+) (\d+)"


def offered(page: str) -> dict[str, str]:
    """What the form of a school year begins with."""
    fields = re.findall(r'name="((?:name|first_on|last_on)_\d)" type="\w+" value="([^"]*)"', page)
    assert len(fields) == 15
    return dict(fields)


def test_a_usual_year_is_adjusted_and_saved_whole(app: Flask, world: World, clerk: Desk) -> None:
    assert "校历还是空的" in clerk.text("/work/calendar")
    year = offered(clerk.get("/work/calendar/year?from=2026").text)
    assert (year["name_0"], year["first_on_1"]) == ("2026-2027学年", "2026-09-01")
    year |= {"last_on_1": "2027-01-24", "first_on_2": "2027-01-25"}
    wrong = clerk.post("/work/calendar/year", **{**year, "last_on_3": "2026-01-01", "from": "2026"})
    assert wrong.status_code == 422
    assert "结束的日子早于开始的日子" in words(wrong)
    assert 'value="2027-01-24"' in wrong.text
    assert clerk.post("/work/calendar/year", **year).status_code == 303
    page = clerk.text("/work/calendar")
    for told in ("2026-2027学年", "2027年寒假 寒暑假 所有学校 2027-01-25", "2026-2027学年第一学期"):
        assert told in page, told
    twice = clerk.post("/work/calendar/year", **year)
    assert twice.status_code == 409
    assert "“2026-2027学年”和已有的“2026-2027学年”（2026-09-01 到 2027-08-31）重叠" in words(twice)
    with app.app_context():
        assert len(db.session.scalars(select(CalendarPeriod)).all()) == 5


def test_a_holiday_is_added_put_right_and_removed(clerk: Desk) -> None:
    new = {"kind": "holiday", "name": "幼儿园寒假", "first_on": "2027-01-20", "last_on": "2027-02-10"}
    assert clerk.post("/work/calendar", **new, host="kindergarten").status_code == 303
    page = clerk.get("/work/calendar").text
    assert "幼儿园寒假" in page
    path = re.findall(r'action="(/work/calendar/periods/\d+)"', page)[0]
    changed = {"name": "幼儿园寒假", "first_on": "2027-01-22", "last_on": "2027-01-21"}
    assert "结束的日子早于开始的日子" in words(clerk.post(path, **changed))
    assert clerk.post(path, **{**changed, "last_on": "2027-02-10"}).status_code == 303
    assert "2027-01-22" in clerk.text("/work/calendar")
    assert clerk.post(f"{path}/remove").status_code == 303
    assert "校历还是空的" in clerk.text("/work/calendar")


def test_the_days_of_the_months_are_set_by_who_writes(app: Flask, world: World, clerk: Desk, manager: Desk) -> None:
    assert clerk.post("/work/calendar/months", **MONTHS).status_code == 303
    assert "下一次自动封账" in clerk.text("/work/calendar")
    early = clerk.post("/work/calendar/months", **{**MONTHS, "closes_on_day": "6"})
    assert "封账要晚于及时的那天" in words(early)
    assert "请填 1 到 28 号" in words(clerk.post("/work/calendar/months", **{**MONTHS, "remind_on_day": "31"}))
    assert clerk.post("/work/calendar/months", **{**MONTHS, "closes_on_day": ""}).status_code == 303
    assert "现在是手动封账" in manager.text("/work/calendar")
    assert "存好规定" not in manager.text("/work/calendar")
    assert manager.post("/work/calendar/months", **MONTHS).status_code == 403
    with app.app_context():
        assert db.session.scalars(select(Network.min_open_days).where(Network.id == world.network_id)).one() == 8
        assert len(db.session.scalars(select(AuditRecord).where(AuditRecord.action == "network.months")).all()) == 2


def test_what_is_missing_is_seen_before_a_month_is_closed(
    app: Flask, world: World, manager: Desk, clerk: Desk, ago: Callable[[int], str]
) -> None:
    last = ago(1)
    with app.app_context():
        with transaction():
            submit_month(world.act, world.point_ids[0], last, Report(in_school_visits=3), Sent("link"))
            submit_month(world.act, world.point_ids[1], last, Report(in_school_visits=3), Sent("link"))
            submit_month(world.act, world.point_ids[1], last, Report(in_school_visits=4), Sent("link"))
        with transaction():
            day = bounds(last)[0]
            batch = batches.draft(world.act, batches.NewBatch("allocation", day, world.place_ids[0]))
            for copies in (3, 4):
                box = batches.open_box(world.act, batch.id)
                batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies, box.number)])
            batches.dispatch(world.act, batch.id, day)
            stay = batches.draft(world.act, batches.NewBatch("delivery", day, world.place_ids[1]))
            batches.add_lines(world.act, stay.id, [batches.NewLine(world.counted_lot_id, 5)])
            for step in (batches.dispatch, batches.receive, batches.collect):
                step(world.act, stay.id, day)
    rows = re.findall(LINE, manager.text("/work/closing"))
    assert len(rows) == 12
    # Points that owe the month, deliveries fetched and not reported, what waits, boxes on the road: there, and back.
    assert rows[-1][1:] == ("0", "1", "1", "3")
    assert rows[-2][1:] == ("2", "0", "0", "0")
    to_whom = f"/work/readings?year={ago(2)[:4]}"
    assert f'href="{to_whom}"' in clerk.get("/work/closing").text
    assert "长岭小学流动服务点" in clerk.text(to_whom)
    assert "封到哪个月" not in clerk.text("/work/closing")
    assert clerk.post("/work/closing", month=last).status_code == 403
    assert manager.post("/work/closing", month=ago(0)).status_code == 422
    assert manager.post("/work/closing", month=ago(2)).status_code == 303
    assert len(re.findall(LINE, manager.text("/work/closing"))) == 1
    assert "已经封账" in words(manager.post("/work/closing", month=ago(3)))


def test_an_exception_is_granted_shown_and_ended(
    app: Flask, world: World, manager: Desk, clerk: Desk, ago: Callable[[int], str]
) -> None:
    assert manager.post("/work/closing", month=ago(1)).status_code == 303
    asked = {"month": ago(2), "point": world.point_codes[0], "reason": "老师住院", "ends_on": days_ago(app, world, -5)}
    assert clerk.post("/work/closing/exceptions", **asked).status_code == 403
    for wrong, said in (
        ({"reason": ""}, "请填写这一项"),
        ({"ends_on": days_ago(app, world, 1)}, "这一天已经过了"),
        ({"point": "nowhere"}, "请从列表里选"),
        ({"month": ago(0)}, "还没有封账"),
    ):
        assert said in words(manager.post("/work/closing/exceptions", **{**asked, **wrong}))
    assert manager.post("/work/closing/exceptions", **asked).status_code == 303
    assert "已经有同样的例外" in words(manager.post("/work/closing/exceptions", **asked))
    page = clerk.text("/work/closing")
    for told in ("长岭小学流动服务点", "老师住院", asked["ends_on"], "周馆长"):
        assert told in page
    with app.app_context():
        exception_id = db.session.scalars(select(LockException.id)).one()
    assert clerk.post(f"/work/closing/exceptions/{exception_id}/end").status_code == 403
    assert manager.post(f"/work/closing/exceptions/{exception_id}/end").status_code == 303
    assert "结束了的例外，最近 1 个" in clerk.text("/work/closing")
    assert "已经结束了" in words(manager.post(f"/work/closing/exceptions/{exception_id}/end"))


def test_the_months_that_may_be_closed() -> None:
    today = date(2026, 6, 15)
    assert closable("2026-03", today) == ["2026-04", "2026-05"]
    assert closable("2026-05", today) == []
    assert (closable(None, today)[0], len(closable(None, today))) == ("2025-06", 12)
    assert len(closable("2020-01", today)) == 24


@pytest.mark.parametrize("path", ["/work/calendar", "/work/closing"])
def test_the_pages_cost_a_handful_of_statements(
    app: Flask, world: World, manager: Desk, query_counter: QueryCounter, path: str, ago: Callable[[int], str]
) -> None:
    manager.get(path)
    query_counter.reset()
    manager.get(path)
    first = query_counter.count
    with app.app_context(), transaction():
        for month in range(1, 4):
            submit_month(world.act, world.point_ids[0], ago(month), Report(in_school_visits=3), Sent("link"))
        batch = batches.draft(world.act, batches.NewBatch("allocation", world.begun_on, world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 3)])
        batches.dispatch(world.act, batch.id, world.begun_on + timedelta(days=1))
    query_counter.reset()
    manager.get(path)
    assert query_counter.count == first <= 20
