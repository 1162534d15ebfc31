"""A point's own page: its whole life on one line of time, and what stands there by title."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.coverage.timeline import timeline
from branchnet.coverage.titles import titles_at
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Lot
from branchnet.points.life.commands import pause, rename
from branchnet.points.queries import point_on
from tests.coverage.conftest import last_month, sign_in
from tests.support.world import World


def test_everything_that_happened_the_newest_first(app: Flask, stocked: World) -> None:
    act, point_id = stocked.act, stocked.point_ids[0]
    with app.app_context():
        today, begun = act.today(), stocked.begun_on
        with transaction():
            pause(act, point_id, begun + timedelta(days=40), "装修", begun + timedelta(days=42))
            rename(act, point_id, "长岭中心小学", begun + timedelta(days=45))
            stocktaking.begin(act, stocked.place_ids[0], "count", begun + timedelta(days=50))
            back = batches.draft(act, batches.NewBatch("return", begun, None, from_place_id=stocked.place_ids[0]))
            batches.add_lines(act, back.id, [batches.NewLine(stocked.counted_lot_id, 10)])
            batches.dispatch(act, back.id, begun + timedelta(days=60))
        found = timeline(point_on([act.network_id], "CL-01", today), today)
        assert [one.on for one in found] == sorted((one.on for one in found), reverse=True)
        told = [(one.lane, one.what) for one in found]
        for expected in (
            ("life", "opened"),
            ("life", "paused"),
            ("life", "renamed"),
            ("in", "received"),
            ("out", "dispatched"),
            ("stocktake", "counting"),
            ("reading", "received"),
        ):
            assert told.count(expected) == 1, expected
        (reading,) = (one for one in found if one.what == "received" and one.lane == "reading")
        assert (reading.month, told.count(("reading", "overdue")) > 0) == (last_month(stocked), True)
        (sent,) = (one for one in found if one.lane == "in")
        assert (sent.copies, sent.other) == (100, None)


def test_a_return_is_one_step_on_the_line(app: Flask, stocked: World) -> None:
    """It carries the delivery away: the same books leave once."""
    act, place, begun = stocked.act, stocked.place_ids[0], stocked.begun_on
    with app.app_context():
        with transaction():
            new = batches.NewBatch("delivery", begun, place, due_back_on=begun + timedelta(days=30))
            sent = batches.draft(act, new)
            batches.add_lines(act, sent.id, [batches.NewLine(stocked.counted_lot_id, 20)])
            batches.dispatch(act, sent.id, begun)
            batches.receive(act, sent.id, begun)
            new = batches.NewBatch("return", begun, None, from_place_id=place, settles_id=sent.id)
            back = batches.draft(act, new)
            batches.add_lines(act, back.id, [batches.NewLine(stocked.counted_lot_id, 20)])
            batches.dispatch(act, back.id, begun + timedelta(days=20))
            number = sent.number
            batches.receive(act, back.id, begun + timedelta(days=20))
        assert db.session.get_one(Batch, sent.id).collected_on is not None
        found = timeline(point_on([act.network_id], "CL-01", act.today()), act.today())
        (gone,) = (one for one in found if one.lane == "out")
        assert (gone.kind, gone.what, gone.copies, gone.note) == ("return", "dispatched", 20, number)


def test_titles_with_counted_lots_and_copies_together(app: Flask, stocked: World) -> None:
    act, place = stocked.act, stocked.place_ids[0]
    with app.app_context():
        with transaction():
            db.session.query(Lot).where(Lot.id == stocked.serial_lot_ids[0]).update({"title": "故事书一批"})
            batch = batches.draft(act, batches.NewBatch("allocation", stocked.begun_on, place))
            batches.add_lines(act, batch.id, [batches.NewLine(lot, 1) for lot in stocked.serial_lot_ids[:3]])
            batches.dispatch(act, batch.id, stocked.begun_on)
            batches.receive(act, batch.id, stocked.begun_on)
        rows, count = titles_at(act.network_id, place, 1, 2)
        assert [(one.title, one.copies, one.barcoded) for one in rows] == [("故事书一批", 101, 1), ("小人书 02", 1, 1)]
        assert count == 3
        assert [one.title for one in titles_at(act.network_id, place, 2, 2)[0]] == ["小人书 03"]
        assert db.session.scalar(select(Lot.quality).where(Lot.id == stocked.counted_lot_id)) == rows[0].quality


def test_on_the_page_with_a_drawing_and_the_same_as_a_list(app: Flask, client: FlaskClient, stocked: World) -> None:
    manager = sign_in(app, client, stocked.manager_login)
    path = "/manage/points/CL-01"
    html = manager.get(path).text
    said = re.sub(r"<[^>]*>|\s", "", html)
    assert "从总馆来，100册" in said
    assert "故事书一批0100" in said
    assert html.count('class="mark-down"') == 1
    assert html.count('class="mark-bar"') == 1
    assert 'href="/work/points/CL-01/books.xlsx?network=shiyan"' in html
    assert manager.get(f"{path}?page=7&titles=9").status_code == 200
