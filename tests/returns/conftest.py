"""A network with books, and a few words for what happens to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.settlements import settlements_of
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchEvent
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from tests.support.world import World, build_world


@dataclass(frozen=True, slots=True)
class Story:
    """What is done in a world, day by day after its beginning."""

    world: World

    def on(self, days: int) -> date:
        """A day after the beginning."""
        return self.world.begun_on + timedelta(days=days)

    def brought(
        self, kind: str, days: int, counted: int = 0, copies: Sequence[int] = (), point: int = 0, terms: str = "deposit"
    ) -> int:
        """A batch that was sent to a point and received there whole. Returns its id."""
        act = self.world.act
        with transaction():
            new = batches.NewBatch(kind, self.on(days), self.world.place_ids[point], terms=terms)
            batch = batches.draft(act, new)
            lines = [batches.NewLine(self.world.serial_lot_ids[number]) for number in copies]
            if counted:
                lines.append(batches.NewLine(self.world.counted_lot_id, counted))
            batches.add_lines(act, batch.id, lines)
            batches.dispatch(act, batch.id, self.on(days))
            batches.receive(act, batch.id, self.on(days))
            return batch.id

    def sent_back(self, days: int, counted: int = 0, copies: Sequence[int] = (), point: int = 0) -> int:
        """A return on the road with these copies. Returns its id."""
        act = self.world.act
        with transaction():
            back = batches.draft(
                act, batches.NewBatch("return", self.on(days), from_place_id=self.world.place_ids[point])
            )
            lines = [batches.NewLine(self.world.serial_lot_ids[number]) for number in copies]
            if counted:
                lines.append(batches.NewLine(self.world.counted_lot_id, counted))
            batches.add_lines(act, back.id, lines)
            batches.dispatch(act, back.id, self.on(days))
            return back.id

    def settles(self, batch_id: int) -> Mapping[int, int]:
        """By batch what a return settles of the counted lot (册)."""
        return settlements_of(self.world.network_id, batch_id).get(self.world.counted_lot_id, {})

    def take_back(self, batch_id: int, step: str) -> None:
        """Take the last step of this name back."""
        with transaction():
            query = db.session.query(BatchEvent).filter_by(batch_id=batch_id, step=step)
            event = query.order_by(BatchEvent.id.desc()).first()
            assert event is not None
            batches.reverse_step(self.world.act, batch_id, event.id, "记错了")

    def batch(self, batch_id: int) -> Batch:
        """The batch as it is now."""
        db.session.rollback()
        return db.session.get_one(Batch, batch_id, populate_existing=True)

    def steps(self, batch_id: int) -> list[str]:
        """What happened to it, in order."""
        return list(db.session.scalars(db.select(BatchEvent.step).filter_by(batch_id=batch_id).order_by(BatchEvent.id)))

    def at(self, *kinds: str) -> list[int]:
        """Copies (册) at the first point, then at these central places."""
        places = [self.world.place_ids[0], *(central_place(self.world.network_id, kind) for kind in kinds)]
        found = copies_at(self.world.network_id, places)
        return [found.get(place, 0) for place in places]


@pytest.fixture
def story(app: Flask) -> Iterator[Story]:
    """A world on each engine; in the end nothing in it may be wrong."""
    world = build_world(app)
    with app.app_context():
        yield Story(world)
        assert violations(world.network_id) == []
        db.session.remove()
