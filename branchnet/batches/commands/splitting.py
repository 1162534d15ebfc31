"""Of the copies that a difference is about some turn out to be one thing and some another: it becomes two."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import insert

from branchnet.access.acts import Act
from branchnet.batches.commands.differences import open_case, resolve
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Discrepancy

ALIKE = (
    "network_id",
    "batch_id",
    "stocktake_id",
    "place_id",
    "box_id",
    "lot_id",
    "kind",
    "in_transit",
    "note",
    "opened_on",
    "opened_by",
    "opened_entry_id",
)
"""What both parts keep; their quantities add up to what was found."""


def split_off(act: Act, discrepancy_id: int, copies: int) -> int:
    """So many copies (册) of an open difference become one of their own. Returns its id; the same one for all of it.

    Raises NotFound, Conflict("closed_already"), Invalid("more_than_short") where it is about fewer.
    """
    case = open_case(act, discrepancy_id)
    if not 0 < copies <= case.quantity:
        raise Invalid(fields={"copies": "more_than_short"})
    if copies == case.quantity:
        return case.id
    case.quantity -= copies
    db.session.flush()
    part = {name: getattr(case, name) for name in ALIKE} | {"quantity": copies}
    return int(db.session.execute(insert(Discrepancy).values(part).returning(Discrepancy.id)).scalar_one())


def resolve_some(
    act: Act,
    discrepancy_id: int,
    copies: int | None,
    resolution: str,
    happened_on: date,
    lots: Mapping[int, int] | None = None,
) -> int:
    """So many copies (册) of an open difference, or all of it, end as `resolve` says. Returns the id of what ended."""
    part = discrepancy_id if copies is None else split_off(act, discrepancy_id, copies)
    resolve(act, part, resolution, happened_on, lots)
    return part
