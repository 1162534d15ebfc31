"""What can be reported of a place: what it holds, less what is open of it already."""

from sqlalchemy import ColumnElement, Integer, and_, cast, func, select

from branchnet.batches.counted import name_of
from branchnet.batches.losses.rules import REPORTED
from branchnet.database import Rows
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Batch, Discrepancy, Holding, Lot
from branchnet.stock.queries import lot_by_barcode

NAMED = 5


def place_of_case() -> ColumnElement[int]:
    """Where the copies of a case should be, its batch joined: where the batch went, or the place that it names."""
    return func.coalesce(Discrepancy.place_id, Batch.to_place_id)


def held(network_id: int, place_id: int, lot_id: int | None = None) -> int:
    """Copies (册) of a lot, or of all, that a place holds."""
    query = select(func.sum(Holding.quantity)).where(Holding.network_id == network_id, Holding.place_id == place_id)
    return int(db.session.scalar(query if lot_id is None else query.where(Holding.lot_id == lot_id)) or 0)


def open_at(network_id: int, place_id: int, lot_id: int | None = None) -> int:
    """Copies (册) at a place that are reported already, short or damaged, and of which nobody knows more yet."""
    query: Rows = (
        select(func.sum(Discrepancy.quantity))
        .outerjoin(Batch, and_(Batch.network_id == Discrepancy.network_id, Batch.id == Discrepancy.batch_id))
        .where(
            Discrepancy.network_id == network_id,
            Discrepancy.closed_on.is_(None),
            Discrepancy.kind.in_(REPORTED),
            Discrepancy.in_transit.is_(False),
            place_of_case() == place_id,
        )
    )
    return int(db.session.scalar(query if lot_id is None else query.where(Discrepancy.lot_id == lot_id)) or 0)


def missing_at(network_id: int, place_id: int) -> dict[int, int]:
    """By lot the copies (册) that the books have at a place and that open differences call missing."""
    query: Rows = (
        select(Discrepancy.lot_id, cast(func.sum(Discrepancy.quantity), Integer))
        .outerjoin(Batch, and_(Batch.network_id == Discrepancy.network_id, Batch.id == Discrepancy.batch_id))
        .where(
            Discrepancy.network_id == network_id,
            Discrepancy.lot_id.is_not(None),
            Discrepancy.closed_on.is_(None),
            Discrepancy.kind == "short",
            Discrepancy.in_transit.is_(False),
            place_of_case() == place_id,
        )
        .group_by(Discrepancy.lot_id)
    )
    return dict(db.session.execute(query).all())


def lot_called(network_id: int, place_id: int, text: str) -> int | None:
    """The one lot that a barcode, or a title of counted books at a place, means; None where no one title is meant."""
    copy = lot_by_barcode(network_id, text)
    if copy is not None:
        return copy.id
    found = _titles(network_id, place_id, text.strip())
    return found[0][0] if len(found) == 1 else None


def lot_named(network_id: int, place_id: int, text: str) -> int:
    """The same for who can say it better: raises Invalid("nothing_like" / "several_like") for the field ``what``."""
    lot_id = lot_called(network_id, place_id, text)
    if lot_id is not None:
        return lot_id
    names = [name for _lot_id, name in _titles(network_id, place_id, text.strip())]
    code = "several_like" if names else "nothing_like"
    raise Invalid(code, fields={"what": code}, typed=text.strip(), names=names[:NAMED], more=len(names) > NAMED)


def _titles(network_id: int, place_id: int, text: str) -> list[tuple[int, str]]:
    """Counted lots at a place by title, category or initials: called so exactly, or else with the text in them."""
    rows = db.session.execute(
        select(Lot.id, Lot.title, Lot.category, Lot.initials)
        .join(Holding, and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id))
        .where(
            Lot.network_id == network_id,
            Lot.serial.is_(False),
            Holding.place_id == place_id,
            Holding.quantity > 0,
            Lot.title.icontains(text.partition("（")[0], autoescape=True)
            | (Lot.category == text)
            | Lot.initials.startswith(text.lower(), autoescape=True),
        )
        .order_by(Lot.initials, Lot.id)
    ).all()
    exact = [row for row in rows if text in (row.title, name_of(row.title, row.category))]
    return [(row.id, name_of(row.title, row.category)) for row in exact or rows]
