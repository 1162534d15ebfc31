"""Walked day by day, the story never takes a copy from where it is not."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from branchnet.demo.events import CENTRAL, SUPPLY, Batch, BatchStep
from branchnet.demo.story import story, timeline

Where = tuple[str, str, str]


def leaving(batch: Batch) -> Counter[str]:
    return Counter(dict.fromkeys(batch.barcodes, 1)) + Counter({c.lot: c.quantity for c in batch.counted})


def walk(today: date) -> Counter[Where]:
    """Copies of each lot by network and place, after every step of the story."""
    held: Counter[Where] = Counter()
    for event in timeline(story(today)):
        if isinstance(event, BatchStep):
            _take(held, event)
    return held


def _take(held: Counter[Where], event: BatchStep) -> None:
    batch, verb = event.batch, event.step.verb
    if verb == "dispatch" or (verb == "post" and batch.from_place == SUPPLY):
        for lot, quantity in leaving(batch).items():
            if batch.from_place != SUPPLY:
                key = (batch.network, batch.from_place, lot)
                held[key] -= quantity
                assert held[key] >= 0, (batch.key, key)
    arrives = "restock" if batch.kind == "return" else "post" if batch.from_place == SUPPLY else "receive"
    if verb == arrives:
        found = leaving(batch) - Counter({c.lot: c.quantity for c in batch.short})
        for lot, quantity in found.items():
            held[batch.network, batch.to_place, lot] += quantity


@pytest.mark.parametrize("today", [date(2026, 2, 1), date(2026, 11, 22), date(2031, 8, 15)], ids=str)
def test_no_place_ever_holds_less_than_nothing(today: date) -> None:
    held = walk(today)
    assert min(held.values()) >= 0


def test_a_barcoded_copy_is_in_one_place_at_most() -> None:
    told = story(date(2026, 11, 22))
    by_copy: Counter[tuple[str, str]] = Counter()
    for (network, _, lot), quantity in walk(told.as_of).items():
        if (network, lot) in told.copies:
            by_copy[network, lot] += quantity
    assert set(by_copy) == set(told.copies)
    assert set(by_copy.values()) <= {0, 1}


def test_the_central_shelf_keeps_enough_to_send_from() -> None:
    held = walk(date(2026, 11, 22))
    shelf = sum(n for (network, place, _), n in held.items() if (network, place) == ("zhanjiang", CENTRAL))
    assert shelf > 20_000


def test_every_line_names_a_known_lot_or_copy() -> None:
    told = story(date(2026, 11, 22))
    for batch in told.batches:
        assert all((batch.network, barcode) in told.copies for barcode in batch.barcodes)
        assert all((batch.network, line.lot) in told.lots for line in (*batch.counted, *batch.short))


def test_steps_of_a_batch_are_in_the_order_of_days() -> None:
    for batch in story(date(2026, 11, 22)).batches:
        days = [step.on for step in batch.steps]
        assert days == sorted(days), batch.key


def test_every_step_and_reading_has_an_operation_of_its_own() -> None:
    ids = [event.operation for event in timeline(story(date(2026, 11, 22)))]
    assert len(set(ids)) == len(ids)


def test_boxes_hold_fifty_copies() -> None:
    sizes = {b.boxes: b.copies for b in story(date(2026, 11, 22)).batches if b.kind == "delivery"}
    assert all(0 <= boxes * 50 - copies < 50 for boxes, copies in sizes.items())
