"""A year as a county library's notebook has it, school by school: its sums are those of the published report."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.demo.files import points, rows
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchLine, ServicePoint
from branchnet.points.commands import NewPoint, lay_places, open_point
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import NewLot
from tests.pages.desk import Desk, sit_down, words

BEGUN = date(2024, 12, 31)
SHELF = 32_000
KINDS = ("allocation", "delivery", "return")
DAYS = {
    "sent_on": "dispatched",
    "received_on": "received",
    "collected_on": "collected",
    "counted_in_on": "counted_in",
    "scanned_on": "scanned",
    "restocked_on": "restocked",
}
"""What the form calls a day, and what the notebook does."""

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def library(app: Flask) -> Act:
    """A library that counts: one heap of books on the shelf, its points, and a clerk."""
    with app.app_context(), transaction():
        founding = Act(access.found_network("zj", "湛江市少年儿童图书馆", BEGUN).id)
        lay_places(founding)
        clerk = access.add_person(founding, "林管理员")
        access.give_account(founding, clerk, "zj-clerk", "a-long-password", ["clerk"])
        act = Act(founding.network_id, clerk)
        for point in points():
            if point.network == "zhanjiang":
                open_point(act, NewPoint(point.code, point.name, point.kind, BEGUN, opened_on=BEGUN))
        batches.take_in(act, "opening", [NewLot("未编目的图书", SHELF)], BEGUN)
        return act


def notebook() -> list[dict[str, str]]:
    """What was sent and came back in the report's year, each school's page to its end before the next."""
    told = [row for row in rows("batches.csv") if row["network"] == "zhanjiang" and row["kind"] in KINDS]
    year = [row for row in told if row["dispatched"].startswith("2025")]
    return sorted(year, key=lambda row: (row["to_place"], row["dispatched"]))


def as_typed(row: dict[str, str]) -> dict[str, Any]:
    """A page of the notebook as the form takes it."""
    point = row["from_place"] if row["kind"] == "return" else row["to_place"]
    days = {field: row[name] for field, name in DAYS.items() if row[name]}
    copies = str(int(row["barcoded"]) + int(row["counted"]))
    # What a branch gives back that stood there before records began was in no book yet.
    before = {"from_before": "1"} if row["kind"] == "return" else {}
    return {"to": point, "kind": row["kind"], "copies": copies, **days, **before}


def test_the_years_notebook_adds_up_to_its_report(app: Flask, library: Act) -> None:
    desk: Desk = sit_down(app, "zj-clerk", "a-long-password")
    for row in notebook():
        answer = desk.post("/work/log", **as_typed(row))
        assert answer.status_code == 303, (row, words(answer))
    with app.app_context():
        sent, largest = sums(library)
        assert sent["branch"] == 21_239
        assert sent["mobile_point"] == 2_000
        assert sent["delivery"] == 7_690
        assert sent["return"] == 6_000
        assert largest == {"雷州分馆": 3_300}
        assert len([row for row in notebook() if row["kind"] == "delivery"]) == 10
        assert violations(library.network_id) == []
        shelf = central_place(library.network_id, "shelf")
        assert copies_at(library.network_id, [shelf]) == {shelf: SHELF - 21_239 - 2_000 + 6_000}
        db.session.remove()


def sums(act: Act) -> tuple[Counter[str], dict[str, int]]:
    """Copies (册) sent by what they were sent as, allocations by the kind of point; and what went to 雷州分馆."""
    kinds = {point.code: point.kind for point in points()}
    names = {point.code: point.name for point in points()}
    found: Counter[str] = Counter()
    largest = {}
    for kind, code, copies in db.session.execute(
        select(Batch.kind, ServicePoint.code, func.sum(BatchLine.quantity))
        .join(BatchLine, BatchLine.batch_id == Batch.id)
        .outerjoin(ServicePoint, ServicePoint.place_id == Batch.to_place_id)
        .where(Batch.network_id == act.network_id, Batch.kind.in_(KINDS), Batch.settles_id.is_(None))
        .group_by(Batch.id, Batch.kind, ServicePoint.code)
    ):
        found[kinds[code] if kind == "allocation" else kind] += int(copies)
        if code and names[code] == "雷州分馆":
            largest[names[code]] = int(copies)
    return found, largest


def test_six_thousand_come_back_to_the_shelf_counted_in_scanned_and_restocked(app: Flask, library: Act) -> None:
    """What 徐闻 gives back: three presses, three numbers side by side, and the shelf has them again."""
    desk: Desk = sit_down(app, "zj-clerk", "a-long-password")
    row = next(row for row in notebook() if row["kind"] == "return")
    sent = {"to": row["from_place"], "kind": "allocation", "copies": "6000", "sent_on": "2025-01-06"}
    assert desk.post("/work/log", **sent).status_code == 303
    page = desk.text(f"/work/points/{row['from_place']}/return")
    assert "还在那里的书，按送去的批次 6,000 册" in page
    with app.app_context():
        number = db.session.scalars(select(Batch.number).where(Batch.kind == "allocation")).one()
        db.session.remove()
    begun = {"batches": [number], "happened_on": row["dispatched"], "how": "counted", "copies": "6000"}
    answer = desk.post(f"/work/points/{row['from_place']}/return", **begun)
    back = str(answer.location)
    assert desk.post(f"{back}/scan", happened_on=row["scanned"] or row["dispatched"]).status_code == 303
    assert (
        desk.post(f"{back}/restock", happened_on=row["restocked"] or row["dispatched"], copies="6000").status_code
        == 303
    )
    page = desk.text(back)
    for told in ("归还 6,000 册", "过电脑 6,000 册", "入库 6,000 册"):
        assert told in page, told
    assert "这里没有书要收" in desk.text(f"/work/points/{row['from_place']}/return")
    with app.app_context():
        shelf = central_place(library.network_id, "shelf")
        assert copies_at(library.network_id, [shelf]) == {shelf: SHELF}
        assert violations(library.network_id) == []
        db.session.remove()
