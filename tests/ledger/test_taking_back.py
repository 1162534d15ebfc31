"""Taking back as people ask for it: one box counted for another, and what would happen, told before it does."""

from collections.abc import Iterator

import pytest
from flask import Flask

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.queries import boxes_of, reversal_of, uncounting_of
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import BatchEvent, Discrepancy, Entry, Job, Move
from tests.ledger.test_life import at, draft, on, receive, sent, state, take_back
from tests.support.world import COPIES, COUNTED, World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = build_world(app)
    with app.app_context():
        yield made
        assert violations(made.network_id) == []
        db.session.remove()


def test_that_was_not_box_3(world: World) -> None:
    """One box is counted anew; what was counted with it stays, with its differences, and so do its moves."""
    batch_id = sent(world, [10, 20, 30])
    receive(world, batch_id, {1: 9, 2: 20, 3: 28})
    assert at(world, world.place_ids[0]) == [COUNTED + COPIES - 61, 9 + 20 + 31]
    with transaction():
        batches.uncount_box(world.act, batch_id, 3, "那是第 2 箱")
    boxes = {box.number: (box.counted_on, box.counted) for box in boxes_of(world.network_id, batch_id)}
    assert boxes == {1: (on(world, 6), 9), 2: (on(world, 6), 20), 3: (None, None)}
    assert (state(batch_id), at(world, world.place_ids[0])[1]) == ("dispatched", 29)
    open_ones = db.session.query(Discrepancy).filter_by(batch_id=batch_id, closed_on=None)
    assert [case.quantity for case in open_ones] == [1], "the first box is still one short"
    with pytest.raises(NotFound, match="box_not_counted"), transaction():
        batches.uncount_box(world.act, batch_id, 3, "再来一次")
    assert violations(world.network_id) == []
    receive(world, batch_id, {3: 31}, days=8)
    assert (state(batch_id), at(world, world.place_ids[0])[1]) == ("received", 60)
    take_back(world, batch_id, "received")
    with transaction():
        batches.uncount_box(world.act, batch_id, 2, "也不是")
    assert violations(world.network_id) == []
    take_back(world, batch_id, "received")
    assert at(world, world.place_ids[0]) == [COUNTED + COPIES - 61, 0]


def test_a_box_that_went_on_is_not_counted_anew(world: World) -> None:
    batch_id = sent(world, [10, 20])
    receive(world, batch_id)
    later = draft(world, [25], batches.NewBatch("rotation", on(world, 9), world.place_ids[1], world.place_ids[0]))
    with transaction():
        batches.dispatch(world.act, later, on(world, 9))
    with pytest.raises(Conflict, match="later_moves") as stopped, transaction():
        batches.uncount_box(world.act, batch_id, 1, "不是这箱")
    assert len(stopped.value.data["entries"]) == 1
    db.session.rollback()
    found = uncounting_of(world.act, batch_id, 1)
    assert [row.step for row in found.later] == ["dispatched"]


def test_a_rehearsal_says_what_happens_and_leaves_nothing(world: World) -> None:
    batch_id = sent(world, [10, 20])
    receive(world, batch_id, {1: 10, 2: 18})
    event_id = db.session.query(BatchEvent).filter_by(batch_id=batch_id, step="received").one().id
    counts = [db.session.query(table).count() for table in (Entry, Move, BatchEvent, Job)]
    effect = reversal_of(world.act, batch_id, event_id).effect
    assert effect is not None
    assert [(way.copies, way.start.kind, way.end.kind) for way in effect.ways] == [(31, "point", "transit")]
    assert [(row.kind, row.quantity, row.box) for row in effect.ending] == [("short", 3, 2)]
    assert (effect.state, effect.uncounted, effect.posted_on) == ("dispatched", (1, 2), on(world, 6))
    assert [db.session.query(table).count() for table in (Entry, Move, BatchEvent, Job)] == counts
    assert state(batch_id) == "received"
    box = uncounting_of(world.act, batch_id, 2).effect
    assert box is not None
    assert ([way.copies for way in box.ways], box.uncounted) == ([21], (2,))
