"""Many open differences end the same way at once: on one day, for one reason, all of them or none."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import and_, select

from branchnet.access.acts import Act
from branchnet.batches.commands.differences import resolve
from branchnet.batches.commands.shared import not_ahead
from branchnet.errors import BranchNetError, Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import Discrepancy, Lot


def resolve_alike(act: Act, case_ids: Collection[int], resolution: str, happened_on: date, reason: str) -> None:
    """Close these differences (``resolve``) as the same.

    Raises Invalid("nothing_ticked"), and Conflict("not_all_closed") with ``refused``: of each that cannot end so its
    id, its book (title and barcode, None where nobody knows which) and the error.
    """
    if not case_ids:
        raise Invalid("nothing_ticked")
    day = not_ahead(act, happened_on)
    wrong: dict[int, BranchNetError] = {}
    for case_id in sorted(set(case_ids)):
        try:
            # Each by itself, so that one answer tells of all that stand in the way.
            with db.session.begin_nested():
                resolve(act, case_id, resolution, day, reason=reason)
        except BranchNetError as error:
            wrong[case_id] = error
    if wrong:
        books = _books(act, wrong)
        raise Conflict("not_all_closed", refused=[(one, *books.get(one, (None, None)), wrong[one]) for one in wrong])


def _books(act: Act, case_ids: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
    rows = db.session.execute(
        select(Discrepancy.id, Lot.title, Lot.barcode)
        .outerjoin(Lot, and_(Lot.network_id == Discrepancy.network_id, Lot.id == Discrepancy.lot_id))
        .where(Discrepancy.network_id == act.network_id, Discrepancy.id.in_(case_ids))
    )
    return {row.id: (row.title, row.barcode) for row in rows}
