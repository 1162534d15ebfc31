"""Stocktakes in the middle of it all: begun, counted by scan and number, asked about, closed, called off, reopened."""

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.batches.stocktaking.queries.figures import figures_of
from branchnet.extensions import db
from branchnet.models import Discrepancy, Entry, Lot, Move, Stocktake
from branchnet.points.queries import central_place
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import FEW, LATER, PICK

COUNTING = Stocktake.state == "counting"


class Stocktaking(Ledger):
    """People count while books come and go."""

    def look(self) -> None:
        super().look()
        mine = select(Stocktake.state).where(Stocktake.network_id == self.act.network_id)
        self.there |= {f"stocktake {state}" for state in db.session.scalars(mine)}
        db.session.rollback()

    @rule(pick=PICK, later=LATER, way=st.sampled_from(["count", "scan"]))
    def begin_stocktake(self, pick: int, later: int, way: str) -> None:
        place = self.places[pick % len(self.places)] if pick % 9 else central_place(self.act.network_id, "lost")
        self._begin(place, way, later)

    def _begin(self, place_id: int, way: str, later: int) -> None:
        self.step("begin stocktake", lambda: stocktaking.begin(self.act, place_id, way, self.on(later)))

    @rule(pick=PICK, later=LATER, skip=FEW, anywhere=FEW)
    def scan_stock(self, pick: int, later: int, skip: int, anywhere: int) -> None:
        """Most copies of the place, a few of anywhere, one of nobody; and perhaps the last again."""
        stocktake_id, place_id = self._counting(pick)
        held = [lot_id for lot_id, serial in self._held_at(place_id) if serial][skip:]
        coded = select(Lot.barcode).where(Lot.network_id == self.act.network_id, Lot.serial).order_by(Lot.id)
        codes = [*db.session.scalars(coded.where(Lot.id.in_(held)))]
        codes += [*db.session.scalars(coded.limit(anywhere)), f"9787-{anywhere}"]
        db.session.rollback()
        self.step(
            "scan stock", lambda: stocktaking.count_list(self.act, stocktake_id, filter(None, codes), self.on(later))
        )

    @rule(pick=PICK, later=LATER, off=st.integers(-3, 3), rest=st.none() | st.integers(0, 20), skip=FEW)
    def count_stock(self, pick: int, later: int, off: int, rest: int | None, skip: int) -> None:
        stocktake_id, place_id = self._counting(pick)
        held = [lot_id for lot_id, serial in self._held_at(place_id) if not serial][skip % 3 :]
        counts = {lot_id: max(10 + off, 0) for lot_id in held}
        self.step(
            "count stock",
            lambda: stocktaking.count_titles(self.act, stocktake_id, counts, self.on(later), rest),
        )
        self._tell_anew(stocktake_id)

    @precondition(lambda self: "stocktake counting" in self.there)
    @rule(pick=PICK, lot=PICK)
    def uncount_stock(self, pick: int, lot: int) -> None:
        stocktake_id, _place_id = self._counting(pick)
        lot_id = None if lot % 4 == 0 else self.some(Lot, lot)
        self.step("uncount", lambda: stocktaking.uncount(self.act, stocktake_id, lot_id))

    @rule(pick=PICK, later=LATER, answers=st.lists(st.sampled_from(["before", "after"]), max_size=6))
    def close_stocktake(self, pick: int, later: int, answers: list[str]) -> None:
        """Asked a few times, and then the end, where all was answered."""
        stocktake_id, _place_id = self._counting(pick)
        asked = figures_of(db.session.get_one(Stocktake, stocktake_id)).variance.asked if stocktake_id else ()
        db.session.rollback()
        for entry_id, answer in zip(asked, answers, strict=False):
            self.step(
                "answer",
                lambda entry_id=entry_id, answer=answer: stocktaking.answer_crossing(
                    self.act, stocktake_id, entry_id, answer
                ),
            )
        self._tell_anew(stocktake_id)
        self.step("close stocktake", lambda: stocktaking.close(self.act, stocktake_id, self.on(later)))

    @rule(pick=PICK, place=PICK, later=LATER)
    def bring_here(self, pick: int, place: int, later: int) -> None:
        stocktake_id, _place_id = self._counting(pick)
        start = self.places[place % len(self.places)]
        self.step("bring here", lambda: stocktaking.bring_here(self.act, stocktake_id, start, self.on(later)))

    @precondition(lambda self: self.there & {"stocktake counting", "stocktake closed"})
    @rule(pick=PICK, how=st.sampled_from(["cancel", "reopen", "reopen", "take back"]))
    def undo_stocktake(self, pick: int, how: str) -> None:
        stocktake_id = self.some(Stocktake, pick)
        case_id = self.some(Discrepancy, pick, Discrepancy.stocktake_id.is_not(None))
        ways = {
            "cancel": lambda: stocktaking.cancel(self.act, stocktake_id, "重来"),
            "reopen": lambda: stocktaking.reopen(self.act, stocktake_id, "漏了一架"),
            "take back": lambda: stocktaking.take_back_ending(self.act, case_id, "找到了"),
        }
        self.step(f"{how} stocktake", ways[how])

    def _counting(self, pick: int) -> tuple[int, int]:
        """One that goes on, and its place; where none does, one begins."""
        if "stocktake counting" not in self.there:
            self._begin(self.places[pick % len(self.places)], ("count", "scan")[pick % 2], 0)
        stocktake_id = self.some(Stocktake, pick, COUNTING)
        found = db.session.get(Stocktake, stocktake_id)
        place_id = found.place_id if found else 0
        db.session.rollback()
        return stocktake_id, place_id

    def _tell_anew(self, stocktake_id: int) -> None:
        """What a count expects, told again move by move: who was there by the day of the count."""
        found = db.session.get(Stocktake, stocktake_id)
        if found is None or found.state != "counting":
            return
        figures = figures_of(found)
        rows = db.session.execute(
            select(Move, Entry)
            .join(Entry, Entry.id == Move.entry_id)
            .where(Move.network_id == self.act.network_id)
            .order_by(Move.id)
        ).all()
        entries = {entry.id: (move.id, entry) for move, entry in rows}
        for line in figures.variance.lines:
            if line.serial or line.counted_on is None:
                continue
            there = 0
            for move, entry in rows:
                change = (move.to_place_id == found.place_id) - (move.from_place_id == found.place_id)
                if move.lot_id in line.lots and change:
                    first, happened = entries[entry.reverses_id or entry.id]
                    then = happened.happened_on
                    by_books = first <= (found.last_move_id or 0) and then <= found.begun_on
                    by_day = found.begun_on < then < line.counted_on
                    open_day = then <= found.begun_on or then == line.counted_on
                    said = open_day and figures.answers.get(happened.id) == "before"
                    there += change * move.quantity if by_books or by_day or said else 0
            assert line.expected == there, (line, stocktake_id)
        db.session.rollback()
