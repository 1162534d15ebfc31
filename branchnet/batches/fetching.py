"""What can be fetched from a point: what stands there in the books, less what an open difference calls missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from branchnet.batches.brought import Standing, standing_at
from branchnet.batches.losses.there import missing_at


@dataclass(frozen=True, slots=True)
class Fetchable:
    """By lot the copies (册) to be fetched, and how many stay in the books there because nobody can find them."""

    lots: dict[int, int]
    missing: int


def fetchable(network_id: int, place_id: int, brought: Collection[int | None]) -> Fetchable:
    """Of what these batches brought to a place; None stands for what no batch brought. Five statements."""
    return without_missing(standing_at(network_id, place_id), brought, missing_at(network_id, place_id))


def without_missing(there: Standing, brought: Collection[int | None], missing: Mapping[int, int]) -> Fetchable:
    """Of each lot no more than stands there and is not missing, whoever brought what is missing."""
    lots: dict[int, int] = {}
    for one in brought:
        for lot_id, copies in there.of(one).items():
            lots[lot_id] = lots.get(lot_id, 0) + copies
    found = {
        lot_id: min(copies, max(there.copies_of(lot_id) - missing.get(lot_id, 0), 0)) for lot_id, copies in lots.items()
    }
    left_out = sum(lots.values()) - sum(found.values())
    return Fetchable({lot_id: copies for lot_id, copies in found.items() if copies}, left_out)
