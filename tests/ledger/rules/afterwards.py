"""A batch out of the notebook, logged afterwards: complete or not, with books from before."""

from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine
from branchnet.stock.rules import NewLot
from tests.ledger.machine import NOON, Ledger
from tests.ledger.rules.drawn import KINDS, LATER, PICK, SOME_DAYS


class LoggingAfterwards(Ledger):
    """Batches come out of notebooks."""

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
