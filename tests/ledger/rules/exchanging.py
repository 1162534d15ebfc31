"""Exchange visits, right or wrong: everything or a part taken, with copies short, and what came of these."""

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule
from sqlalchemy import func, select

from branchnet.batches import commands as batches
from branchnet.extensions import db
from branchnet.models import Batch, Discrepancy
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import LATER, PICK


class Exchanging(Ledger):
    """So many brought, so many taken back, so many short."""

    @rule(point=PICK, later=LATER, copies=st.integers(0, 6), short=st.integers(0, 3), more=PICK)
    def exchange(self, point: int, later: int, copies: int, short: int, more: int) -> None:
        """One in three takes a part only; a few bring what is ready for another point, or nothing."""
        place = self.places[1 + point % (len(self.places) - 1)]
        there, shelf = self._held_at(place), self._held_at(self.places[0])
        lot = there[more % len(there)] if there else None
        new, serial = shelf[more % len(shelf)] if shelf else (0, False)
        lines = [batches.NewLine(new, 1 if serial else copies)] if new and copies else []
        ready = self.some(Batch, more, Batch.state.in_(["draft", "packed"])) if more % 4 == 0 else 0
        visit = batches.Visit(
            place_id=place,
            happened_on=self.on(later),
            brought=batches.Brought(ready or None, "allocation", lines, received=more % 2 == 0),
            taken=[batches.NewLine(lot[0], 1 if lot[1] else copies)] if lot and copies else [],
            everything=more % 3 > 0,
            short={lot[0]: short} if lot and short else {},
            shelved=more % 5 == 0,
        )
        self.do("exchange", {"point": point}, lambda: self._exchanged(visit))

    def _exchanged(self, visit: batches.Visit) -> dict[str, Any]:
        before = self._short_at(visit.place_id)
        done = batches.exchange(self.act, visit)
        assert self._short_at(visit.place_id) >= before
        return {"id": done.exchange_id}

    def _short_at(self, place_id: int) -> int:
        copies = select(func.coalesce(func.sum(Discrepancy.quantity), 0)).where(
            Discrepancy.network_id == self.act.network_id, Discrepancy.place_id == place_id
        )
        return int(db.session.scalars(copies).one())

    @rule(
        pick=PICK, later=LATER, copies=st.integers(0, 3), end=st.sampled_from(["found", "lost", "damaged", "surplus"])
    )
    def end_a_part(self, pick: int, later: int, copies: int, end: str) -> None:
        """Some of what is short turns out to be something."""
        case = self.some(Discrepancy, pick, Discrepancy.place_id.is_not(None), Discrepancy.closed_on.is_(None))
        day = self.on(later)

        def ended() -> None:
            batches.resolve(self.act, batches.split_off(self.act, case, copies), end, day)

        if case:
            self.step("end_a_part", ended)
