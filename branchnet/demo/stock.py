"""Which copies there are: barcodes, counted lots, and how a number of copies falls into categories."""

from __future__ import annotations

from branchnet.demo.events import CENTRAL, Copy, Counted, CountedLot, Quality
from branchnet.demo.files import points, titles
from branchnet.demo.world import Network

CATEGORIES: dict[str, tuple[str, int]] = {
    "I": ("儿童文学", 40),
    "J": ("图画书", 15),
    "N": ("科普", 15),
    "K": ("历史地理", 12),
    "G": ("文化教育", 10),
    "Q": ("动物植物", 8),
}
"""Main class of the Chinese Library Classification: its name here, and its share of a lot of books (%)."""

COPIES_OF_A_TITLE = 3
"""How many copies of one title follow each other in the run of barcodes."""


def barcodes(network: Network, first: int, count: int) -> tuple[str, ...]:
    """`count` barcodes in a row from serial number `first` (the first copy of a network is 1)."""
    return tuple(f"{network.barcode_prefix}{serial:08d}" for serial in range(first, first + count))


def copy(network: Network, barcode: str) -> Copy:
    """The copy that carries this barcode."""
    known = titles()
    index = (int(barcode.removeprefix(network.barcode_prefix)) - 1) // COPIES_OF_A_TITLE % len(known)
    return Copy(network.code, barcode, known[index], f"{known[index].category}/{index + 1:03d}")


def share(total: int, weights: dict[str, float]) -> dict[str, int]:
    """Whole numbers in proportion to the weights that add up to `total`: largest remainders first."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(weights, key=lambda key: parts[key] - exact[key])
    for key in by_remainder[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def counted(holder: str, total: int, quality: Quality = "exact") -> tuple[Counted, ...]:
    """`total` copies taken from the counted lots that were opened at `holder`, by category."""
    parts = share(total, {letter: weight for letter, (_, weight) in CATEGORIES.items()})
    return tuple(Counted(f"{holder}:{letter}", part, quality) for letter, part in parts.items() if part)


def lots(network: Network) -> tuple[CountedLot, ...]:
    """The counted lots of a network: one a category at the central library and at every point."""
    holders = {CENTRAL: "馆外流通书库"} | {p.code: p.name for p in points() if p.network == network.code}
    return tuple(
        CountedLot(network.code, f"{holder}:{letter}", f"{name} {category}", letter)
        for holder, name in holders.items()
        for letter, (category, _) in CATEGORIES.items()
    )
