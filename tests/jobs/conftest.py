"""A small world with a batch on the road, and a way to write behind the ledger's back."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.config import driver_url
from branchnet.extensions import transaction
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network with books on its shelf, inside the application's context."""
    made = build_world(app)
    with app.app_context():
        yield made


@pytest.fixture
def on_the_road(world: World) -> int:
    """A batch to the first point, dispatched: one barcoded copy, and 30 of the counted lot in a box."""
    with transaction():
        batch = batches.draft(world.act, NewBatch("delivery", world.begun_on, world.place_ids[0]))
        box = batches.open_box(world.act, batch.id)
        batches.add_lines(
            world.act,
            batch.id,
            [NewLine(world.serial_lot_ids[0]), NewLine(world.counted_lot_id, 30, box.number)],
        )
        batches.dispatch(world.act, batch.id, world.begun_on)
        return batch.id


@pytest.fixture
def tamper(database_url: str) -> Callable[[str], None]:
    """Write as somebody with the database's own rights could, past foreign keys and triggers."""

    def write(statement: str) -> None:
        engine = create_engine(driver_url(database_url))
        lite = engine.dialect.name == "sqlite"
        with engine.begin() as connection:
            if lite:
                triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
                for name in triggers.all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("SET session_replication_role = replica"))
            assert connection.execute(text(statement)).rowcount > 0
        engine.dispose()

    return write
