"""How a batch of the story lies in its boxes, and what a receipt that comes short counts in each."""

from __future__ import annotations

from collections.abc import Iterator

from branchnet.demo.events import Batch

BOX = 50
"""Copies (册) in a full box."""


def boxed(batch: Batch) -> tuple[dict[str, int], ...]:
    """Box by box, the copies by barcode or lot key, in the order of the batch's lines."""
    boxes: list[dict[str, int]] = [{}]
    room = BOX
    for key, quantity in _lines(batch):
        left = quantity
        while left:
            if not room:
                boxes.append({})
                room = BOX
            part = min(left, room)
            boxes[-1][key] = part
            left, room = left - part, room - part
    return tuple(boxes)


def _lines(batch: Batch) -> Iterator[tuple[str, int]]:
    yield from ((barcode, 1) for barcode in batch.barcodes)
    yield from ((line.lot, line.quantity) for line in batch.counted)


def found(batch: Batch) -> dict[int, int] | None:
    """By box number what the receiver counts (册), or None where all came as sent.

    What is missing is missing from the first box that holds nothing but copies of that lot.
    """
    if not batch.short:
        return None
    boxes = boxed(batch)
    counts = {number: sum(box.values()) for number, box in enumerate(boxes, 1)}
    for line in batch.short:
        number = next(n for n, box in enumerate(boxes, 1) if box.keys() == {line.lot})
        counts[number] -= line.quantity
    return counts
