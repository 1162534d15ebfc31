"""What a random history stands on: a network with books, one door for every command, and what always holds."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import func, select

from branchnet import clock
from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.queries.worth import OTHERS, assets_of_network, gifts_at_points
from branchnet.errors import BranchNetError
from branchnet.extensions import db, transaction
from branchnet.models import (
    Batch,
    BatchEvent,
    BatchGoods,
    BatchLine,
    BatchScan,
    Box,
    Compensation,
    Discrepancy,
    Disposal,
    DisposalLine,
    Entry,
    Exchange,
    FileList,
    FoundItem,
    HandOver,
    Holding,
    LockException,
    Lot,
    Move,
    Operation,
    Person,
    PointEvent,
    PointName,
    PointPause,
    Repair,
    ServicePoint,
    Settlement,
    StayAnswer,
    StayEnd,
    Stocktake,
    StocktakeCount,
    StocktakeCrossing,
    Wish,
)
from branchnet.points.agreements import Terms, agree
from branchnet.points.commands import NewPoint, lay_places, open_point
from branchnet.points.queries import central_place
from branchnet.stock.queries import differences
from branchnet.stock.rules import NewLot

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
FIRST = date(2026, 1, 1)
FIRST_LOCKABLE = FIRST + timedelta(days=15)
"""Once the story has come so far, its first month is closed."""
SENT = ("received", "closed")
LEDGER = (Move, Entry, Holding, BatchEvent, BatchGoods, BatchLine, Box, Discrepancy, Operation, Lot, Batch)
TABLES = (
    *LEDGER,
    *(StayAnswer, Wish),
    LockException,
    Exchange,
    *(PointEvent, PointName, PointPause),
    *(FileList, ServicePoint, Person),
    BatchScan,
    Settlement,
    StayEnd,
    Stocktake,
    StocktakeCount,
    StocktakeCrossing,
    FoundItem,
    *(Compensation, Repair, Disposal, DisposalLine),
    HandOver,
)


class Ledger(RuleBasedStateMachine):
    """A network and its first books. A refusal must leave nothing behind."""

    def __init__(self, app: Flask, tally: Counter[str]) -> None:
        super().__init__()
        self.tally = tally
        self.context = app.app_context()
        self.context.push()
        self.clock = clock.at(NOON)
        self.clock.__enter__()
        self.checked = False
        """Whether all that stands was looked at since it last changed: a refusal leaves nothing new to look at."""
        self.done: list[tuple[str, str, dict[str, Any], Any]] = []
        self.born: dict[int, int] = {}
        self.there: set[str] = set()
        self.barcodes = 0
        self.handed = 0
        """How often somebody tried to hand a point over: then there is another network to look at."""

    def teardown(self) -> None:
        db.session.rollback()
        db.session.remove()
        self.clock.__exit__(None, None, None)
        self.context.pop()

    @initialize()
    def begin(self) -> None:
        with transaction():
            network = access.found_network(f"n{uuid.uuid4().hex[:12]}", "试验馆", FIRST)
            self.act = Act(network.id)
            lay_places(self.act)
            stranger = access.found_network(f"s{uuid.uuid4().hex[:12]}", "邻馆", FIRST)
            self.stranger = Act(stranger.id)
            lay_places(self.stranger)
            codes = ("A", "B", "C")
            points = [NewPoint(code, f"{code}校", "branch", FIRST, opened_on=FIRST) for code in codes]
            ids = [open_point(self.act, point) for point in points]
            shelf = central_place(self.act.network_id, "shelf")
            self.places = [shelf, *(db.session.get_one(ServicePoint, point_id).place_id for point_id in ids)]
            agree(self.act, ids[0], Terms("协1", FIRST, signed_on=FIRST, allowance_permille=400))
        self.today = FIRST + timedelta(days=7)
        self.lockable = FIRST_LOCKABLE
        for place in self.places[:2]:
            self.do("opening", {}, lambda place=place: self._take_in("opening", FIRST, 5, 20, place))
        for kind, ends in (("delivery", (0, 1)), ("return", (0, 0))):
            self.send_batch(kind, 0, ends, [(0, 1), (1, 1), (5, 9)], 1)
        self.prepare_batch()

    def two_places(self, start: int, end: int) -> tuple[int, int]:
        """Where a batch goes, and where from: two different places."""
        first = start % len(self.places)
        return self.places[(first + 1 + end % (len(self.places) - 1)) % len(self.places)], self.places[first]

    def ends_of(self, kind: str, start: int, end: int) -> tuple[int, int]:
        """Where a batch of a kind goes, and where from; one in nine is asked for what it cannot be."""
        shelf, points = self.places[0], self.places[1:]
        if start % 9 == 8:
            return self.two_places(start, end)
        if kind == "return":
            return shelf, points[start % len(points)]
        if kind == "rotation":
            first = start % len(points)
            return points[(first + 1 + end % (len(points) - 1)) % len(points)], points[first]
        return points[end % len(points)], shelf

    def on(self, later: int) -> date:
        """The day of the next thing; the story goes on with it unless it is backdated."""
        day = max(FIRST, self.today + timedelta(days=later))
        self.today = min(max(self.today, day), NOON.date() - timedelta(days=1))
        return min(day, self.today)

    # What a person does, through the same door as the pages.

    def do(self, verb: str, body: dict[str, Any], effect: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """Do it, or be refused and leave nothing behind. Returns what came of it; None where it was refused."""
        key, before = uuid.uuid4().hex, self.count()
        try:
            outcome = perform(self.act, key, verb, body, effect)
        except BranchNetError:
            db.session.rollback()
            assert self.count() == before, f"a refused {verb} left something behind"
            self.tally["refused"] += 1
            return None
        self.tally["done"] += 1
        self.checked = False
        self.done.append((key, verb, body, outcome))
        self.born |= dict(outcome.get("born", ()))
        for lot_id, copies in outcome.get("more", ()):
            self.born[lot_id] = self.born.get(lot_id, 0) + copies
        self.look()
        return outcome

    def look(self) -> None:
        """What there is to act on: rules ask before they are drawn."""
        rows = db.session.execute(
            select(Batch.state, Batch.kind, Batch.collected_on.is_(None), func.count(BatchLine.id), Batch.terms)
            .outerjoin(BatchLine, BatchLine.batch_id == Batch.id)
            .where(Batch.network_id == self.act.network_id)
            .group_by(Batch.id)
        ).all()
        self.there = {state if lines else f"empty {state}" for state, _kind, _out, lines, _terms in rows}
        self.there |= {f"{kind} {state}" for state, kind, *_rest in rows}
        self.there |= {
            "to collect" for state, kind, out, *_rest in rows if kind == "delivery" and out and state in SENT
        }
        self.there |= {f"{terms} given" for state, *_rest, terms in rows if state in SENT}
        open_cases = select(func.count(Discrepancy.id)).where(
            Discrepancy.network_id == self.act.network_id, Discrepancy.closed_on.is_(None)
        )
        if db.session.scalar(open_cases):
            self.there.add("difference")
        if "gift given" in self.there:
            self.assets_hold()
        db.session.rollback()

    def assets_hold(self) -> None:
        """What the network owns and what it gave away are the copies not withdrawn, neither below none.

        A gift that was handed over and back is the school's: then there is more than these.
        """
        withdrawn = central_place(self.act.network_id, "withdrawn")
        in_places = db.session.scalar(
            select(func.coalesce(func.sum(Holding.quantity), 0)).where(
                Holding.network_id == self.act.network_id, Holding.place_id != withdrawn
            )
        )
        assets, gifts = assets_of_network(self.act.network_id), gifts_at_points(self.act.network_id)
        assert assets.copies >= 0
        assert gifts.copies >= 0
        others = select(Lot.id).where(Lot.network_id == self.act.network_id, Lot.owner.in_(OTHERS))
        if db.session.execute(others.limit(1)).first() is None:
            assert assets.copies + gifts.copies == in_places

    def count(self) -> tuple[int, ...]:
        both = (self.act.network_id, self.stranger.network_id)
        mine = [
            select(func.count()).select_from(table).where(table.network_id.in_(both)).scalar_subquery()
            for table in TABLES
        ]
        return tuple(db.session.execute(select(*mine)).one())

    def some(self, table: Any, pick: int, *where: Any) -> Any:
        ids = db.session.scalars(
            select(table.id).where(table.network_id == self.act.network_id, *where).order_by(table.id)
        ).all()
        db.session.rollback()
        return ids[pick % len(ids)] if ids else 0

    def new_barcode(self) -> str:
        """One that no copy of this network has; the same whenever a history is told again."""
        self.barcodes += 1
        return f"4408{self.barcodes:06}"

    def _take_in(self, kind: str, day: date, copies: int, counted: int, place: int) -> dict[str, Any]:
        lots = [NewLot("书", barcode=self.new_barcode()) for _ in range(copies)]
        lots += [NewLot("故事", quantity=counted)] if counted else []
        taken = batches.take_in(self.act, kind, lots, day, place)
        return {"born": [[lot_id, lot.quantity] for lot_id, lot in zip(taken.lot_ids, lots, strict=True)]}

    def step(self, verb: str, command: Callable[[], Any]) -> dict[str, Any] | None:
        def effect() -> dict[str, Any]:
            command()
            return {"done": verb}

        return self.do(verb, {"verb": verb}, effect)

    def _held_at(self, place_id: int) -> list[tuple[int, bool]]:
        rows = db.session.execute(
            select(Holding.lot_id, Holding.serial)
            .where(Holding.place_id == place_id, Holding.quantity > 0)
            .order_by(Holding.lot_id)
        ).all()
        db.session.rollback()
        return [(row.lot_id, row.serial) for row in rows]

    # What holds after every step.

    @invariant()
    def ledger_holds(self) -> None:
        if not hasattr(self, "act"):
            return
        self.tally["steps"] += 1
        if self.checked:
            return
        for act in (self.act, self.stranger) if self.handed else (self.act,):
            assert violations(act.network_id) == []
            assert differences(act.network_id) == []
        db.session.rollback()

    @invariant()
    def no_copy_is_lost(self) -> None:
        """Out of supply came what was taken in, and nothing else but surplus that somebody closed a case with."""
        if not hasattr(self, "act") or self.checked:
            return
        supply = central_place(self.act.network_id, "supply")
        out = dict(
            db.session.execute(
                select(
                    Move.lot_id,
                    func.sum(Move.quantity).filter(Move.from_place_id == supply),
                )
                .where(Move.network_id == self.act.network_id, Move.reason.not_in(["surplus"]))
                .group_by(Move.lot_id)
            ).all()
        )
        db.session.rollback()
        assert {lot_id: quantity for lot_id, quantity in out.items() if quantity} == self.born
        self.checked = True
