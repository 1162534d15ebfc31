"""The register of losses: what was lost, damaged or worn, by point and year, as of the day of each case.

What was found again later stays in it: the figures of a year are what they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Integer, Subquery, and_, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.batches.losses.moved import standing
from branchnet.batches.losses.registers.parts import PAGE, Narrowed, Total, far_end, place_told, whole, worth
from branchnet.batches.losses.rules import GONE, LOSSES, WAITING
from branchnet.batches.queries.listing import End, ends_of
from branchnet.database import Day, Rows
from branchnet.extensions import db
from branchnet.models import Batch, Discrepancy, Lot, Move, Place, Repair


@dataclass(frozen=True, slots=True)
class LostRow:
    """So many copies (册) of a lot that were lost, damaged or worn on a day. ``fen``: their list prices."""

    lot_id: int
    title: str
    barcode: str | None
    property_number: str | None
    kind: str
    on: date
    quantity: int
    fen: int
    unpriced: int
    case_id: int | None
    batch: str | None
    place: End


@dataclass(slots=True)
class LostSum:
    """What a point lost in a year, by kind and in all."""

    place: End
    year: int
    kinds: dict[str, Total] = field(default_factory=dict)

    @property
    def all(self) -> Total:
        """Of every kind."""
        return add_up(self.kinds.values())


def add_up(totals: Iterable[Total]) -> Total:
    """The sum of sums."""
    every = list(totals)
    names = ("rows", "copies", "fen", "unpriced", "amount_fen")
    return Total(*(sum(getattr(total, name) for total in every) for name in names))


def lost_sums(networks: Iterable[int], asked: Narrowed, today: date) -> list[LostSum]:
    """By year, the latest first, and point: 册 and 码洋 of each kind of loss. Four statements."""
    wanted = sorted(networks)
    lost = _lost(wanted, asked)
    first, last = db.session.execute(select(func.min(lost.c.on), func.max(lost.c.on))).one()
    if first is None:
        return []
    years = range(first.year, last.year + 1)
    # Days are whole numbers: no engine knows their year.
    year = case(*((lost.c.on <= literal(date(one, 12, 31), Day), one) for one in years), else_=last.year)
    rows = db.session.execute(
        select(
            lost.c.place_id,
            lost.c.place_kind,
            year.label("year"),
            lost.c.kind,
            func.count(),
            whole(lost.c.quantity),
            whole(lost.c.fen),
            whole(lost.c.unpriced),
        ).group_by(lost.c.place_id, lost.c.place_kind, year, lost.c.kind)
    ).all()
    ends = ends_of({row.place_id for row in rows}, wanted, today)
    found: dict[tuple[int, int], LostSum] = {}
    for place_id, place_kind, one, kind, *sums in rows:
        place = ends.get(place_id) or End(place_id, place_kind)
        found.setdefault((one, place_id), LostSum(place, int(one))).kinds[kind] = Total(*sums)
    return sorted(found.values(), key=lambda row: (-row.year, row.place.code or "", row.place.place_id))


def lost_registered(
    networks: Iterable[int], asked: Narrowed, today: date, page: int = 1, size: int = PAGE
) -> tuple[list[LostRow], Total]:
    """A page of the copies behind the sums, the last first, and what they are in all. Four statements."""
    wanted = sorted(networks)
    lost = _lost(wanted, asked)
    rows = db.session.execute(
        select(lost).order_by(lost.c.on.desc(), lost.c.id.desc()).limit(size).offset((max(page, 1) - 1) * size)
    ).all()
    total = db.session.execute(
        select(func.count(), whole(lost.c.quantity), whole(lost.c.fen), whole(lost.c.unpriced)).select_from(lost)
    ).one()
    ends = ends_of({row.place_id for row in rows}, wanted, today)
    told = [
        LostRow(
            **{name: getattr(row, name) for name in LostRow.__dataclass_fields__ if name != "place"},
            place=ends.get(row.place_id) or End(row.place_id, row.place_kind),
        )
        for row in rows
    ]
    return told, Total(*total)


def _lost(networks: list[int], asked: Narrowed) -> Subquery:
    """Every move by which copies were lost or went to be disposed, with the place that it is told of.

    That is the point where they stood; of what was on the road or in the workroom, the point of its batch or case.
    """
    start, end, told = aliased(Place), aliased(Place), aliased(Place)
    mended, mended_batch, case_batch = aliased(Discrepancy), aliased(Batch), aliased(Batch)
    place = case(
        (start.kind == "point", Move.from_place_id),
        else_=func.coalesce(
            place_told(Discrepancy, case_batch), place_told(mended, mended_batch), far_end(), Move.from_place_id
        ),
    )
    kind = case((Move.reason == "worn", "worn"), (end.kind == "lost", "lost"), else_="damaged")
    fen, unpriced = worth(Move.quantity, Lot.price_fen)
    query: Rows = (
        select(
            Move.id,
            Move.lot_id,
            Lot.title,
            Lot.barcode,
            Lot.property_number,
            kind.label("kind"),
            Move.occurred_on.label("on"),
            cast(Move.quantity, Integer).label("quantity"),
            fen.label("fen"),
            unpriced.label("unpriced"),
            func.coalesce(Discrepancy.id, mended.id).label("case_id"),
            Batch.number.label("batch"),
            told.id.label("place_id"),
            told.kind.label("place_kind"),
        )
        .select_from(Move)
        .join(end, and_(end.network_id == Move.network_id, end.id == Move.to_place_id, end.kind.in_(WAITING)))
        .join(start, and_(start.network_id == Move.network_id, start.id == Move.from_place_id))
        .join(Lot, Lot.id == Move.lot_id)
        .outerjoin(Batch, and_(Batch.network_id == Move.network_id, Batch.id == Move.batch_id))
        .outerjoin(Discrepancy, and_(Discrepancy.network_id == Move.network_id, Discrepancy.entry_id == Move.entry_id))
        .outerjoin(case_batch, and_(case_batch.network_id == Move.network_id, case_batch.id == Discrepancy.batch_id))
        .outerjoin(
            Repair,
            and_(
                Repair.network_id == Move.network_id,
                Repair.entry_id == Move.entry_id,
                Repair.lot_id == Move.lot_id,
            ),
        )
        .outerjoin(mended, and_(mended.network_id == Move.network_id, mended.id == Repair.discrepancy_id))
        .outerjoin(mended_batch, and_(mended_batch.network_id == Move.network_id, mended_batch.id == mended.batch_id))
        .join(told, and_(told.network_id == Move.network_id, told.id == place))
        .where(start.kind.not_in(GONE), standing(), *asked.days(Move.occurred_on))
    )
    if asked.place_ids is not None:
        query = query.where(place.in_(asked.place_ids))
    if asked.kind in LOSSES:
        query = query.where(kind == asked.kind)
    return within(query, Move, networks).subquery()
