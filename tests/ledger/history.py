"""Random histories of every command of the ledger, with refusals, replays and another network looking in."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
from flask import Flask
from hypothesis.stateful import precondition, rule
from sqlalchemy import func, select

from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.batches.boxes import on_its_way
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import month_of
from branchnet.errors import BranchNetError, NotFound, SameIdOtherBody
from branchnet.extensions import db, transaction
from branchnet.models import (
    Batch,
    BatchEvent,
    BatchGoods,
    BatchLine,
    Box,
    Discrepancy,
    Lot,
)
from branchnet.stock.rules import NewLot
from tests.ledger.machine import NOON
from tests.ledger.rules_losses import Losses

LATER = st.sampled_from([0, 0, 0, 0, 0, 1, 1, 1, 3, 9, -1, -40])
"""How many days after the story's day something is said to have happened; a few are backdated."""
PICK = st.integers(0, 10_000)
FEW = st.integers(0, 6)
REVERSIBLE = ("dispatched", "received", "recalled", "scanned", "restocked", "resolved")
KINDS = st.sampled_from(["allocation", "delivery", "rotation", "return"])
TERMS = st.sampled_from(["deposit", "deposit", "gift"])
SOME_DAYS = st.none() | st.integers(0, 2)
"""How many days a step came after the one before it, where it is told at all."""


class History(Losses):
    """One network's life: what people do, in any order, right or wrong."""

    @rule(kind=st.sampled_from(["opening", "accession"]), later=LATER, copies=FEW, counted=FEW, pick=PICK)
    def take_in(self, kind: str, later: int, copies: int, counted: int, pick: int) -> None:
        place = self.places[pick % len(self.places)]
        day = self.on(later)
        self.do("take_in", {}, lambda: self._take_in(kind, day, copies, counted, place))

    @rule(kind=KINDS, later=LATER, start=PICK, end=PICK, terms=TERMS)
    def draft(self, kind: str, later: int, start: int, end: int, terms: str) -> None:
        day = self.on(later)
        new = batches.NewBatch(kind, day, *self.ends_of(kind, start, end), terms=terms)
        self.do("draft", {}, lambda: {"id": batches.draft(self.act, new).id})

    @precondition(lambda self: self.there & {"draft", "empty draft"})
    @rule(pick=PICK, lots=st.lists(st.tuples(PICK, st.integers(1, 5)), min_size=1, max_size=5), box=PICK)
    def add_lines(self, pick: int, lots: list[tuple[int, int]], box: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "draft")
        held = self._held_at(db.session.get_one(Batch, batch_id).from_place_id)
        if not held:
            return
        if box % 3 == 0:
            self.do("box", {"batch": batch_id}, lambda: {"id": batches.open_box(self.act, batch_id).id})
        chosen = {held[number % len(held)]: quantity for number, quantity in lots}
        boxes = db.session.scalar(select(func.count()).select_from(Box).where(Box.batch_id == batch_id)) or 0
        db.session.rollback()
        number = (box % (boxes + 1)) or None
        lines = [
            batches.NewLine(lot_id, 1 if serial else quantity, number) for (lot_id, serial), quantity in chosen.items()
        ]
        self.do("add", {"batch": batch_id}, lambda: {"copies": batches.add_lines(self.act, batch_id, lines)})

    @precondition(lambda self: self.there & {"draft", "empty draft"})
    @rule(pick=PICK, lots=st.lists(PICK, max_size=4), quantity=FEW, how=st.sampled_from(["scan", "list", "counted"]))
    def pick_books(self, pick: int, lots: list[int], quantity: int, how: str) -> None:
        """As the picking page does it: by a barcode, by a pasted column, by the title of a counted lot."""
        batch_id = self.some(Batch, pick, Batch.state == "draft")
        ids = [self.some(Lot, lot, Lot.serial) for lot in lots]
        codes = [db.session.get_one(Lot, lot_id).barcode or "" for lot_id in ids if lot_id] + ["4408-unknown"]
        db.session.rollback()
        ways: dict[str, Callable[[], Any]] = {
            "scan": lambda: batches.add_copy(self.act, batch_id, codes[0]),
            "list": lambda: batches.add_list(self.act, batch_id, codes),
            "counted": lambda: batches.add_counted(self.act, batch_id, "故事", quantity),
        }
        self.step(f"pick {how}", ways[how])

    @precondition(lambda self: "draft" in self.there)
    @rule(pick=PICK, box=st.integers(0, 3))
    def move_line(self, pick: int, box: int) -> None:
        line_id = self.some(BatchLine, pick)
        batch_id = db.session.scalar(select(BatchLine.batch_id).where(BatchLine.id == line_id)) or 0
        self.step("move line", lambda: batches.move_line(self.act, batch_id, line_id, box or None))

    @precondition(lambda self: "draft" in self.there)
    @rule(pick=PICK)
    def remove_line(self, pick: int) -> None:
        line_id = self.some(BatchLine, pick)
        batch_id = db.session.scalar(select(BatchLine.batch_id).where(BatchLine.id == line_id)) or 0
        self.step("remove", lambda: batches.remove_line(self.act, batch_id, line_id))

    @precondition(lambda self: self.there & {"draft", "packed"})
    @rule(pick=PICK, later=LATER)
    def pack_or_unpack(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["draft", "packed"]))
        verb = "unpack" if db.session.get_one(Batch, batch_id).state == "packed" else "pack"
        self.step(verb, lambda: getattr(batches, verb)(self.act, batch_id, self.on(later)))

    @precondition(lambda self: "dispatched" in self.there)
    @rule(pick=PICK, later=LATER)
    def arrive(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        self.step("arrive", lambda: batches.arrive(self.act, batch_id, self.on(later)))

    @precondition(lambda self: self.there & {"return dispatched", "return received"})
    @rule(pick=PICK, later=LATER)
    def scan_or_restock(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.kind == "return", Batch.state.in_(["dispatched", "received"]))
        verb = "restock" if db.session.get_one(Batch, batch_id).state == "received" else "scan"
        self.step(verb, lambda: getattr(batches, verb)(self.act, batch_id, self.on(later)))

    @precondition(lambda self: "received" in self.there)
    @rule(pick=PICK, later=LATER)
    def close(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "received")
        self.step("close", lambda: batches.close(self.act, batch_id, self.on(later)))

    @rule(
        kind=KINDS,
        later=LATER,
        ends=st.tuples(PICK, PICK),
        lots=st.lists(st.tuples(PICK, st.integers(1, 5)), min_size=1, max_size=5),
        boxes=st.integers(0, 2),
    )
    def send(self, kind: str, later: int, ends: tuple[int, int], lots: list[tuple[int, int]], boxes: int) -> None:
        self.send_batch(kind, later, ends, lots, boxes)

    def send_batch(self, kind: str, later: int, ends: tuple[int, int], lots: list[tuple[int, int]], boxes: int) -> None:
        """A whole batch at once, as people log it afterwards: most histories need books on the road."""
        end, start = self.ends_of(kind, *ends)
        held = self._held_at(start)
        if not held:
            return
        day = self.on(later)
        terms = "gift" if kind in ("allocation", "rotation") and ends[0] % 3 == 0 else "deposit"
        chosen = {held[number % len(held)]: quantity for number, quantity in lots}

        def effect() -> dict[str, Any]:
            batch = batches.draft(self.act, batches.NewBatch(kind, day, end, start, terms))
            for _ in range(boxes):
                batches.open_box(self.act, batch.id)
            lines = [
                batches.NewLine(lot_id, 1 if serial else quantity, (number % (boxes + 1)) or None)
                for number, ((lot_id, serial), quantity) in enumerate(chosen.items())
            ]
            batches.add_lines(self.act, batch.id, lines)
            batches.dispatch(self.act, batch.id, day)
            return {"id": batch.id}

        self.do("send", {"kind": kind}, effect)

    @precondition(lambda self: self.there & {"draft", "packed"})
    @rule(pick=PICK, later=LATER)
    def dispatch(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["draft", "packed"]))
        self.step("dispatch", lambda: batches.dispatch(self.act, batch_id, self.on(later)))

    @precondition(lambda self: "dispatched" in self.there)
    @rule(pick=PICK, later=LATER, off=st.lists(st.integers(-3, 3), max_size=3), all_of_it=st.booleans(), broken=FEW)
    def receive(self, pick: int, later: int, off: list[int], all_of_it: bool, broken: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        sent = db.session.execute(
            select(Box.number, func.sum(BatchLine.quantity))
            .join(BatchLine, BatchLine.box_id == Box.id)
            .where(Box.batch_id == batch_id, on_its_way())
            .group_by(Box.number)
            .order_by(Box.number)
        ).all()
        db.session.rollback()
        counts = {number: max(0, int(copies) + more) for (number, copies), more in zip(sent, off, strict=False)}
        damaged = {number: broken for number, _copies in sent[:1] if broken > 3}
        said = None if all_of_it else counts
        self.step("receive", lambda: batches.receive(self.act, batch_id, self.on(later), said, "清点", damaged))

    @precondition(lambda self: self.there & {"dispatched", "received"})
    @rule(pick=PICK, later=LATER, quantity=FEW)
    def report_damaged(self, pick: int, later: int, quantity: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["dispatched", "received"]))
        self.step("damaged", lambda: batches.report_damaged(self.act, batch_id, quantity, self.on(later)))

    @precondition(lambda self: "difference" in self.there)
    @rule(
        pick=PICK,
        later=LATER,
        resolution=st.sampled_from(["found", "lost", "damaged", "miscounted", "surplus"]),
        lot=PICK,
    )
    def resolve(self, pick: int, later: int, resolution: str, lot: int) -> None:
        case_id = self.some(Discrepancy, pick, Discrepancy.closed_on.is_(None))
        case = db.session.get(Discrepancy, case_id)
        quantity, batch_id = (case.quantity, case.batch_id) if case else (1, 0)
        db.session.rollback()
        lot_id = self.some(Lot, lot, Lot.id.in_(select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id)))
        self.step("resolve", lambda: batches.resolve(self.act, case_id, resolution, self.on(later), {lot_id: quantity}))

    @precondition(lambda self: "to collect" in self.there)
    @rule(pick=PICK, later=LATER)
    def collect(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.kind == "delivery", Batch.dispatched_on.is_not(None))
        self.step("collect", lambda: batches.collect(self.act, batch_id, self.on(later)))

    @precondition(lambda self: "return dispatched" in self.there)
    @rule(pick=PICK, later=LATER, copies=FEW)
    def count_in(self, pick: int, later: int, copies: int) -> None:
        batch_id = self.some(Batch, pick, Batch.kind == "return")
        self.step("count_in", lambda: batches.count_in(self.act, batch_id, self.on(later), copies))

    @precondition(lambda self: self.there & {"draft", "packed", "dispatched"})
    @rule(pick=PICK, later=LATER)
    def cancel(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["draft", "packed", "dispatched"]))
        self.step("cancel", lambda: batches.cancel(self.act, batch_id, self.on(later), "不送了"))

    @precondition(lambda self: "dispatched" in self.there)
    @rule(pick=PICK, later=LATER, lost=st.integers(0, 2), lot=PICK)
    def recall(self, pick: int, later: int, lost: int, lot: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        lot_id = self.some(Lot, lot, Lot.id.in_(select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id)))
        gone = {lot_id: lost} if lost else None
        self.step("recall", lambda: batches.recall(self.act, batch_id, self.on(later), "路断了", gone))

    @precondition(lambda self: self.there & {"draft", "empty draft"})
    @rule(pick=PICK, known=PICK)
    def add_unknown_copy(self, pick: int, known: int) -> None:
        """A copy that no book knows; now and then one that they know after all."""
        batch_id = self.some(Batch, pick, Batch.state == "draft")
        lot_id = self.some(Lot, known, Lot.serial) if known % 5 == 0 else 0
        barcode = db.session.get_one(Lot, lot_id).barcode if lot_id else self.new_barcode()
        db.session.rollback()

        def effect() -> dict[str, Any]:
            return {"born": [[batches.add_unknown_copy(self.act, batch_id, NewLot("生书", barcode=barcode)), 1]]}

        self.do("add_unknown", {"batch": batch_id}, effect)

    @rule(later=LATER, books=st.integers(0, 3), goods=st.integers(0, 2), donors=st.none() | FEW, pick=PICK)
    def take_in_donation(self, later: int, books: int, goods: int, donors: int | None, pick: int) -> None:
        day, place = self.on(later), self.places[pick % len(self.places)]
        lots = [NewLot("捐书", quantity=books)] if books else []
        given = batches.Donation(
            lots, [batches.Goods("toys", "积木", "套", number or None) for number in range(goods)], donors
        )

        def effect() -> dict[str, Any]:
            taken = batches.take_in_donation(self.act, given, day, place)
            return {"born": [[lot_id, books] for lot_id in taken.lot_ids]}

        self.do("donation", {}, effect)

    @rule(pick=PICK, number=st.none() | FEW, goods=PICK)
    def add_or_remove_goods(self, pick: int, number: int | None, goods: int) -> None:
        batch_id = self.some(Batch, pick)
        if goods % 3 == 0:
            goods_id = self.some(BatchGoods, goods, BatchGoods.batch_id == batch_id)
            self.step("goods", lambda: batches.remove_goods(self.act, batch_id, goods_id))
            return
        shelves = batches.Goods("equipment", "书架", "个", number)
        self.do("goods", {"batch": batch_id}, lambda: {"id": batches.add_goods(self.act, batch_id, shelves)})

    @rule(
        kind=KINDS,
        later=LATER,
        ends=st.tuples(PICK, PICK),
        lots=st.lists(st.tuples(PICK, st.integers(1, 9)), min_size=1, max_size=3),
        days=st.tuples(SOME_DAYS, SOME_DAYS, SOME_DAYS, SOME_DAYS),
        more=PICK,
    )
    def log_afterwards(
        self,
        kind: str,
        later: int,
        ends: tuple[int, int],
        lots: list[tuple[int, int]],
        days: tuple[int | None, ...],
        more: int,
    ) -> None:
        """A batch from the notebook, as far as it tells; books from before among it, and a count that is off."""
        end, start = self.ends_of(kind, *ends)
        held = self._held_at(start)
        from_before = more % 2 == 0
        chosen = {held[number % len(held)]: copies for number, copies in lots} if held else {}
        boxes = more % 3
        lines = [
            batches.NewLine(lot_id, 1 if serial else copies, (number % (boxes + 1)) or None)
            for number, ((lot_id, serial), copies) in enumerate(chosen.items())
        ]
        sent_on = self.on(later)
        told = batches.Afterwards(
            kind=kind,
            sent_on=sent_on,
            to_place_id=end,
            from_place_id=start,
            lines=lines,
            unlisted=[NewLot("旧书", quantity=lots[0][1])] if more % 4 == 0 else [],
            from_before=from_before,
            boxes=boxes or None,
            terms="gift" if more % 7 == 0 else "deposit",
            goods=[batches.Goods("other", "海报", "张")] if more % 5 == 0 else [],
            counted_in=sum(line.quantity for line in lines) + more % 2 if more % 11 == 0 else None,
            **self._days(kind, sent_on, days, more),
        )
        self.do("afterwards", {"kind": kind}, lambda: self._logged(told))

    def _days(self, kind: str, sent_on: date, days: tuple[int | None, ...], more: int) -> dict[str, date]:
        """Each step so many days after the one before it; now and then a step that such a batch never has."""
        names = ["received_on", "collected_on", "scanned_on", "restocked_on"]
        if kind != "delivery" and more % 6:
            names = names[:1] if kind != "return" else [names[0], *names[2:]]
        told, day = {}, sent_on
        for name, after in zip(names, days, strict=False):
            if after is not None:
                day = min(day + timedelta(days=after), NOON.date())
                told[name] = day
        return told

    def _logged(self, told: batches.Afterwards) -> dict[str, Any]:
        done = batches.log_afterwards(self.act, told)
        opened = db.session.execute(
            select(BatchLine.lot_id, BatchLine.quantity)
            .join(Batch, Batch.id == BatchLine.batch_id)
            .where(Batch.network_id == self.act.network_id, Batch.number == done.opening_number)
        ).all()
        return {"id": done.batch_id, "more": [[lot_id, copies] for lot_id, copies in opened]}

    @rule(pick=PICK, newest=st.booleans())
    def reverse(self, pick: int, newest: bool) -> None:
        steps = (BatchEvent.entry_id.is_not(None), BatchEvent.step.in_(REVERSIBLE))
        event_id = self.some(BatchEvent, -1 if newest else pick, *steps)
        batch_id = db.session.scalar(select(BatchEvent.batch_id).where(BatchEvent.id == event_id)) or 0
        self.step("reverse", lambda: batches.reverse_step(self.act, batch_id, event_id, "记错了"))

    @precondition(lambda self: self.today > self.lockable)
    @rule()
    def lock(self) -> None:
        """The month of a quarter ago is closed, once."""
        month = month_of(self.lockable)
        self.lockable += timedelta(days=31)
        self.step("lock", lambda: lock_through(self.act, month))

    @precondition(lambda self: "dispatched" in self.there)
    @rule(pick=PICK, later=LATER, skip=st.integers(0, 3), uncoded=st.integers(0, 6), label=st.booleans())
    def receive_scanned(self, pick: int, later: int, skip: int, uncoded: int, label: bool) -> None:
        """By scan: some copies of it, some of anything, perhaps a whole box by its label."""
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        mine = select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id)
        coded = (Lot.network_id == self.act.network_id, Lot.serial)
        codes = [*db.session.scalars(select(Lot.barcode).where(*coded, Lot.id.in_(mine)).order_by(Lot.id))][skip:]
        codes += [*db.session.scalars(select(Lot.barcode).where(*coded).order_by(Lot.id).limit(skip)), "no-such-code"]
        boxes = select(Box.number, Box.label).where(Box.batch_id == batch_id, Box.counted_on.is_(None))
        counted = boxes.join(BatchLine, (BatchLine.box_id == Box.id) & BatchLine.serial.is_(False)).distinct()
        rest = {number: uncoded for number, _label in db.session.execute(counted)}
        codes += [name for _number, name in db.session.execute(boxes)][:1] if label else []
        rest = {} if label else rest
        db.session.rollback()
        self.step(
            "receive_scanned",
            lambda: batches.receive_scanned(self.act, batch_id, self.on(later), codes, rest, "扫", complete=skip < 3),
        )

    # What phones and strangers do.

    @precondition(lambda self: self.done)
    @rule(pick=PICK, who=st.sampled_from(["again", "other body", "stranger"]))
    def outside(self, pick: int, who: str) -> None:
        """A phone sends again, the same or something else; another network reaches for a batch."""
        before = self.count()
        key, verb, body, outcome = self.done[pick % len(self.done)]
        if who == "again":
            assert perform(self.act, key, verb, body, self._never) == outcome
        elif who == "other body":
            self.refused(SameIdOtherBody, lambda: perform(self.act, key, verb, {**body, "other": 1}, self._never))
        else:
            batch_id = self.some(Batch, pick)
            self.refused(NotFound, lambda: self._as_stranger(batch_id))
        assert self.count() == before, f"{verb} {who} changed something"

    def _as_stranger(self, batch_id: int) -> None:
        with transaction():
            batches.dispatch(self.stranger, batch_id, self.today)

    @staticmethod
    def refused(error: type[BranchNetError], attempt: Callable[[], Any]) -> None:
        try:
            attempt()
        except error:
            db.session.rollback()
        else:
            raise AssertionError(f"{error.__name__} was expected")

    @staticmethod
    def _never() -> dict[str, Any]:
        raise AssertionError("a replayed operation was done again")


def run(app: Flask, tally: Counter[str]) -> None:
    """Search for a history that breaks the ledger. The tally counts what was checked, done and refused on the way."""
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415 - a test's own tool

    run_state_machine_as_test(lambda: History(app, tally))
