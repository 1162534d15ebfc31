"""The published figures come out of the ledger and the readings, by query."""

import csv
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet.extensions import db
from branchnet.models import (
    Batch,
    Entry,
    Lot,
    Move,
    PointEnrolment,
    PointKind,
    PointName,
    PointOpenness,
    Reading,
    ServicePoint,
)
from branchnet.stock.queries import differences
from tests.demo import asked

ROWS = {
    row["id"]: row
    for row in csv.DictReader(Path(__file__).with_name("facts.csv").read_text(encoding="utf-8").splitlines())
}
ZHANJIANG, HONGSHAN = "zhanjiang", "hongshan"
CHANGLING = "廉江长岭小学流动服务点"
OPENED_2025 = ServicePoint.opened_on.between(asked.FIRST, asked.LAST)

pytestmark = pytest.mark.usefixtures("demo")


def fact(name: str) -> int:
    return int(ROWS[name]["value"])


def test_branches_got_21239_copies_and_leizhou_3300_of_them_in_one_batch() -> None:
    assert asked.copies_sent(ZHANJIANG, ["allocation"], PointKind.kind == "branch") == fact("Z01")
    leizhou = Batch.to_place_id == asked.place(ZHANJIANG, "雷州分馆")
    assert asked.copies_sent(ZHANJIANG, ["allocation"], leizhou) == fact("Z02")
    assert asked.copies_sent(ZHANJIANG, ["allocation"], leizhou, Lot.serial.is_(True)) == fact("Z02")
    (batch,) = asked.batches_sent(ZHANJIANG, ["allocation"], leizhou)
    assert batch.source == "report"
    assert asked.copies_moved(batch, "receive") == fact("Z02")


def test_changling_opened_with_2000_copies_that_stand_beside_the_21239() -> None:
    (point,) = asked.points(ZHANJIANG, OPENED_2025)
    assert point.place_id == asked.place(ZHANJIANG, CHANGLING)
    assert f"{point.opened_on:%m-%d}" == ROWS["Z05"]["value"]
    sent = Batch.to_place_id == point.place_id
    assert asked.copies_sent(ZHANJIANG, ["allocation"], sent) == fact("Z06")
    (batch,) = asked.batches_sent(ZHANJIANG, ["allocation"], sent)
    assert batch.received_on == point.opened_on
    assert "台和书架" in (batch.note or "")


def test_one_point_opened_in_the_year_and_it_is_open_to_its_neighbours() -> None:
    opened = asked.points(ZHANJIANG, OPENED_2025)
    assert len(opened) == fact("Z04")
    openness = select(PointOpenness.open_to_community).where(
        PointOpenness.network_id == opened[0].network_id, PointOpenness.point_id == opened[0].id
    )
    assert db.session.scalars(openness).all() == [True]


def test_ten_deliveries_brought_7690_copies_to_six_schools() -> None:
    deliveries = asked.batches_sent(ZHANJIANG, ["delivery"])
    assert len(deliveries) == fact("Z15")
    assert len({batch.to_place_id for batch in deliveries}) == fact("Z13")
    assert asked.copies_sent(ZHANJIANG, ["delivery"]) == fact("Z16")
    assert sum(asked.copies_moved(batch, "receive") for batch in deliveries) == fact("Z16")
    assert all(batch.collected_on and batch.collected_on < date(2025, 7, 1) for batch in deliveries)


def test_nothing_else_left_the_shelf_in_the_report_year() -> None:
    kinds = ["allocation", "delivery", "rotation", "withdrawal"]
    assert asked.copies_sent(ZHANJIANG, kinds) == fact("Z01") + fact("Z06") + fact("Z16")


def test_the_special_school_had_420_copies_for_a_day() -> None:
    (point,) = asked.points(ZHANJIANG, PointKind.host == "special_school")
    (delivery,) = asked.batches_sent(ZHANJIANG, ["delivery"], Batch.to_place_id == point.place_id)
    assert asked.copies_moved(delivery, "dispatch") == fact("Z19")
    assert delivery.dispatched_on == delivery.received_on == delivery.collected_on
    pupils = select(PointEnrolment.pupils).where(
        PointEnrolment.network_id == point.network_id, PointEnrolment.point_id == point.id
    )
    assert db.session.scalars(pupils).all() == [fact("Z20")]


def test_xuwen_returned_6000_copies_counted_in_scanned_and_restocked() -> None:
    xuwen = Batch.from_place_id == asked.place(ZHANJIANG, "徐闻分馆")
    (batch,) = asked.batches_sent(ZHANJIANG, ["return"], xuwen)
    steps = [asked.event(batch, step) for step in ("counted_in", "scanned", "restocked")]
    assert [step.copies for step in steps] == [fact("Z03")] * 3
    assert [asked.copies_moved(batch, reason) for reason in ("scan", "restock")] == [fact("Z03")] * 2
    days = [step.happened_on for step in steps]
    assert days == sorted(set(days))
    assert asked.quality_sent(ZHANJIANG, ["return"], xuwen) == "exact"
    first = select(func.min(Move.id)).where(Move.network_id == batch.network_id).group_by(Move.lot_id)
    began = select(Batch.kind).join(Move, (Move.network_id == Batch.network_id) & (Move.batch_id == Batch.id))
    returned = select(Move.lot_id).where(Move.network_id == batch.network_id, Move.batch_id == batch.id)
    kinds = db.session.scalars(began.where(Move.id.in_(first), Move.lot_id.in_(returned)).distinct()).all()
    assert kinds == ["opening"]


def test_changling_reported_what_was_published() -> None:
    windows, *numbers = asked.reported(ZHANJIANG, ServicePoint.place_id == asked.place(ZHANJIANG, CHANGLING))
    assert windows == 11
    assert numbers == [fact("Z08"), fact("Z09"), fact("Z10"), fact("Z11")]


def test_ten_stays_were_visited_6679_times() -> None:
    stays, visits, *_ = asked.reported(ZHANJIANG, Reading.window_kind == "stay")
    assert (stays, visits) == (fact("Z15"), fact("Z17"))
    assert ROWS["Z18"]["value"] == f"{stays}/{visits}"


def test_every_point_of_the_report_year_reported_use() -> None:
    reported = select(Reading.point_id).where(Reading.month.between("2025-01", "2025-12"), Reading.current_id > 0)
    silent = asked.points(
        ZHANJIANG,
        PointKind.kind != "delivery_school",
        ServicePoint.opened_on <= asked.LAST,
        ServicePoint.id.not_in(reported),
    )
    assert silent == []


def test_hongshan_opened_eight_branches_on_one_day() -> None:
    opened = asked.points(HONGSHAN, OPENED_2025, PointKind.kind == "branch")
    assert len(opened) == fact("H01")
    assert {f"{point.unveiled_on:%m-%d}" for point in opened} == {ROWS["H07"]["value"]}
    township = asked.points(HONGSHAN, OPENED_2025, PointName.name.startswith("红庙子"))
    assert len(township) == fact("H02")
    assert len(opened) - len(township) == fact("H03")


def test_hongshan_sent_at_least_4900_copies_to_the_eight_and_8000_in_all() -> None:
    assert asked.copies_sent(HONGSHAN, ["allocation"], OPENED_2025) == fact("H05")
    assert asked.copies_sent(HONGSHAN, ["allocation"]) == fact("H06")
    assert asked.quality_sent(HONGSHAN, ["allocation"]) == "at_least"
    assert asked.quality_sent(ZHANJIANG, ["allocation", "delivery"]) == "exact"


def test_opening_stock_is_in_no_figure_of_books_sent(demo: Flask) -> None:
    openings = db.session.scalars(select(Batch).where(Batch.kind == "opening")).all()
    assert len(openings) > 40
    assert all(batch.dispatched_on is None and batch.transit_place_id is None for batch in openings)
    verbs = select(Entry.verb).join(Batch, (Batch.network_id == Entry.network_id) & (Batch.id == Entry.batch_id))
    assert db.session.scalars(verbs.where(Batch.kind == "opening").distinct()).all() == ["opening"]


@pytest.mark.parametrize("slug", ["zhanjiang", "hongshan", "changping"])
def test_holdings_say_what_the_moves_say(slug: str) -> None:
    assert differences(asked.network_id(slug)) == []
