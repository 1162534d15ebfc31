"""A list of barcodes (配书): copies that stand where the batch starts go into it; unknown ones may come in first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.batches.commands import NewLine, add_lines, open_boxes, take_in
from branchnet.batches.commands.shared import batch_for
from branchnet.batches.lists.books import Copy, Parsed, copies_of, held_at, listed_in, parse, same_title, sums_of
from branchnet.batches.lists.purposes import Asked, Findings, Parsing, Purpose, Written
from branchnet.errors import Conflict
from branchnet.extensions import db
from branchnet.models import Batch, Box
from branchnet.stock.lists import Table
from branchnet.stock.lists.headings import BOOKS
from branchnet.stock.lists.rows import SHOWN, Problem, Row
from branchnet.stock.queries import AT_ONCE, Whereabouts, whereabouts

NEEDS = ("barcode",)


@dataclass(frozen=True, slots=True)
class Known:
    """What the books say about the copies of a list."""

    batch_id: int
    copies: Mapping[str, Copy]
    here: set[int]
    listed: Mapping[int, tuple[int, str]]
    elsewhere: Mapping[int, Whereabouts]


def read(act: Act, asked: Asked, table: Table) -> Parsing:
    """Its rows, each with a barcode; a title only matters where the copy is new."""
    return (yield from parse(act, asked, table, NEEDS))


def judge(act: Act, asked: Asked, parsed: Parsed) -> Findings:
    """Which copies would go into the batch: known ones that stand there, and new ones if the clerk wants that."""
    batch = _batch(act, asked)
    known = _known(act, batch, parsed)
    take_in = bool(asked.options.get("take_in"))
    rows = [_judged(row, known, take_in) for row in parsed.rows if row.is_book]
    there = {row.number for row in rows if row.good and _is_there(row, known)}
    adds = [row for row in rows if row.good and row.number not in there]
    unknown = [row for row in rows if _could_come_in(row)]
    new = [row for row in adds if row.lot.barcode not in known.copies]
    copies = [known.copies.get(row.lot.barcode or "", row.lot) for row in adds]
    return Findings(
        good=len(adds),
        wrong=sum(not row.good for row in rows),
        sums={
            **sums_of((copy.title for copy in copies), [1] * len(adds), (copy.price_fen for copy in copies)),
            "rows": len(rows),
            "skipped": len(parsed.rows) - len(rows),
            "there": len(there),
            "unknown": len(unknown),
            "new": len(new),
        },
        heading=parsed.heading,
        told=parsed.told(rows),
        plan=(adds, known.copies),
    )


def _batch(act: Act, asked: Asked) -> Batch:
    return db.session.scalars(select(Batch).where(Batch.network_id == act.network_id, Batch.id == asked.batch_id)).one()


def _known(act: Act, batch: Batch, parsed: Parsed) -> Known:
    copies = copies_of(act.network_id, [row.lot.barcode for row in parsed.rows if row.lot.barcode])
    lot_ids = sorted(copy.lot_id for copy in copies.values())
    here = held_at(act.network_id, batch.from_place_id, lot_ids)
    away = [lot_id for lot_id in lot_ids if lot_id not in here]
    elsewhere: dict[int, Whereabouts] = {}
    for start in range(0, len(away), AT_ONCE):
        elsewhere |= whereabouts(act.network_id, away[start : start + AT_ONCE])
    return Known(batch.id, copies, here, listed_in(act.network_id, lot_ids), elsewhere)


def _judged(row: Row, known: Known, take_in: bool) -> Row:
    barcode = row.lot.barcode
    if barcode is None:
        return row
    copy = known.copies.get(barcode)
    if copy is None:
        return row if take_in and row.good and row.lot.title else row.wrong(_unknown(row))
    # The books know it: what the list says about its price or length does not matter. Another title is told, for the
    # barcode may be on the wrong book; which of the two is right the clerk knows.
    row = replace(
        row,
        problems=tuple(problem for problem in row.problems if problem.code in _STILL_WRONG),
        warnings=_called_otherwise(row, copy),
    )
    listed = known.listed.get(copy.lot_id)
    if listed is not None and listed[0] != known.batch_id:
        return row.wrong(Problem("in_other_batch", "barcode", barcode, (listed[1],)))
    if copy.lot_id not in known.here:
        return row.wrong(Problem("elsewhere", "barcode", barcode, _where(known.elsewhere.get(copy.lot_id))))
    return (
        row if listed is None else replace(row, warnings=(Problem("in_this_batch", "barcode", barcode), *row.warnings))
    )


def _called_otherwise(row: Row, copy: Copy) -> tuple[Problem, ...]:
    told = row.lot.title
    if not told or same_title(told, copy.title):
        return ()
    return (Problem("called_otherwise", "title", told[:SHOWN], (copy.title,)),)


_STILL_WRONG = frozenset({"box", "barcode_twice"})


def _unknown(row: Row) -> Problem:
    return Problem("unknown_titled" if row.lot.title else "barcode_unknown", "barcode", row.lot.barcode or "")


def _where(found: Whereabouts | None) -> tuple[Any, ...]:
    if found is None or not found.places:
        return ()
    standing = found.places[0]
    return standing.place_id, standing.kind, standing.since.isoformat(), standing.batch


def _is_there(row: Row, known: Known) -> bool:
    copy = known.copies.get(row.lot.barcode or "")
    return copy is not None and copy.lot_id in known.listed


def _could_come_in(row: Row) -> bool:
    return [problem.code for problem in row.problems] == ["unknown_titled"]


def write(act: Act, asked: Asked, findings: Findings) -> Written:
    """The good rows become lines of the batch; new copies are taken in first where the batch starts.

    Raises Conflict("not_from_here") where the batch is no draft any more.
    """
    batch = batch_for(act, asked.batch_id or 0)
    if batch.state != "draft":
        raise Conflict("not_from_here", step="add", state=batch.state, number=batch.number)
    rows, known = findings.plan
    lots = {barcode: copy.lot_id for barcode, copy in known.items()}
    new, made = [row.lot for row in rows if row.lot.barcode not in lots], {}
    if new:
        taken = take_in(act, "accession", new, date.fromisoformat(asked.options["day"]), batch.from_place_id)
        lots.update(zip((lot.barcode for lot in new), taken.lot_ids, strict=True))
        made = {"accession": taken.batch.number}
    _open_as_far_as(act, batch, max((row.box for row in rows if row.box), default=0))
    add_lines(act, batch.id, [NewLine(lots[row.lot.barcode], 1, row.box) for row in rows])
    return Written(batch.id, len(rows), {**made, "number": batch.number})


def _open_as_far_as(act: Act, batch: Batch, wanted: int) -> None:
    """The list says box 5: then there are five."""
    last = db.session.scalar(
        select(func.max(Box.number)).where(Box.network_id == act.network_id, Box.batch_id == batch.id)
    )
    if wanted > (last or 0):
        open_boxes(act, batch.id, wanted - (last or 0))


PICK = Purpose(read, judge, write, BOOKS, NEEDS)
