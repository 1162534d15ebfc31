"""The batches up to the end of the report year, as `data/batches.csv` lists them."""

from __future__ import annotations

from datetime import date
from typing import cast

from branchnet.demo.events import CENTRAL, SUPPLY, Batch, Equipment, Kind, Quality, Step, Verb
from branchnet.demo.files import day, rows
from branchnet.demo.stock import barcodes, counted
from branchnet.demo.world import Network, Source

_OUTWARD: dict[str, Verb] = {
    "drafted": "draft",
    "packed": "pack",
    "dispatched": "dispatch",
    "received": "receive",
}
_BACK: dict[str, Verb] = {"counted_in": "count_in", "scanned": "scan", "restocked": "restock"}


def report_year(network: Network) -> tuple[Batch, ...]:
    """The opening stock and every batch of the report year; a delivery is followed by its return."""
    found: list[Batch] = []
    serial = 1
    for row in rows("batches.csv"):
        if row["network"] != network.code:
            continue
        # The opening of the central shelf takes barcodes into stock; what leaves it takes the next ones.
        batch = _batch(network, row, 1 if row["kind"] == "opening" else serial)
        serial += len(batch.barcodes) if batch.from_place == CENTRAL else 0
        found.append(batch)
        if batch.kind == "delivery":
            found.append(brought_back(batch, cast("date", day(row["collected"])), _dates(row, _BACK)))
    return tuple(found)


def _batch(network: Network, row: dict[str, str], serial: int) -> Batch:
    opening = row["kind"] == "opening"
    holder = row["to_place"] if row["from_place"] == SUPPLY else row["from_place"]
    lines = counted(holder, int(row["counted"]), cast("Quality", row["quality"]))
    total = int(row["barcoded"]) + int(row["counted"])
    steps = [Step(on, "post" if opening else verb) for verb, on in _dates(row, _OUTWARD)]
    if row["kind"] == "return":
        steps = [s for s in steps if s.verb != "receive"] + arrived(steps[-1].on, total, _dates(row, _BACK))
    return Batch(
        network=network.code,
        key=row["key"],
        kind=cast("Kind", row["kind"]),
        from_place=row["from_place"],
        to_place=row["to_place"],
        barcodes=barcodes(network, serial, int(row["barcoded"])),
        counted=lines,
        steps=tuple(steps),
        equipment=(Equipment(row["equipment"], "批", None),) if row["equipment"] else (),
        due_back_on=day(row["due_back"]),
        note=row["note"],
        source=cast("Source", row["source"]),
    )


def _dates(row: dict[str, str], columns: dict[str, Verb]) -> list[tuple[Verb, date]]:
    return [(verb, date.fromisoformat(row[column])) for column, verb in columns.items() if row[column]]


def arrived(on: date, total: int, back: list[tuple[Verb, date]]) -> list[Step]:
    """What is done with copies that come back.

    They are taken in, then counted in, scanned and restocked: three facts, each with its count (册).
    """
    return [Step(on, "arrive"), *(Step(when, verb, total) for verb, when in back)]


def brought_back(delivery: Batch, collected: date, back: list[tuple[Verb, date]]) -> Batch:
    """The return that collects a delivery, whole, on a day: it begins on the road."""
    return Batch(
        network=delivery.network,
        key=f"{delivery.key}-R",
        kind="return",
        from_place=delivery.to_place,
        to_place=delivery.from_place,
        barcodes=delivery.barcodes,
        counted=delivery.counted,
        steps=(Step(collected, "dispatch"), *arrived(collected, delivery.copies, back)),
        settles=delivery.key,
        source=delivery.source,
    )
