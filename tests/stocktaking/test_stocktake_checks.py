"""What was written behind a stocktake's back is found by the self-check."""

from datetime import timedelta

import pytest
from flask import Flask

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.batches.stocktaking.queries.figures import figures_of
from branchnet.extensions import db, transaction
from branchnet.models import Stocktake
from tests.support.tampering import tamper
from tests.support.world import World, build_world


@pytest.fixture
def stocktake(app: Flask) -> World:
    """A closed stocktake: a receipt was dated back and placed, a copy is short, a book of others was found."""
    world = build_world(app)
    with app.app_context():
        day = world.begun_on + timedelta(days=5)
        with transaction():
            batch = batches.draft(world.act, batches.NewBatch("allocation", day, world.place_ids[0]))
            batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 30)])
            batches.dispatch(world.act, batch.id, day)
            begun_on = day + timedelta(days=4)
            found = stocktaking.begin(world.act, world.place_ids[0], "count", begun_on)
            batches.receive(world.act, batch.id, day)
            stocktaking.count_titles(world.act, found.id, {world.counted_lot_id: 29}, begun_on)
            stocktaking.note_found(world.act, found.id, "县馆的书", 1, begun_on)
            for entry_id in figures_of(db.session.get_one(Stocktake, found.id)).unanswered:
                stocktaking.answer_crossing(world.act, found.id, entry_id, "before")
            assert len(stocktaking.close(world.act, found.id, begun_on)) == 1
        assert violations(world.network_id) == []
        db.session.remove()
    return world


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE stocktake_counts SET counted_on = counted_on - 1", "stocktake_days"),
        ("UPDATE stocktake_counts SET counted_on = counted_on + 1", "stocktake_days"),
        ("UPDATE discrepancies SET place_id = {other}", "stocktake_elsewhere"),
        ("UPDATE discrepancies SET opened_on = opened_on - 9", "stocktake_elsewhere"),
        ("UPDATE stocktakes SET state = 'counting', ended_on = NULL, closed_move_id = NULL", "stocktake_elsewhere"),
        ("UPDATE found_items SET place_id = {other}", "stocktake_elsewhere"),
        ("DELETE FROM stocktake_crossings", "stocktake_unanswered"),
    ],
)
def test_what_was_written_behind_its_back_is_found(
    app: Flask, stocktake: World, database_url: str, statement: str, check: str
) -> None:
    tamper(database_url, statement.format(other=stocktake.place_ids[1]))
    with app.app_context():
        assert check in {row["check"] for row in violations(stocktake.network_id)}
