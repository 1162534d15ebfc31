"""Books in the hand: what is out comes back by batch or scan by scan, settles this or that, or is not ours."""

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.batches.settlements import open_to_settle
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, FoundItem, Lot, Settlement
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import FEW, LATER, PICK

COMING = {"return draft", "empty draft", "return dispatched"}


class ScanningBack(Ledger):
    """What comes back is looked at, one by one."""

    @rule(pick=PICK, later=LATER, brought=st.sets(PICK, min_size=1, max_size=2), copies=FEW, shelved=st.booleans())
    def bring_back(self, pick: int, later: int, brought: set[int], copies: int, shelved: bool) -> None:
        place = self.places[1:][pick % (len(self.places) - 1)]
        chosen = {self.some(Batch, one, Batch.to_place_id == place) or None for one in sorted(brought)}
        self.step(
            "bring_back",
            lambda: batches.bring_back(self.act, place, self.on(later), chosen, copies or None, shelved=shelved),
        )

    @rule(pick=PICK, later=LATER)
    def return_for(self, pick: int, later: int) -> None:
        place = self.places[1:][pick % (len(self.places) - 1)]
        self.step("return_for", lambda: batches.return_for(self.act, place, self.on(later)))

    @precondition(lambda self: self.there & COMING)
    @rule(pick=PICK, lots=st.lists(PICK, min_size=1, max_size=3), how=st.sampled_from(["one", "mine", "list", "out"]))
    def scan_back(self, pick: int, lots: list[int], how: str) -> None:
        """A copy of it, of anything, a column of them; or one taken off again."""
        batch_id = self._coming(pick)
        mine = Lot.id.in_(select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id))
        ids = [self.some(Lot, lot, Lot.serial, *((mine,) if how == "mine" else ())) for lot in lots]
        codes = [db.session.get_one(Lot, lot_id).barcode or "" for lot_id in ids if lot_id] + ["4408-unknown"]
        db.session.rollback()
        if how == "list":
            self.step("scan list back", lambda: batches.scan_list_back(self.act, batch_id, codes))
        elif how == "out":
            self.step("take out", lambda: batches.take_out(self.act, batch_id, ids[0]))
        else:
            self.step("scan back", lambda: batches.scan_back(self.act, batch_id, codes[0]))

    @precondition(lambda self: self.there & COMING)
    @rule(pick=PICK, quantity=FEW)
    def count_back(self, pick: int, quantity: int) -> None:
        batch_id = self._coming(pick)
        self.step("count back", lambda: batches.count_back(self.act, batch_id, "故事", quantity))

    @precondition(lambda self: self.there & COMING)
    @rule(pick=PICK, later=LATER)
    def finish_scanning(self, pick: int, later: int) -> None:
        batch_id = self._coming(pick)
        self.step("finish scanning", lambda: batches.finish_scanning(self.act, batch_id, self.on(later), "扫完"))

    @rule(lot=PICK, later=LATER)
    def bring_along(self, lot: int, later: int) -> None:
        lot_id = self.some(Lot, lot, Lot.serial)
        self.step("bring along", lambda: batches.bring_along(self.act, lot_id, self.on(later)))

    @precondition(lambda self: "return received" in self.there)
    @rule(pick=PICK, later=LATER, copies=FEW, lots=st.lists(PICK, max_size=3))
    def restock_in_part(self, pick: int, later: int, copies: int, lots: list[int]) -> None:
        """So many were counted onto the shelf, or only some of them were shelved."""
        batch_id = self.some(Batch, pick, Batch.kind == "return", Batch.state == "received")
        part = {self.some(BatchLine, lot, BatchLine.batch_id == batch_id) for lot in lots}
        of_it = set(db.session.scalars(select(BatchLine.lot_id).where(BatchLine.id.in_(part)))) or None
        db.session.rollback()
        self.step("restock", lambda: batches.restock(self.act, batch_id, self.on(later), copies or None, of_it))

    @precondition(lambda self: "return received" in self.there)
    @rule(pick=PICK, later=LATER, copies=FEW, line=PICK, lots=st.lists(PICK, max_size=2))
    def shelve_part(self, pick: int, later: int, copies: int, line: int, lots: list[int]) -> None:
        """Copies by barcode, uncoded ones by their title and number."""
        batch_id = self.some(Batch, pick, Batch.kind == "return", Batch.state == "received")
        of_it = select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id)
        coded = db.session.scalars(select(Lot.id).where(Lot.id.in_(of_it), Lot.serial).order_by(Lot.id)).all()
        titles = db.session.scalars(select(Lot.title).where(Lot.id.in_(of_it), ~Lot.serial).order_by(Lot.id)).all()
        db.session.rollback()
        some = {coded[lot % len(coded)] for lot in lots} if coded else set()
        what = titles[line % len(titles)] if titles and copies else None
        day = self.on(later)
        self.step("shelve part", lambda: batches.shelve_part(self.act, batch_id, day, some, what, copies or None))

    @rule(pick=PICK, later=LATER, shift=st.integers(-3, 3))
    def resettle(self, pick: int, later: int, shift: int) -> None:
        """Some of what one batch was settled with settles another."""
        settlement_id = self.some(Settlement, pick)
        one = db.session.get(Settlement, settlement_id)
        if one is None:
            return
        batch, lot_id, wanted = db.session.get_one(Batch, one.batch_id), one.lot_id, max(one.quantity - shift, 0)
        batch_id, others = batch.id, open_to_settle(self.act.network_id, batch).get(lot_id, {})
        asked = dict.fromkeys(others, 0) | {one.settles_id: wanted}
        asked[max(others, default=one.settles_id)] += max(shift, 0)
        db.session.rollback()
        self.step("resettle", lambda: batches.resettle(self.act, batch_id, self.on(later), {lot_id: asked}))

    @rule(pick=PICK, later=LATER, outcome=st.sampled_from(["", "given_back", "kept", "ours", "burnt"]))
    def foreign_books(self, pick: int, later: int, outcome: str) -> None:
        """A book of another library is written down, or goes home."""
        if outcome:
            found_id = self.some(FoundItem, pick)
            self.step("close found", lambda: batches.close_found(self.act, found_id, outcome, self.on(later)))
            return
        batch_id = self.some(Batch, pick, Batch.kind == "return") or None
        found = batches.Found(code="XW-1" if pick % 3 else None, title="别家的书" if pick % 2 else None)
        self.step("record found", lambda: batches.record_found(self.act, found, self.on(later), batch_id))

    def _coming(self, pick: int) -> int:
        coming = Batch.state.in_(["draft", "dispatched"])
        return int(self.some(Batch, pick, coming, *(() if pick % 7 == 0 else (Batch.kind == "return",))))
