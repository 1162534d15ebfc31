"""A batch short of many books by name: its differences a page at a time."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.blueprints.staff import differing
from branchnet.extensions import db, transaction
from branchnet.models import Discrepancy
from tests.pages.desk import Desk, days_ago
from tests.support.queries import QueryCounter
from tests.support.world import World

SHOWN, MISSING = 3, 7


@pytest.fixture
def batch(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a batch of which one copy came and seven did not; three differences are a page."""
    monkeypatch.setattr(differing, "SHOWN", SHOWN)
    with app.app_context(), transaction():
        made = batches.draft(world.act, NewBatch("allocation", world.begun_on, world.place_ids[0]))
        lots = world.serial_lot_ids[: MISSING + 1]
        batches.add_lines(world.act, made.id, [NewLine(lot_id) for lot_id in lots])
        batches.dispatch(world.act, made.id, world.begun_on)
        batches.receive_scanned(world.act, made.id, world.begun_on, world.barcodes[:1], note="淋湿了", complete=True)
        return f"/work/batches/{made.number}"


def _missing(clerk: Desk, address: str) -> list[str]:
    """The barcodes' last digits of the books that a page asks about."""
    return re.findall(r"散放，《小人书 (\d\d)》", clerk.text(address))


def test_they_stand_a_page_at_a_time(clerk: Desk, batch: str) -> None:
    first = clerk.text(batch)
    assert "未结的差异 7 条" in first
    assert "第 1 页，共 3 页" in first
    found = [number for page in ("", "?page=2", "?page=3") for number in _missing(clerk, batch + page)]
    assert found == [f"{number:02}" for number in range(2, MISSING + 2)]
    # A page that is no more, for others have ended theirs, is the last one.
    assert _missing(clerk, f"{batch}?page=9") == ["08"]


def test_whoever_ends_one_stays_on_its_page(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    with app.app_context():
        last = db.session.scalars(select(Discrepancy.id).order_by(Discrepancy.id.desc())).first()
    refused = clerk.post(f"{batch}/differences/{last}/resolve", resolution="", happened_on=days_ago(app, world))
    assert refused.status_code == 422
    # The form comes back with what was wrong, whatever page one would begin with.
    assert "《小人书 08》" in refused.text
    assert "field-wrong" in refused.text
    form = f"{batch}/differences/{(last or 0) - 1}/resolve?page=3"
    ended = clerk.post(form, resolution="found", happened_on=days_ago(app, world))
    assert (ended.status_code, ended.location) == (303, f"{batch}?page=3")


def test_more_of_them_cost_no_more_questions(
    clerk: Desk, batch: str, query_counter: QueryCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.text(batch)
    query_counter.reset()
    clerk.text(batch)
    few = query_counter.count
    monkeypatch.setattr(differing, "SHOWN", MISSING)
    query_counter.reset()
    clerk.text(batch)
    assert query_counter.count == few


def _open_ids(app: Flask) -> list[int]:
    with app.app_context():
        query = select(Discrepancy.id).where(Discrepancy.closed_on.is_(None)).order_by(Discrepancy.id)
        return list(db.session.scalars(query))


def test_ticked_ones_end_at_once(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    """Of every page of them, with one day and one reason."""
    found = _open_ids(app)
    assert clerk.get(batch).text.count('name="case"') == MISSING
    sent = {"resolution": "lost", "happened_on": days_ago(app, world), "reason": "路上散了箱"}
    ended = clerk.post(f"{batch}/differences/resolve", case=found[2:], **sent)
    assert (ended.status_code, ended.location) == (303, batch)
    assert _open_ids(app) == found[:2]
    assert "路上散了箱" in clerk.text(f"/work/cases/{found[2]}")


def test_one_that_cannot_end_is_named_and_none_ends(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    found = _open_ids(app)
    sent = {"happened_on": days_ago(app, world), "reason": "找过了"}
    clerk.post(f"{batch}/differences/{found[0]}/resolve", resolution="found", **sent)
    refused = clerk.post(f"{batch}/differences/resolve", case=found, resolution="lost", **sent)
    assert refused.status_code == 409
    assert f"《小人书 02》{world.barcodes[1]}：这条差异已经有人结案了。" in refused.text
    assert _open_ids(app) == found[1:]
    # What was ticked and typed is kept.
    assert refused.text.count(" checked>") == MISSING - 1
    assert "找过了" in refused.text
    nothing = clerk.post(f"{batch}/differences/resolve", resolution="lost", **sent)
    assert "没有勾选任何差异。" in nothing.text
