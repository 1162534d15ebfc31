"""What is missing, as a list for the school: of a return what did not come, of what was sent what is still there."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Integer, and_, case, cast, func, or_, select

from branchnet.batches.brought import last_brought, standing_at
from branchnet.batches.papers.rules import Sum, add_up
from branchnet.batches.queries.one import BatchHead
from branchnet.batches.settlements import settlements_of
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.language import _
from branchnet.models import Batch, Discrepancy, Entry, Lot, Move
from branchnet.sheets import Column, Sheet
from branchnet.stock.queries import AT_ONCE


@dataclass(frozen=True, slots=True)
class MissingLine:
    """So many copies (册) that are missing: what they are, list price of one in fen, and which batches brought them."""

    title: str
    barcode: str | None
    call_number: str | None
    quantity: int
    price_fen: int | None
    batches: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A list of what is missing; ``unnamed``: copies (册) that nobody can name yet."""

    lines: list[MissingLine]
    unnamed: int
    sum: Sum


def missing_of(head: BatchHead) -> Missing:
    """What is missing of a return: its open shortages, and what was found to be still where it should have come from;
    of any other batch: what of it still stands where it went.

    A fixed number of statements.
    """
    if head.kind == "return":
        short, unnamed = _short(head)
        for lot_id, copies in _left_there(head).items():
            short[lot_id] = short.get(lot_id, 0) + copies
        lines = _lines(head, short, _brought(head, short))
    else:
        there = standing_at(head.network_id, head.end.place_id).of(head.id)
        lines, unnamed = _lines(head, there, dict.fromkeys(there, head.number)), 0
    return Missing(lines, unnamed, add_up(lines))


def _short(head: BatchHead) -> tuple[dict[int, int], int]:
    """By lot the copies of open shortages, and those that name none."""
    rows = db.session.execute(
        select(Discrepancy.lot_id, cast(func.sum(Discrepancy.quantity), Integer))
        .where(
            Discrepancy.network_id == head.network_id,
            Discrepancy.batch_id == head.id,
            Discrepancy.kind == "short",
            Discrepancy.closed_on.is_(None),
        )
        .group_by(Discrepancy.lot_id)
    ).all()
    named = {lot_id: copies for lot_id, copies in rows if lot_id is not None}
    return named, sum(copies for lot_id, copies in rows if lot_id is None)


def _left_there(head: BatchHead) -> dict[int, int]:
    """By lot the copies that a closed difference put back where the return came from, and that have not left since."""
    point = head.start.place_id
    undone = select(Entry.reverses_id).where(Entry.network_id == head.network_id, Entry.reverses_id.is_not(None))
    put_back = (
        select(Move.lot_id, func.sum(Move.quantity).label("copies"), func.min(Move.id).label("since"))
        .where(
            Move.network_id == head.network_id,
            Move.batch_id == head.id,
            Move.to_place_id == point,
            Move.reason == "miscounted",
            Move.reverses_id.is_(None),
            Move.entry_id.not_in(undone),
        )
        .group_by(Move.lot_id)
        .subquery()
    )
    left = (
        select(func.sum(case((Move.from_place_id == point, Move.quantity), else_=-Move.quantity)))
        .where(
            Move.network_id == head.network_id,
            Move.lot_id == put_back.c.lot_id,
            Move.id > put_back.c.since,
            # What was brought anew is another batch's; what came back because its leaving was taken back is this.
            or_(
                and_(Move.from_place_id == point, Move.reverses_id.is_(None)),
                and_(Move.to_place_id == point, Move.reverses_id.is_not(None)),
            ),
        )
        .correlate(put_back)
        .scalar_subquery()
    )
    rows = db.session.execute(select(put_back.c.lot_id, cast(put_back.c.copies - func.coalesce(left, 0), Integer)))
    return {lot_id: copies for lot_id, copies in rows if copies > 0}


def _brought(head: BatchHead, lots: Mapping[int, int]) -> dict[int, str]:
    """By lot the numbers of the batches that had brought it there: a copy's last one, a counted lot's settled ones."""
    last = last_brought(head.network_id, head.start.place_id, list(lots)).subquery()
    rows = db.session.execute(
        select(last.c.lot_id, Batch.number)
        .join(Move, and_(Move.network_id == head.network_id, Move.id == last.c.move_id))
        .join(Batch, and_(Batch.network_id == Move.network_id, Batch.id == Move.batch_id))
    )
    found: dict[int, str] = dict(rows.all())
    settled = settlements_of(head.network_id, head.id)
    numbers = dict(
        db.session.execute(
            select(Batch.id, Batch.number).where(Batch.id.in_({one for by in settled.values() for one in by}))
        ).all()
    )
    return found | {lot_id: _("、").join(numbers[one] for one in by) for lot_id, by in settled.items()}


def _lines(head: BatchHead, copies: Mapping[int, int], batches: Mapping[int, str]) -> list[MissingLine]:
    rows = [row for part in _parts(list(copies)) for row in db.session.execute(_books(head.network_id, part))]
    made = sorted(rows, key=lambda row: (row.initials, row.id))
    return [
        MissingLine(row.title, row.barcode, row.call_number, copies[row.id], row.price_fen, batches.get(row.id, ""))
        for row in made
    ]


def _books(network_id: int, lot_ids: list[int]) -> Rows:
    return select(Lot.id, Lot.title, Lot.barcode, Lot.call_number, Lot.price_fen, Lot.initials).where(
        Lot.network_id == network_id, Lot.id.in_(lot_ids)
    )


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + AT_ONCE] for start in range(0, max(len(ids), 1), AT_ONCE)]


def missing_sheet(number: str, point: str, missing: Missing) -> Sheet:
    """The list as a sheet of Excel."""
    columns = [
        Column(_("序号"), "number", width=6),
        Column(_("书名"), width=40),
        Column(_("条码"), width=18),
        Column(_("索书号"), width=16),
        Column(_("批次"), width=14),
        Column(_("数量"), "number", _("册"), 10),
        Column(_("单价"), "fen", _("元"), 12),
        Column(_("码洋"), "fen", _("元"), 14),
    ]
    rows = [
        (
            place,
            line.title,
            line.barcode,
            line.call_number,
            line.batches,
            line.quantity,
            line.price_fen,
            None if line.price_fen is None else line.price_fen * line.quantity,
        )
        for place, line in enumerate(missing.lines, start=1)
    ]
    worth = missing.sum.fen if missing.sum.priced else None
    total = (None, _("合计"), None, None, None, missing.sum.copies, None, worth)
    return Sheet(_("未还清单"), _("未还图书清单"), (number, point), columns, rows, total, _foot(missing))


def _foot(missing: Missing) -> list[str]:
    foot = []
    if missing.sum.unpriced:
        foot.append(_("有 %(count)s 册没有定价，没有计入码洋。", count=f"{missing.sum.unpriced:,}"))
    if missing.unnamed:
        foot.append(_("另有 %(count)s 册还不知道是哪几册。", count=f"{missing.unnamed:,}"))
    return foot
