"""What comes into the books, right or wrong: openings, accessions, donations, copies nobody knew, and goods."""

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule

from branchnet.batches import commands as batches
from branchnet.extensions import db
from branchnet.models import Batch, BatchGoods, Lot
from branchnet.stock.rules import NewLot
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import FEW, LATER, PICK


class TakingIn(Ledger):
    """Books and goods come in."""

    @rule(kind=st.sampled_from(["opening", "accession"]), later=LATER, copies=FEW, counted=FEW, pick=PICK)
    def take_in(self, kind: str, later: int, copies: int, counted: int, pick: int) -> None:
        place = self.places[pick % len(self.places)]
        day = self.on(later)
        self.do("take_in", {}, lambda: self._take_in(kind, day, copies, counted, place))

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
