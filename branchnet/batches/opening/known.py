"""What the books know already that a ledger must not say a second time."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from sqlalchemy import and_, or_, select

from branchnet.extensions import db
from branchnet.models import AnswersFor, Batch, FileList, Person, Place, ServicePoint
from branchnet.stock.lists import Table


def opened_with(network_id: int) -> dict[int, str]:
    """By place the number of the opening batch that it has; a point's books are begun once."""
    rows = db.session.execute(
        select(Batch.to_place_id, Batch.number)
        .join(Place, and_(Place.network_id == Batch.network_id, Place.id == Batch.to_place_id))
        .where(
            Batch.network_id == network_id,
            Batch.kind == "opening",
            Batch.state != "cancelled",
            Place.kind == "point",
        )
        .order_by(Batch.id.desc())
    )
    return dict(rows.all())


def shelf_opened_with(network_id: int, day: date) -> str | None:
    """The number of the opening batch that came to the central shelf on this day."""
    return db.session.scalar(
        select(Batch.number)
        .join(Place, and_(Place.network_id == Batch.network_id, Place.id == Batch.to_place_id))
        .where(
            Batch.network_id == network_id,
            Batch.kind == "opening",
            Batch.state != "cancelled",
            Batch.received_on == day,
            Place.kind == "shelf",
        )
        .limit(1)
    )


def deliveries_to(network_id: int) -> dict[tuple[int, date], str]:
    """By place and day of sending, the number of the delivery that is in the books."""
    rows = db.session.execute(
        select(Batch.to_place_id, Batch.dispatched_on, Batch.number).where(
            Batch.network_id == network_id,
            Batch.kind == "delivery",
            Batch.state != "cancelled",
            Batch.dispatched_on.is_not(None),
        )
    )
    return {(place_id, sent_on): number for place_id, sent_on, number in rows if sent_on is not None}


def teachers_of(network_id: int, day: date) -> dict[int, set[str]]:
    """By point the names of those who answer for it on a day."""
    rows = db.session.execute(
        select(AnswersFor.point_id, Person.display_name)
        .join(Person, and_(Person.network_id == AnswersFor.network_id, Person.id == AnswersFor.person_id))
        .where(AnswersFor.network_id == network_id, or_(AnswersFor.ended_on.is_(None), AnswersFor.ended_on > day))
    )
    found: dict[int, set[str]] = {}
    for point_id, name in rows:
        found.setdefault(point_id, set()).add(name or "")
    return found


def people_with(network_id: int, phones: Sequence[str]) -> dict[tuple[str, str], int]:
    """By name and phone the people of this network who are still there: one person is entered once."""
    rows = db.session.execute(
        select(Person.display_name, Person.phone, Person.id)
        .where(Person.network_id == network_id, Person.phone.in_(phones), Person.left_on.is_(None))
        .order_by(Person.id.desc())
    )
    return {(name, phone): person_id for name, phone, person_id in rows if name and phone}


def places_of(network_id: int, codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """By code the place and the point."""
    rows = db.session.execute(
        select(ServicePoint.code, ServicePoint.place_id, ServicePoint.id).where(
            ServicePoint.network_id == network_id, ServicePoint.code.in_(codes)
        )
    )
    return {code: (place_id, point_id) for code, place_id, point_id in rows}


def content_of(table: Table) -> str:
    """What tells that two workbooks say the same, also where one was only saved again."""
    said = sha256()
    for sheet in table.sheets:
        said.update(repr((sheet.name, [list(row) for row in sheet.rows])).encode())
    return said.hexdigest()


def taken_in(network_id: int, content: str) -> str | None:
    """The name of the ledger of the same content that is in the books already.

    Where all of its batches were cancelled since, it may come again.
    """
    ledgers = db.session.execute(
        select(FileList.file_name, FileList.options)
        .where(FileList.network_id == network_id, FileList.purpose == "opening", FileList.state == "applied")
        .order_by(FileList.id.desc())
    )
    name = next((name for name, options in ledgers if (options or {}).get("content") == content), None)
    begun = select(Batch.id).where(Batch.network_id == network_id, Batch.kind == "opening", Batch.state != "cancelled")
    return name if name is not None and db.session.scalar(begun.limit(1)) is not None else None
