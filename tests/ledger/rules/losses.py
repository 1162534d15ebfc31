"""Rules about losses: reported, closed, mended, worn, disposed of, found again; and all of it taken back."""

from datetime import date
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.batches.losses.waiting import free
from branchnet.batches.losses.wear import wear
from branchnet.extensions import db
from branchnet.models import Compensation, Discrepancy, Disposal, DisposalLine, Entry, Holding, Place, Repair
from branchnet.points.queries import points_on
from tests.ledger.machine import FIRST, Ledger
from tests.ledger.rules.drawn import FEW, LATER, PICK

GONE = ("lost", "to_be_disposed", "withdrawn")
AT_ONCE = [("short", "lost"), ("damaged", "damaged"), ("damaged", "repaired"), ("short", "worn")]
PAID = st.sampled_from([None, None, "pay", "drop"])
ENDS = ("found", "lost", "damaged", "repaired", "worn", "miscounted")


class Losses(Ledger):
    """What becomes of books that are gone or broken."""

    def look(self) -> None:
        super().look()
        mine = self.act.network_id
        asked: dict[str, tuple[Any, ...]] = {
            "report": (Discrepancy, Discrepancy.batch_id.is_(None), Discrepancy.closed_on.is_(None)),
            "closed": (Discrepancy, Discrepancy.entry_id.is_not(None)),
            "to be paid": (Compensation,),
            "in repair": (Repair, Repair.ended_on.is_(None)),
            "draft list": (Disposal, Disposal.state == "draft"),
            "approved": (Disposal, Disposal.state == "approved"),
            "gone": (Holding, Holding.quantity > 0, Holding.place_id.in_(select(Place.id).where(Place.kind.in_(GONE)))),
        }
        for word, (table, *where) in asked.items():
            if db.session.execute(select(table.id).where(table.network_id == mine, *where).limit(1)).first():
                self.there.add(word)
        db.session.rollback()

    @rule(place=PICK, kind=st.sampled_from(["short", "damaged"]), quantity=FEW, later=LATER, lot=PICK)
    def report_loss(self, place: int, kind: str, quantity: int, later: int, lot: int) -> None:
        """Of a lot that stands there, of any, or of nobody knows which."""
        place_id = self.places[place % len(self.places)]
        lot_id, copies = self._one_of(place_id, lot, quantity)
        day = self.on(later)
        asked = lot_id if lot % 4 else None
        self.step("report loss", lambda: batches.report(self.act, place_id, kind, copies, day, asked))

    def _one_of(self, place_id: int, pick: int, quantity: int) -> tuple[int | None, int]:
        """A lot that stands at a place, and so many of it; of a barcoded one, one."""
        held = self._held_at(place_id)
        if not held:
            return None, quantity
        lot_id, serial = held[pick % len(held)]
        return lot_id, 1 if serial and quantity else quantity

    @rule(place=PICK, how=st.sampled_from(AT_ONCE), quantity=st.integers(1, 3), later=LATER, lot=PICK, paid=PAID)
    def lose(self, place: int, how: tuple[str, str], quantity: int, later: int, lot: int, paid: str | None) -> None:
        """Reported and known at once, perhaps paid for too: most histories need books that are gone."""
        place_id = self.places[place % len(self.places)]
        lot_id, copies = self._one_of(place_id, lot, quantity)
        day, (kind, end) = self.on(later), how

        def effect() -> None:
            case_id = batches.report(self.act, place_id, kind, copies, day, lot_id)
            batches.resolve(self.act, case_id, end, day)
            if paid:
                batches.agree_to_pay(self.act, case_id, 25, day, None)

        if lot_id is None or self.step(f"lose {end}", effect) is None or not paid:
            return
        self._pay(self.some(Discrepancy, -1), paid, later)

    @precondition(lambda self: "report" in self.there)
    @rule(pick=PICK, resolution=st.sampled_from(ENDS), later=LATER, lot=PICK, amount=st.integers(0, 3), part=FEW)
    def close_case(self, pick: int, resolution: str, later: int, lot: int, amount: int, part: int) -> None:
        """One without a batch, or a part of it; perhaps with what is paid for it, in the same breath."""
        case_id = self.some(Discrepancy, pick, Discrepancy.closed_on.is_(None), Discrepancy.batch_id.is_(None))
        case = db.session.get(Discrepancy, case_id)
        place_id, quantity = (case.place_id or 0, case.quantity) if case else (0, 1)
        held, day = self._held_at(place_id), self.on(later)
        some = part if part < quantity else None
        named = {held[lot % len(held)][0]: some or quantity} if held else {}

        def effect() -> None:
            closed = batches.resolve_some(self.act, case_id, some or None, resolution, day, named)
            if amount:
                batches.agree_to_pay(self.act, closed, amount, day, day if amount > 1 else None)

        self.step("close case", effect)

    @rule(resolution=st.sampled_from(ENDS), later=LATER, pick=PICK)
    def close_alike(self, resolution: str, later: int, pick: int) -> None:
        """Some of all that are open, of batches and stocktakes too."""
        query = select(Discrepancy.id).where(
            Discrepancy.network_id == self.act.network_id, Discrepancy.closed_on.is_(None)
        )
        cases = db.session.scalars(query.order_by(Discrepancy.id)).all()[pick % 2 :: 2]
        db.session.rollback()
        day = self.on(later)
        self.step("close alike", lambda: batches.resolve_alike(self.act, cases, resolution, day, "没人见过"))

    @precondition(lambda self: "to be paid" in self.there)
    @rule(pick=PICK, how=st.sampled_from(["pay", "drop"]), later=LATER)
    def pay(self, pick: int, how: str, later: int) -> None:
        paid = select(Compensation.discrepancy_id).where(Compensation.network_id == self.act.network_id)
        self._pay(self.some(Discrepancy, pick, Discrepancy.id.in_(paid)), how, later)

    def _pay(self, case_id: int, how: str, later: int) -> None:
        if how == "pay":
            self.step("pay", lambda: batches.receive_payment(self.act, case_id, self.on(later)))
        else:
            self.step("drop payment", lambda: batches.drop_payment(self.act, case_id))

    @precondition(lambda self: "in repair" in self.there)
    @rule(pick=PICK, outcome=st.sampled_from(["repaired", "beyond_repair"]), later=LATER, back=st.booleans())
    def end_repair(self, pick: int, outcome: str, later: int, back: bool) -> None:
        repair_id = self.some(Repair, pick)
        if not repair_id:
            return
        self.step("end repair", lambda: batches.end_repair(self.act, repair_id, outcome, self.on(later)))
        if back:
            self.step("take back repair", lambda: batches.reverse_repair(self.act, repair_id, "记错了"))

    @precondition(lambda self: "gone" in self.there)
    @rule(pick=PICK, later=LATER, some=st.booleans(), to=PICK)
    def draft_disposal(self, pick: int, later: int, some: bool, to: int) -> None:
        """A list of all that waits, of some of it, or more on a list that there is; once in a while, twice the same."""
        rows = db.session.execute(free(self.act.network_id).order_by(Holding.id)).all()
        listed = self.some(DisposalLine, pick)
        twice = db.session.get(DisposalLine, listed)
        chosen = [(row.lot_id, row.place_id) for row in rows][pick % 3 :: 2]
        if twice is not None and pick % 7 == 0:
            chosen.append((twice.lot_id, twice.from_place_id))
        db.session.rollback()
        disposal_id = self.some(Disposal, to, Disposal.state == "draft")
        asked, day = (chosen if some else None), self.on(later)
        if to % 3 == 0 and disposal_id:
            self.step("add to list", lambda: batches.add_to_disposal(self.act, disposal_id, asked))
        elif rows or twice:
            self.step("draft list", lambda: batches.draft_disposal(self.act, day, asked))

    @precondition(lambda self: "draft list" in self.there)
    @rule(pick=PICK, how=st.sampled_from(["approve", "approve", "cancel", "remove"]), later=LATER)
    def end_list(self, pick: int, how: str, later: int) -> None:
        disposal_id = self.some(Disposal, pick, *([Disposal.state == "draft"] if pick % 8 else []))
        if not disposal_id:
            return
        line_id, day = self.some(DisposalLine, pick, DisposalLine.disposal_id == disposal_id), self.on(later)
        self._end_list(disposal_id, line_id, how, day)

    @precondition(lambda self: "gone" in self.there)
    @rule(pick=PICK, how=st.sampled_from(["approve", "cancel", "remove", "take back"]), later=LATER)
    def dispose(self, pick: int, how: str, later: int) -> None:
        """A list from its first line over a second to its end in one breath: few come so far step by step."""
        rows = db.session.execute(free(self.act.network_id).order_by(Holding.id)).all()
        db.session.rollback()
        chosen, day = [(row.lot_id, row.place_id) for row in rows][: 1 + pick % 3], self.on(later)
        if self.step("draft list", lambda: batches.draft_disposal(self.act, day, chosen)) is None:
            return
        disposal_id, more = self.some(Disposal, -1), [(row.lot_id, row.place_id) for row in rows][-1:]
        self.step("add to list", lambda: batches.add_to_disposal(self.act, disposal_id, more))
        line_id = self.some(DisposalLine, pick, DisposalLine.disposal_id == disposal_id)
        self._end_list(disposal_id, line_id, "approve" if how == "take back" else how, day)
        if how == "take back":
            self.step("take back list", lambda: batches.reverse_disposal(self.act, disposal_id, "记错了"))

    def _end_list(self, disposal_id: int, line_id: int, how: str, day: date) -> None:
        ways = {
            "approve": lambda: batches.approve_disposal(self.act, disposal_id, "7号", day),
            "cancel": lambda: batches.cancel_disposal(self.act, disposal_id),
            "remove": lambda: batches.remove_from_disposal(self.act, disposal_id, line_id),
        }
        self.step(f"{how} list", ways[how])

    @precondition(lambda self: "report" in self.there)
    @rule(later=LATER, days=st.integers(0, 40), shown=st.booleans())
    def close_worn(self, later: int, days: int, shown: bool) -> None:
        """A term, with a page that may be outdated; without an agreement nothing fits."""
        day, today = self.on(later), self.act.today()
        points = points_on([self.act.network_id], today)
        found = wear(self.act.network_id, points, FIRST, day, today)
        cases = [case.id for at in found for case in at.fits] if shown else [days]
        db.session.rollback()
        self.step("worn", lambda: batches.close_worn(self.act, points, FIRST, day, day, cases))

    @precondition(lambda self: "gone" in self.there)
    @rule(gone=st.sampled_from(GONE), pick=PICK, where=PICK, quantity=FEW, later=LATER, back=st.booleans())
    def find_again(self, gone: str, pick: int, where: int, quantity: int, later: int, back: bool) -> None:
        kinds = ("workroom",) if where % 5 == 0 else ("point", "shelf")
        place = select(Place.id).where(Place.network_id == self.act.network_id, Place.kind == gone)
        start = db.session.scalars(place).one()
        held = self._held_at(start)
        if not held:
            return
        lot_id, serial = held[pick % len(held)]
        end, copies, day = self.some(Place, where, Place.kind.in_(kinds)), 1 if serial else quantity, self.on(later)
        found = self.step("find again", lambda: batches.find_again(self.act, lot_id, gone, end, day, copies))
        if back and found is not None:
            entry_id = self.some(Entry, -1, Entry.verb == "found_again")
            self.step("take back find", lambda: batches.reverse_find(self.act, entry_id, "记错了"))

    @precondition(lambda self: self.there & {"closed", "approved"})
    @rule(pick=PICK, what=st.sampled_from(["case", "repair", "list", "find"]), newest=st.booleans())
    def take_back_loss(self, pick: int, what: str, newest: bool) -> None:
        pick = -1 if newest else pick
        where = {
            "case": (Discrepancy, Discrepancy.entry_id.is_not(None)),
            "repair": (Repair, Repair.entry_id.is_not(None)),
            "list": (Disposal, Disposal.state == "approved"),
            "find": (Entry, Entry.verb == "found_again"),
        }
        row_id = self.some(where[what][0], pick, where[what][1])
        if not row_id:
            return
        ways = {
            "case": lambda: batches.reverse_closing(self.act, row_id, "记错了"),
            "repair": lambda: batches.reverse_repair(self.act, row_id, "记错了"),
            "list": lambda: batches.reverse_disposal(self.act, row_id, "记错了"),
            "find": lambda: batches.reverse_find(self.act, row_id, "记错了"),
        }
        self.step(f"take back {what}", ways[what])
