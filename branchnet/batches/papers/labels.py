"""The QR of a box label: it says the label's text, which names the box and grants nothing."""

from collections.abc import Iterable
from itertools import groupby

import segno

QUIET = 4
"""The white rim that a reader needs, in modules."""


def qr_path(text: str) -> tuple[str, int]:
    """The dark modules as the path of an SVG, and how wide it is with its white rim, in modules.

    Level M still reads where a label is rubbed.
    """
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix]
    return "".join(run for y, row in enumerate(rows) for run in _runs(y, row)), len(rows) + 2 * QUIET


def _runs(y: int, row: Iterable[int]) -> Iterable[str]:
    """Modules side by side are one piece: no white line shows between them."""
    x = QUIET
    for dark, modules in groupby(row):
        long = len(list(modules))
        if dark:
            yield f"M{x} {y + QUIET}h{long}v1h-{long}z"
        x += long
