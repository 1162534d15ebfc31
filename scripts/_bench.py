"""What the programs of scripts/bench share: a network to work in, bare SQL to compare with, medians and their ratio."""

import argparse
import gc
import json
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import text

import _engines
from branchnet import clock, create_app
from branchnet.access.acts import Act
from branchnet.access.commands import add_person, found_network
from branchnet.config import from_environment
from branchnet.database import EPOCH
from branchnet.extensions import db, transaction
from branchnet.models import ServicePoint
from branchnet.points.commands import NewPoint, lay_places, open_point
from branchnet.points.queries import central_place
from branchnet.stock.rules import NewLot

BEGUN = date(2026, 1, 1)
DAY = date(2026, 3, 2)
Timed = Callable[[], Any]
Pair = tuple[float, float]
"""Seconds that ours and bare took."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """A network with a shelf, a point and somebody to act."""

    act: Act
    shelf: int
    supply: int
    workroom: int
    point: int


def run(program: str, about: str, measure: Callable[[str, int], list[Row]]) -> int:
    """Run on each engine, print a table as it grows and one line of JSON at the end."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--engine", choices=_engines.ENGINES, action="append")
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    figures: Row = {"program": program, "rounds": options.rounds, "cores": os.cpu_count(), "rows": []}
    print(f"{'engine':<12}{'what':<10}{'copies':>8}{'ours ms':>10}{'bare ms':>10}{'ratio':>8}")
    for engine in options.engine or _engines.ENGINES:
        with ExitStack() as parts:
            folder = Path(parts.enter_context(tempfile.TemporaryDirectory(prefix="branchnet-bench-")))
            os.environ["BRANCHNET_ENV"] = "testing"
            os.environ["BRANCHNET_DATABASE_URL"] = _engines.database(engine, folder, parts)
            parts.enter_context(create_app(from_environment()).app_context())
            parts.callback(db.engine.dispose)
            parts.callback(db.session.remove)
            upgrade()
            figures["rows"] += measure(engine, options.rounds)
    figures["worst"] = max(row["ratio"] for row in figures["rows"] if "ratio" in row)
    print(json.dumps(figures))
    return 0


def row_of(engine: str, what: str, copies: int, ours: list[float], bare: list[float]) -> Row:
    """Print and return the medians of what took so many seconds."""
    mine, theirs = statistics.median(ours), statistics.median(bare)
    row = {
        "engine": engine,
        "what": what,
        "copies": copies,
        "ours_ms": round(mine * 1000, 1),
        "bare_ms": round(theirs * 1000, 1),
        "ratio": round(mine / theirs, 2),
    }
    print(f"{engine:<12}{what:<10}{copies:>8,}{row['ours_ms']:>10}{row['bare_ms']:>10}{row['ratio']:>8}", flush=True)
    return row


def new_stage() -> Stage:
    """Found the network."""
    with transaction():
        network_id = found_network("bench", "试验图书馆", BEGUN).id
        lay_places(Act(network_id))
        act = Act(network_id, add_person(Act(network_id), "林管理员"))
        point_id = open_point(act, NewPoint("F01", "雷州分馆", "branch", BEGUN, opened_on=BEGUN))
        point = db.session.get_one(ServicePoint, point_id).place_id
        central = (central_place(network_id, kind) for kind in ("shelf", "supply", "workroom"))
        return Stage(act, *central, point)


def copies_of(copies: int) -> list[NewLot]:
    """So many barcoded copies that no round before had."""
    run = uuid.uuid4().hex[:10]
    return [NewLot(f"少年读物 {n % 400}", barcode=f"{run}{n:06}", author="集体", price_fen=2500) for n in range(copies)]


def refresh_statistics() -> None:
    """What autovacuum does within a minute; without it PostgreSQL plans for empty tables."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def bare_move(stage: Stage, batch_id: int, start: int, end: int) -> Timed:
    """An entry, its moves with who made them, the holdings debited and credited."""
    values = values_of(stage, batch_id, start, end)
    return lambda: at_once(
        values,
        ENTRY,
        f"{MOVES} l.lot_id, l.serial, :start, :end, l.quantity, :day, :now, :person, 'bare' FROM batch_lines l"
        " WHERE l.network_id = :network AND l.batch_id = :batch",
        "UPDATE holdings SET quantity = holdings.quantity - m.quantity, last_on = :day FROM moves m"
        " WHERE m.network_id = :network AND m.entry_id = :entry AND holdings.network_id = :network"
        " AND holdings.place_id = :start AND holdings.lot_id = m.lot_id",
        CREDIT,
    )


ENTRY = (
    "INSERT INTO entries (network_id, verb, batch_id, happened_on, posted_on, recorded_at, recorded_by)"
    " VALUES (:network, 'bare', :batch, :day, :day, :now, :person) RETURNING id"
)
MOVES = (
    "INSERT INTO moves (network_id, entry_id, batch_id, lot_id, serial, from_place_id, to_place_id, quantity,"
    " occurred_on, recorded_at, recorded_by, reason) SELECT :network, :entry, :batch,"
)
CREDIT = (
    "INSERT INTO holdings (network_id, place_id, keeps, lot_id, serial, quantity, last_on)"
    " SELECT :network, :end, true, lot_id, serial, quantity, :day FROM moves"
    " WHERE network_id = :network AND entry_id = :entry"
    " ON CONFLICT (network_id, place_id, lot_id) DO UPDATE SET quantity = holdings.quantity + excluded.quantity,"
    " last_on = excluded.last_on"
)


def values_of(stage: Stage, batch_id: int, start: int, end: int) -> Row:
    """What the statements are told."""
    now = clock.now()
    sqlite = db.engine.dialect.name == "sqlite"
    return {
        "network": stage.act.network_id,
        "person": stage.act.person_id,
        "batch": batch_id,
        "start": start,
        "end": end,
        "day": DAY.toordinal() - EPOCH,
        "now": now.replace(tzinfo=None).isoformat(" ") if sqlite else now,
    }


def at_once(values: dict[str, Any], entry: str, *statements: str, before: Callable[[Any], None] | None = None) -> None:
    """One transaction; the statements know the entry's id."""
    with db.engine.begin() as connection:
        if before is not None:
            before(connection)
        known = {**values, "entry": connection.execute(text(entry), values).scalar_one()}
        for statement in statements:
            connection.execute(text(statement), known)


def in_turn(turn: int, ours: Timed, bare: Timed) -> Pair:
    """Seconds that ours took and bare took: every other turn bare goes first, so that neither always finds the
    other's caches warm or its write-ahead log to clear away.
    """
    if turn % 2:
        theirs = _seconds(bare)
        return _seconds(ours), theirs
    return _seconds(ours), _seconds(bare)


def _seconds(call: Timed) -> float:
    # What was made ready leaves garbage, and only ours makes enough objects to have it collected in its time.
    gc.collect()
    begun = time.perf_counter()
    call()
    took = time.perf_counter() - begun
    db.session.remove()
    return took


def apart(pairs: list[Pair]) -> tuple[list[float], list[float]]:
    """Ours and bare, each for itself."""
    return [ours for ours, _bare in pairs], [bare for _ours, bare in pairs]
