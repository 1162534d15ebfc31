"""Chasing: words with a teacher's own link, words for the group without any, what was sent, and the rates."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.access.commands import answers_for
from branchnet.access.sessions import DEVICE_COOKIE
from branchnet.batches import commands as batches
from branchnet.calendar.rules import bounds, month_of, previous_month
from branchnet.extensions import db, transaction
from branchnet.language import month_name
from branchnet.models import Chase, ServicePoint
from branchnet.points.commands import NewPoint, open_point
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.pages.desk import Desk, sit_down, words
from tests.support.queries import QueryCounter
from tests.support.world import World


@pytest.fixture
def month(app: Flask, world: World) -> str:
    """The month that is over."""
    with app.app_context():
        return previous_month(month_of(world.act.today()))


def test_a_teacher_is_sent_their_own_link_and_it_is_recorded(app: Flask, world: World, clerk: Desk, month: str) -> None:
    page = clerk.get("/work/readings/missing").text
    assert f"/t/{world.token}" in page
    assert "长岭小学流动服务点" in page
    form = {"month": month, "kind": "message", "person": str(world.teacher_id)}
    assert clerk.post(f"/work/readings/missing?month={month}", **form).status_code == 303
    assert "发过 1 次" in clerk.text("/work/readings/missing")
    with app.app_context():
        row = db.session.scalars(select(Chase)).one()
        assert (row.month, row.kind, row.person_id) == (month, "message", world.teacher_id)


def test_the_group_is_sent_no_token_and_opens_the_right_form(app: Flask, world: World, clerk: Desk, month: str) -> None:
    page = clerk.get("/work/readings/missing").text
    group = re.search(r'id="n-group"[^>]*>([^<]*)<', page)
    assert group is not None
    assert "/t/" not in group[1]
    link = re.search(r"https?://[^/\s]+(/my\?\S+)", unescape(group[1]))
    assert link is not None
    assert clerk.post("/work/readings/missing", month=month, kind="group").status_code == 303
    assert "还没有发过" not in clerk.text("/work/readings/missing")
    phone = app.test_client()
    phone.get(f"/t/{world.token}")
    assert phone.get_cookie(DEVICE_COOKIE)
    opened = phone.get(link[1])
    assert opened.status_code == 303
    assert str(opened.location).startswith(f"/my/{world.point_codes[0]}/report/{month}")
    stranger = app.test_client().get(link[1])
    assert stranger.status_code == 404
    assert world.token not in stranger.text


def test_the_group_hears_nothing_of_a_month_that_all_have_reported(
    app: Flask, world: World, clerk: Desk, month: str
) -> None:
    with app.app_context(), transaction():
        for point_id in world.point_ids:
            submit_month(world.act, point_id, month, Report(in_school_visits=3), Sent("link"))
    page = clerk.get(f"/work/readings/missing?month={month}")
    assert 'id="n-group"' not in page.text
    assert "不用发到群里" in words(page)
    assert f"/t/{world.token}" in page.text, "what lies before it is still chased, teacher by teacher"


def test_a_teacher_is_listed_with_the_months_that_are_missing(
    app: Flask, world: World, clerk: Desk, month: str
) -> None:
    with app.app_context():
        one = previous_month(month)
        for _ in range(12):
            with transaction():
                submit_month(world.act, world.point_ids[0], one, Report(in_school_visits=3), Sent("link"))
            one = previous_month(one)
        missing = month_name(month)
    assert f"缺 {missing}，" in clerk.text("/work/readings/missing")


def test_a_stay_that_is_missing_is_asked_for_by_its_days(app: Flask, world: World, clerk: Desk, month: str) -> None:
    first, last = bounds(month)
    with app.app_context(), transaction():
        new = NewPoint("S-1", "送书小学", "delivery_school", world.begun_on, "primary_school", opened_on=world.begun_on)
        school = open_point(world.act, new)
        place_id = db.session.get_one(ServicePoint, school).place_id
        batch = batches.draft(world.act, batches.NewBatch("delivery", first, place_id))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 20)])
        for step in (batches.dispatch, batches.receive):
            step(world.act, batch.id, first)
        batches.collect(world.act, batch.id, last)
        number = batch.number
    assert f"送书小学 送书 {number}" in clerk.text("/work/readings/missing")
    with app.app_context(), transaction():
        answers_for(world.act, world.teacher_id, school, world.begun_on)
    page = clerk.text("/work/readings/missing")
    assert "缺 1 次送书的数" in page
    assert f"送书期间的数还没收到，请点您自己的链接报一下，一分钟就好： 送书小学：{first} 到 {last}" in page


def test_what_is_wrong_is_said_and_nothing_is_recorded(app: Flask, clerk: Desk, month: str) -> None:
    assert clerk.post("/work/readings/missing", month="x", kind="message", person="1").status_code == 422
    assert clerk.post("/work/readings/missing", month=month, kind="message", person="999999").status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Chase)).all() == []


def test_the_rates_count_what_is_owed(app: Flask, world: World, clerk: Desk, month: str) -> None:
    before = clerk.text("/work/readings/rates")
    assert "合计 2 0 0.0% 0 0.0%" in before
    with app.app_context(), transaction():
        submit_month(world.act, world.point_ids[0], month, Report(in_school_visits=3), Sent("link"))
    after = clerk.text("/work/readings/rates")
    assert "50.0%" in after
    manager = sit_down(app, world.manager_login, world.password)
    assert "上报率和及时率" in manager.text("/work/readings/rates")
    assert manager.get("/work/readings/missing").status_code == 403


def test_all_reported_says_so(app: Flask, world: World, clerk: Desk, month: str) -> None:
    with app.app_context():
        one = month
        for _ in range(13):
            for point_id in world.point_ids:
                with transaction():
                    submit_month(world.act, point_id, one, Report(in_school_visits=3), Sent("link"))
            one = previous_month(one)
    assert "都报了" in clerk.text("/work/readings/missing")


def test_the_pages_ask_a_fixed_number_of_questions(clerk: Desk, query_counter: QueryCounter) -> None:
    for path, most in (("/work/readings/missing", 24), ("/work/readings/rates", 24)):
        query_counter.reset()
        assert words(clerk.get(path))
        assert query_counter.count <= most, (path, query_counter.count)
