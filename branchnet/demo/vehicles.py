"""The demo's vehicle and its trips: each day on which batches left in the last months was one trip."""

from __future__ import annotations

from datetime import date
from functools import partial

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.access.operations import Outcome
from branchnet.calendar.rules import month_of, previous_month
from branchnet.demo.events import operation_id
from branchnet.demo.recorder import Recorder
from branchnet.demo.stage import FOUNDED
from branchnet.demo.world import Network
from branchnet.extensions import db
from branchnet.models import Batch
from branchnet.trips.commands import TripAsked, add_vehicle, write_trip

PLATES = {"zhanjiang": "粤G·演001", "hongshan": "蒙D·演001", "changping": "京A·演001"}
"""Plates that no vehicle can have."""
MOBILE_LIBRARY = "流动图书车"
CARRIED = ("allocation", "delivery")
KM_FIRST, KM_MORE = 38, 17
"""How far a trip of the demo is (公里), and how much farther with each further batch."""


def drive(network: Network, today: date, record: Recorder) -> None:
    """Put the vehicle into service on the network's first day, and write its trips of this month and the one before."""
    vehicle = record.do(
        operation_id(network.code, "vehicle"), "vehicle", FOUNDED, lambda act: _vehicle(act, network.code)
    )
    for day, batch_ids in _days(record.network_id, today):
        asked = TripAsked(
            day,
            vehicle["vehicle_id"],
            km=KM_FIRST + KM_MORE * (len(batch_ids) - 1),
            note="演示",
            batch_ids=batch_ids,
        )
        key = operation_id(network.code, "trip", day.isoformat())
        record.do(key, "trip", day, partial(_trip, asked=asked))


def _vehicle(act: Act, code: str) -> Outcome:
    return {"vehicle_id": add_vehicle(act, PLATES[code], MOBILE_LIBRARY, True, FOUNDED)}


def _trip(act: Act, asked: TripAsked) -> Outcome:
    return {"trip": write_trip(act, asked)}


def _days(network_id: int, today: date) -> list[tuple[date, list[int]]]:
    """The days on which batches left since the first of last month, with their batches."""
    since = date.fromisoformat(f"{previous_month(month_of(today))}-01")
    rows = db.session.execute(
        select(Batch.dispatched_on, Batch.id)
        .where(Batch.network_id == network_id, Batch.kind.in_(CARRIED), Batch.dispatched_on >= since)
        .order_by(Batch.dispatched_on, Batch.id)
    ).all()
    db.session.rollback()
    found: dict[date, list[int]] = {}
    for day, batch_id in rows:
        if day is not None:
            found.setdefault(day, []).append(batch_id)
    return list(found.items())
