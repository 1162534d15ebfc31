#!/usr/bin/env python3
"""Two clerks send the same copies at the same moment, again and again: one of them gets them, the other is told.

Each round drafts two batches with the same copies and sends both from two threads, each with a connection of its own.
Exactly one must be sent; the other must be refused with every copy named, and each where it is: on the winner's road.
Then what must always hold in the ledger is checked, the winner's batch is cancelled, and the copies are on the shelf
for the next round. The last line is JSON; the exit code is 0 only where all is well.
"""

# ruff: noqa: E402 - the packages are found only once .venv runs this
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import _engines

_engines.begin()

import argparse
import json
import os
import tempfile
import threading
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from branchnet import create_app
from branchnet.access.acts import Act
from branchnet.access.commands import add_person, found_network
from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.config import from_environment
from branchnet.errors import BranchNetError, CopiesElsewhere
from branchnet.extensions import db, transaction
from branchnet.models import Batch, ServicePoint
from branchnet.points.commands import NewPoint, lay_places, open_point
from branchnet.stock.rules import NewLot

BEGUN, DAY = date(2026, 1, 1), date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Stage:
    """A network, two clerks, a point each, and the copies that both want."""

    app: Flask
    clerks: tuple[Act, Act]
    points: tuple[int, int]
    lots: list[int]


def main() -> int:
    """Make the parts, run the rounds, print the figures."""
    options = _options()
    engine = "postgresql" if options.postgresql else "sqlite"
    figures: dict[str, Any] = {"engine": engine, "rounds": options.rounds, "copies": options.copies}
    figures |= {"won_by_one": 0, "told_all": 0, "violations": 0}
    with ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(prefix="branchnet-faults-")))
        os.environ["BRANCHNET_ENV"] = "testing"
        os.environ["BRANCHNET_DATABASE_URL"] = _engines.database(engine, folder, parts)
        app = create_app(from_environment())
        parts.enter_context(app.app_context())
        parts.callback(db.engine.dispose)
        parts.callback(db.session.remove)
        upgrade()
        stage = _stage(app, options.copies)
        for _ in range(options.rounds):
            _round(stage, figures)
    figures["ok"] = figures["won_by_one"] == figures["told_all"] == options.rounds and not figures["violations"]
    print(json.dumps(figures))
    return 0 if figures["ok"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Two clerks send the same copies at once.")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--copies", type=int, default=500)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not SQLite")
    return parser.parse_args()


def _stage(app: Flask, copies: int) -> Stage:
    with transaction():
        network_id = found_network("clerks", "试验图书馆", BEGUN).id
        founding = Act(network_id)
        lay_places(founding)
        first, second = (Act(network_id, add_person(founding, name)) for name in ("林管理员", "何管理员"))
        opened = [open_point(first, NewPoint(code, f"{code} 分馆", "branch", BEGUN)) for code in ("F01", "F02")]
        here, there = (db.session.get_one(ServicePoint, point_id).place_id for point_id in opened)
        lots = [NewLot(f"少年读物 {n}", barcode=f"44080000{n:06}") for n in range(copies)]
        taken = batches.take_in(first, "accession", lots, BEGUN)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return Stage(app, (first, second), (here, there), taken.lot_ids)


def _round(stage: Stage, figures: dict[str, Any]) -> None:
    drafted = [_drafted(act, point, stage.lots) for act, point in zip(stage.clerks, stage.points, strict=True)]
    results = _at_once(stage.app, list(zip(stage.clerks, drafted, strict=True)))
    sent = [result for result in results if isinstance(result, dict)]
    refused = [result for result in results if isinstance(result, CopiesElsewhere)]
    figures["won_by_one"] += int(len(sent) == len(refused) == 1)
    if len(sent) == len(refused) == 1:
        road = db.session.get_one(Batch, sent[0]["batch"]).transit_place_id
        told = {lot["lot_id"]: {one.place_id for one in lot["now"].places} for lot in refused[0].data["lots"]}
        # A refusal names two hundred copies at most: the rest of the list would help nobody.
        whole = told.keys() <= set(stage.lots) and len(told) == min(len(stage.lots), 200)
        figures["told_all"] += int(whole and all(places == {road} for places in told.values()))
    figures["violations"] += len(violations(stage.clerks[0].network_id))
    db.session.rollback()
    for act, batch_id in zip(stage.clerks, drafted, strict=True):
        with transaction():
            batches.cancel(act, batch_id, DAY, "下一轮")


def _drafted(act: Act, point: int, lots: list[int]) -> int:
    with transaction():
        batch = batches.draft(act, batches.NewBatch("allocation", DAY, point))
        batches.add_lines(act, batch.id, [batches.NewLine(lot_id) for lot_id in lots])
        return batch.id


def _at_once(app: Flask, sendings: list[tuple[Act, int]]) -> list[Any]:
    """Both at the same moment, each on a connection of its own; what each returned or raised."""
    barrier = threading.Barrier(len(sendings))
    results: list[Any] = [None] * len(sendings)

    def send(number: int, act: Act, batch_id: int) -> None:
        def effect() -> dict[str, Any]:
            batches.dispatch(act, batch_id, DAY)
            return {"batch": batch_id}

        with app.app_context():
            barrier.wait()
            try:
                results[number] = perform(act, uuid.uuid4().hex, "dispatch", {"batch": batch_id}, effect)
            except BranchNetError as error:
                results[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send, args=(number, *sending)) for number, sending in enumerate(sendings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


if __name__ == "__main__":
    sys.exit(main())
