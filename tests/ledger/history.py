"""Random histories of every command of the ledger, with refusals, replays and another network looking in."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
from flask import Flask
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from branchnet import clock
from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.calendar.commands import lock_through
from branchnet.errors import BranchNetError, NotFound, SameIdOtherBody
from branchnet.extensions import db, transaction
from branchnet.models import (
    Batch,
    BatchEvent,
    BatchLine,
    Box,
    Discrepancy,
    Entry,
    Holding,
    Lot,
    Move,
    Operation,
    ServicePoint,
)
from branchnet.points.commands import NewPoint, lay_places, open_point
from branchnet.points.queries import central_place
from branchnet.stock.queries import differences
from branchnet.stock.rules import NewLot

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 150).map(lambda days: FIRST + timedelta(days=days))
PICK = st.integers(0, 10_000)
FEW = st.integers(0, 6)
TABLES = (Move, Entry, Holding, BatchEvent, BatchLine, Box, Discrepancy, Operation, Lot, Batch)


class History(RuleBasedStateMachine):
    """One network's life, from its first books on. A refusal must leave nothing behind."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.context = app.app_context()
        self.context.push()
        self.clock = clock.at(NOON)
        self.clock.__enter__()
        self.done: list[tuple[str, str, dict[str, Any], Any]] = []
        self.born: dict[int, int] = {}

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
        self.do("opening", {}, lambda: self._take_in("opening", FIRST, 4, 12, self.places[0]))

    # What a person does, through the same door as the pages.

    def do(self, verb: str, body: dict[str, Any], effect: Callable[[], dict[str, Any]]) -> None:
        key, before = uuid.uuid4().hex, self.count()
        try:
            outcome = perform(self.act, key, verb, body, effect)
        except BranchNetError:
            db.session.rollback()
            assert self.count() == before, f"a refused {verb} left something behind"
            return
        self.done.append((key, verb, body, outcome))
        self.born |= dict(outcome.get("born", ()))

    def count(self) -> tuple[int, ...]:
        mine = [
            select(func.count()).select_from(table).where(table.network_id == self.act.network_id).scalar_subquery()
            for table in TABLES
        ]
        return tuple(db.session.execute(select(*mine)).one())

    def some(self, table: Any, pick: int, *where: Any) -> Any:
        ids = db.session.scalars(
            select(table.id).where(table.network_id == self.act.network_id, *where).order_by(table.id)
        ).all()
        db.session.rollback()
        return ids[pick % len(ids)] if ids else 0

    def _take_in(self, kind: str, day: date, copies: int, counted: int, place: int) -> dict[str, Any]:
        lots = [NewLot("书", barcode=uuid.uuid4().hex[:20]) for _ in range(copies)]
        lots += [NewLot("故事", quantity=counted)] if counted else []
        taken = batches.take_in(self.act, kind, lots, day, place)
        return {"born": [[lot_id, lot.quantity] for lot_id, lot in zip(taken.lot_ids, lots, strict=True)]}

    @rule(kind=st.sampled_from(["opening", "accession"]), day=DAYS, copies=FEW, counted=FEW, pick=PICK)
    def take_in(self, kind: str, day: date, copies: int, counted: int, pick: int) -> None:
        place = self.places[pick % len(self.places)]
        self.do("take_in", {}, lambda: self._take_in(kind, day, copies, counted, place))

    @rule(
        kind=st.sampled_from(["allocation", "delivery", "rotation", "return"]),
        day=DAYS,
        start=PICK,
        end=PICK,
    )
    def draft(self, kind: str, day: date, start: int, end: int) -> None:
        new = batches.NewBatch(kind, day, self.places[end % len(self.places)], self.places[start % len(self.places)])
        self.do("draft", {}, lambda: {"id": batches.draft(self.act, new).id})

    @rule(pick=PICK, lots=st.lists(st.tuples(PICK, st.integers(1, 5)), min_size=1, max_size=5), box=PICK)
    def add_lines(self, pick: int, lots: list[tuple[int, int]], box: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "draft")
        held = self._held_at_start_of(batch_id)
        if not held:
            return
        chosen = {held[number % len(held)]: quantity for number, quantity in lots}
        boxes = db.session.scalar(select(func.count()).select_from(Box).where(Box.batch_id == batch_id)) or 0
        db.session.rollback()
        number = (box % (boxes + 1)) or None
        lines = [
            batches.NewLine(lot_id, 1 if serial else quantity, number) for (lot_id, serial), quantity in chosen.items()
        ]
        self.do("add", {"batch": batch_id}, lambda: {"copies": batches.add_lines(self.act, batch_id, lines)})

    def _held_at_start_of(self, batch_id: int) -> list[tuple[int, bool]]:
        rows = db.session.execute(
            select(Holding.lot_id, Holding.serial)
            .join(Batch, Batch.from_place_id == Holding.place_id)
            .where(Batch.id == batch_id, Holding.network_id == self.act.network_id)
            .order_by(Holding.lot_id)
        ).all()
        db.session.rollback()
        return [(row.lot_id, row.serial) for row in rows]

    @rule(pick=PICK)
    def open_box(self, pick: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "draft")
        self.do("box", {"batch": batch_id}, lambda: {"id": batches.open_box(self.act, batch_id).id})

    @rule(pick=PICK)
    def remove_line(self, pick: int) -> None:
        line_id = self.some(BatchLine, pick)
        batch_id = db.session.scalar(select(BatchLine.batch_id).where(BatchLine.id == line_id)) or 0
        self.step("remove", lambda: batches.remove_line(self.act, batch_id, line_id))

    def step(self, verb: str, command: Callable[[], Any]) -> None:
        def effect() -> dict[str, Any]:
            command()
            return {"done": verb}

        self.do(verb, {"verb": verb}, effect)

    @rule(pick=PICK, day=DAYS, verb=st.sampled_from(["pack", "unpack", "arrive", "scan", "restock", "close"]))
    def plain_step(self, pick: int, day: date, verb: str) -> None:
        wanted = {
            "pack": ["draft"],
            "unpack": ["packed"],
            "arrive": ["dispatched"],
            "scan": ["dispatched"],
            "restock": ["received"],
            "close": ["received"],
        }
        batch_id = self.some(Batch, pick, Batch.state.in_(wanted[verb]))
        self.step(verb, lambda: getattr(batches, verb)(self.act, batch_id, day))

    @rule(pick=PICK, day=DAYS)
    def dispatch(self, pick: int, day: date) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["draft", "packed"]))
        self.step("dispatch", lambda: batches.dispatch(self.act, batch_id, day))

    @rule(pick=PICK, day=DAYS, off=st.lists(st.integers(-3, 3), max_size=3), all_of_it=st.booleans())
    def receive(self, pick: int, day: date, off: list[int], all_of_it: bool) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        sent = db.session.execute(
            select(Box.number, func.sum(BatchLine.quantity))
            .join(BatchLine, BatchLine.box_id == Box.id)
            .where(Box.batch_id == batch_id, Box.counted_on.is_(None))
            .group_by(Box.number)
            .order_by(Box.number)
        ).all()
        db.session.rollback()
        counts = {number: max(0, int(copies) + more) for (number, copies), more in zip(sent, off, strict=False)}
        self.step("receive", lambda: batches.receive(self.act, batch_id, day, None if all_of_it else counts, "清点"))

    @rule(pick=PICK, day=DAYS, quantity=FEW)
    def report_damaged(self, pick: int, day: date, quantity: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["dispatched", "received", "closed"]))
        self.step("damaged", lambda: batches.report_damaged(self.act, batch_id, quantity, day))

    @rule(
        pick=PICK,
        day=DAYS,
        resolution=st.sampled_from(["found", "lost", "damaged", "miscounted", "surplus"]),
        lot=PICK,
    )
    def resolve(self, pick: int, day: date, resolution: str, lot: int) -> None:
        case_id = self.some(Discrepancy, pick, Discrepancy.closed_on.is_(None))
        case = db.session.get(Discrepancy, case_id)
        quantity, batch_id = (case.quantity, case.batch_id) if case else (1, 0)
        db.session.rollback()
        lot_id = self.some(Lot, lot, Lot.id.in_(select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id)))
        self.step("resolve", lambda: batches.resolve(self.act, case_id, resolution, day, {lot_id: quantity}))

    @rule(pick=PICK, day=DAYS)
    def collect(self, pick: int, day: date) -> None:
        batch_id = self.some(Batch, pick, Batch.kind == "delivery", Batch.dispatched_on.is_not(None))
        self.step("collect", lambda: batches.collect(self.act, batch_id, day))

    @rule(pick=PICK, day=DAYS, copies=FEW)
    def count_in(self, pick: int, day: date, copies: int) -> None:
        batch_id = self.some(Batch, pick, Batch.kind == "return")
        self.step("count_in", lambda: batches.count_in(self.act, batch_id, day, copies))

    @rule(pick=PICK, day=DAYS)
    def cancel(self, pick: int, day: date) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["draft", "packed", "dispatched"]))
        self.step("cancel", lambda: batches.cancel(self.act, batch_id, day, "不送了"))

    @rule(pick=PICK, newest=st.booleans())
    def reverse(self, pick: int, newest: bool) -> None:
        event_id = self.some(BatchEvent, -1 if newest else pick, BatchEvent.entry_id.is_not(None))
        batch_id = db.session.scalar(select(BatchEvent.batch_id).where(BatchEvent.id == event_id)) or 0
        self.step("reverse", lambda: batches.reverse_step(self.act, batch_id, event_id, "记错了"))

    @rule(month=st.sampled_from(["2026-01", "2026-02", "2026-03"]))
    def lock(self, month: str) -> None:
        self.step("lock", lambda: lock_through(self.act, month))

    # What phones and strangers do.

    @precondition(lambda self: self.done)
    @rule(pick=PICK)
    def replay(self, pick: int) -> None:
        key, verb, body, outcome = self.done[pick % len(self.done)]
        before = self.count()
        assert perform(self.act, key, verb, body, self._never) == outcome
        assert self.count() == before, f"a replayed {verb} changed something"

    @precondition(lambda self: self.done)
    @rule(pick=PICK)
    def same_id_other_body(self, pick: int) -> None:
        key, verb, body, _outcome = self.done[pick % len(self.done)]
        before = self.count()
        try:
            perform(self.act, key, verb, {**body, "other": True}, self._never)
        except SameIdOtherBody:
            assert self.count() == before
        else:
            raise AssertionError("another body was taken for the same operation")

    @staticmethod
    def _never() -> dict[str, Any]:
        raise AssertionError("a replayed operation was done again")

    @rule(pick=PICK, day=DAYS)
    def stranger_tries(self, pick: int, day: date) -> None:
        batch_id = self.some(Batch, pick)
        before = self.count()
        try:
            with transaction():
                batches.dispatch(self.stranger, batch_id, day)
        except NotFound:
            assert self.count() == before
        else:
            raise AssertionError("another network moved these books")

    # What holds after every step.

    @invariant()
    def ledger_holds(self) -> None:
        if not hasattr(self, "act"):
            return
        assert violations(self.act.network_id) == []
        assert differences(self.act.network_id) == []
        db.session.rollback()

    @invariant()
    def no_copy_is_lost(self) -> None:
        """Out of supply came what was taken in, and nothing else but surplus that somebody closed a case with."""
        if not hasattr(self, "act"):
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


def run(app: Flask) -> None:
    """Search for a history that breaks the ledger."""
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415 - a test's own tool

    run_state_machine_as_test(lambda: History(app))
