"""Points go to another network with all that stands there, and come back from it."""

from typing import Any

from hypothesis.stateful import rule
from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches import commands as batches
from branchnet.extensions import db
from branchnet.models import Batch, Move, ServicePoint
from branchnet.points.queries import central_place
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import LATER, PICK


class HandingOver(Ledger):
    """A network splits, and what it gave away may be given back: one point at a time is away."""

    @rule(pick=PICK, later=LATER)
    def hand_over(self, pick: int, later: int) -> None:
        away = self._open_codes(self.stranger)
        giver, taker = (self.stranger, self.act) if away else (self.act, self.stranger)
        codes = away or self._open_codes(self.act)
        if not codes:
            return
        self.handed += 1
        to, day = taker.network.slug, self.on(later)
        db.session.rollback()
        handing = batches.Handing(codes[pick % len(codes)], to, f"H{self.handed}", day)

        def effect() -> dict[str, Any]:
            done = batches.hand_over(giver, handing)
            return {"born": self._out_of_supply(taker, done.accession) if away else []}

        if self.do("hand_over", {"code": handing.new_code}, effect) and away:
            self.places.append(self._place_of(handing.new_code))

    def _open_codes(self, act: Act) -> list[str]:
        query = select(ServicePoint.code).where(
            ServicePoint.network_id == act.network_id, ServicePoint.closed_on.is_(None)
        )
        codes = list(db.session.scalars(query.order_by(ServicePoint.id)))
        db.session.rollback()
        return codes

    def _place_of(self, code: str) -> int:
        place = db.session.scalars(
            select(ServicePoint.place_id).where(
                ServicePoint.network_id == self.act.network_id, ServicePoint.code == code
            )
        ).one()
        db.session.rollback()
        return place

    def _out_of_supply(self, act: Act, number: str | None) -> list[list[int]]:
        """The copies (册) of lots that are new in its books; copies of its own come back from where they were."""
        batch = select(Batch.id).where(Batch.network_id == act.network_id, Batch.number == number)
        rows = db.session.execute(
            select(Move.lot_id, Move.quantity).where(
                Move.network_id == act.network_id,
                Move.batch_id.in_(batch),
                Move.from_place_id == central_place(act.network_id, "supply"),
            )
        )
        return [list(row) for row in rows]
