"""H3 cells as numbers: what lies above a cell is told by shifting its bits, in SQL and here alike. Pure.

A cell's digits stand three bits each from the coarsest down, and its resolution in bits of its own: cells of one
resolution that begin with the same digits lie in the same cell above (h3geo.org, "H3 Index Bit Layout").
"""

import h3

from branchnet.models.place import CELL_RESOLUTION

COARSEST = 3
"""Cells of some 12,000 km²: all of China in some hundreds."""
ONE_UP = 3
"""Bits by which a cell so shifted is shifted on to the one above it."""
_DIGITS = 15
_RESOLUTION_AT = 52


def shift_to(resolution: int) -> int:
    """By how many bits to the right a stored cell is shifted, so that all of one cell above become one number."""
    return ONE_UP * (_DIGITS - resolution)


def cell_of(prefix: int, resolution: int) -> str:
    """The H3 cell, as h3 names it, of a stored cell that was shifted to a resolution."""
    shift = shift_to(resolution)
    whole = (prefix << shift) | ((1 << shift) - 1)
    return str(h3.int_to_str(whole - ((CELL_RESOLUTION - resolution) << _RESOLUTION_AT)))


def middle_of(prefix: int, resolution: int) -> tuple[float, float]:
    """The middle of such a cell, in degrees."""
    lat, lon = h3.cell_to_latlng(cell_of(prefix, resolution))
    return float(lat), float(lon)


def resolution_for(zoom: float) -> int:
    """The resolution whose cells are some 30 to 70 pixels wide at a zoom, never coarser than ``COARSEST``."""
    return min(CELL_RESOLUTION, max(COARSEST, int(0.7 * zoom - 0.5)))
