"""What lies on the desks on the day the demo is loaded: batches that are not finished."""

from __future__ import annotations

from datetime import date, timedelta

from branchnet.demo.events import CENTRAL, Batch, Counted, Kind, Step, Verb
from branchnet.demo.pace import PACES, STAY
from branchnet.demo.stock import barcodes, counted
from branchnet.demo.world import Network

EARLIEST = date(2026, 3, 1)
"""Before this day the desks are empty, so that nothing of them falls into the report year."""

RESERVED = 100
"""The last barcodes of the opening stock are kept for the desks."""

_MISSING = (Counted(f"{CENTRAL}:I", 3),)
_UNFINISHED: dict[str, tuple[tuple[Kind, str, int, int, dict[Verb, int]], ...]] = {
    "zhanjiang": (
        ("delivery", "ZJ-D09", 0, 640, {"draft": 46, "pack": 43, "dispatch": 42, "receive": 41}),  # overdue
        ("allocation", "ZJ-B08", 0, 520, {"draft": 14, "pack": 11, "dispatch": 10, "receive": 9}),  # short
        ("delivery", "ZJ-D10", 0, 700, {"draft": 7, "pack": 4, "dispatch": 3, "arrive": 2}),  # not counted
        ("delivery", "ZJ-D08", 20, 720, {"draft": 5, "pack": 2, "dispatch": 1}),  # on the road
        ("allocation", "ZJ-M01", 40, 160, {"draft": 5, "pack": 2, "dispatch": 1}),  # for a teacher to take in
        ("delivery", "ZJ-D07", 20, 660, {"draft": 1}),  # to be packed
    ),
    "hongshan": (
        ("allocation", "HS-B04", 30, 220, {"draft": 6, "pack": 3, "dispatch": 2}),
        ("allocation", "HS-B12", 0, 200, {"draft": 1}),
    ),
    "changping": (("allocation", "CP-B03", 20, 180, {"draft": 2}),),
}
"""Kind, to which point, copies with a barcode, counted copies, and how many days ago each step was done."""

_SHORT = {"ZJ-B08"}


def desk(network: Network, before: tuple[Batch, ...], today: date) -> tuple[Batch, ...]:
    """The unfinished batches of a network, oldest first."""
    if today < EARLIEST:
        return ()
    opened = next(len(b.barcodes) for b in before if b.kind == "opening" and b.to_place == CENTRAL)
    serial = opened - RESERVED + 1
    found = []
    for kind, to, barcoded, copies, ago in _UNFINISHED[network.code]:
        steps = tuple(Step(today - timedelta(days=days), verb) for verb, days in ago.items())
        found.append(
            Batch(
                network=network.code,
                key=f"{PACES[network.code].letters}-{today:%y%m%d}-{to.rsplit('-', 1)[1]}",
                kind=kind,
                from_place=CENTRAL,
                to_place=to,
                barcodes=barcodes(network, serial, barcoded),
                counted=counted(CENTRAL, copies),
                steps=steps,
                due_back_on=steps[-1].on + STAY if kind == "delivery" else None,
                short=_MISSING if to in _SHORT else (),
            )
        )
        serial += barcoded
    return tuple(found)
