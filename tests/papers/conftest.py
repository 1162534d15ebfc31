"""A small network, its clerk, and batches made for their papers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from branchnet.batches import commands as batches
from branchnet.batches.commands import Goods, NewBatch, NewLine
from branchnet.extensions import transaction
from branchnet.stock.rules import NewLot
from tests.pages.conftest import clerk, world
from tests.support.world import World

__all__ = ["clerk", "world"]

Make = Callable[..., str]


@pytest.fixture
def make(app: Flask, world: World) -> Make:
    """`make(lots, boxes, …)`: a batch of new copies in boxes by turns and counted ones loose; returns its number."""

    def made(
        lots: list[NewLot] | None = None,
        boxes: int = 0,
        counted: int = 10,
        kind: str = "delivery",
        ago: int = 50,
        sent: bool = True,
        goods: tuple[Goods, ...] = (),
    ) -> str:
        with app.app_context(), transaction():
            act, day = world.act, world.act.today() - timedelta(days=ago)
            taken = batches.take_in(act, "accession", lots, world.begun_on).lot_ids if lots else []
            batch = batches.draft(act, NewBatch(kind, day, world.place_ids[0]))
            if boxes:
                batches.open_boxes(act, batch.id, boxes)
            lines = [NewLine(lot, 1, at % boxes + 1 if boxes else None) for at, lot in enumerate(taken)]
            batches.add_lines(act, batch.id, [*lines, *([NewLine(world.counted_lot_id, counted)] if counted else [])])
            for one in goods:
                batches.add_goods(act, batch.id, one)
            if sent:
                batches.dispatch(act, batch.id, day)
                batches.receive(act, batch.id, day)
            return batch.number

    return made
