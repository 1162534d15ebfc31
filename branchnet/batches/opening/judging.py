"""The dry run: a ledger against what the books know. Every problem by sheet and row; nothing is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from branchnet.access.acts import Act
from branchnet.batches.lists.books import copies_of
from branchnet.batches.lists.purposes import Findings, Told
from branchnet.batches.opening.headings import PARTS
from branchnet.batches.opening.known import deliveries_to, opened_with, shelf_opened_with, teachers_of
from branchnet.batches.opening.places import SHELF, Spot
from branchnet.batches.opening.plans import Plan, Teacher, sum_sheet
from branchnet.batches.opening.pointing import Pointed, pointed
from branchnet.batches.opening.reading import Ledger
from branchnet.batches.opening.rows import BookRow, Named
from branchnet.stock.lists.rows import Problem


def judge(act: Act, ledger: Ledger, day: date) -> Findings:
    """What would be written, and what is wrong. A ledger comes in whole or not at all."""
    points = pointed(act, ledger.points, day)
    plan = Plan(day, points=points.points, teachers=_new_teachers(act, points, day))
    plan.spots = {spot.code: spot for spot in points.spots}
    told = [*_sheets(ledger), *_points(ledger, points)]
    judged = _Books(act, points, day, "points" in ledger.missing)
    for part, rows in ledger.books.items():
        for row, spot in judged.each(part, rows):
            if row.row.problems or row.row.warnings:
                told.append(_told(ledger, part, row.row.number, row.row.problems, row.row.warnings))
            if spot is not None and not row.row.problems:
                _put(plan, part, row, spot)
    wrong = sum(1 for one in told if one.problems)
    good = len(ledger.points) + sum(len(rows) for rows in ledger.books.values()) - wrong
    return Findings(
        good=max(good, 0),
        wrong=wrong,
        sums={"rows": good + wrong},
        heading=(_SHEET,),
        told=told,
        plan=plan,
        more=sum_sheet(plan),
    )


_SHEET = "工作表"
"""Over the first cell of each row that is told: which sheet it stands in."""


def _told(
    ledger: Ledger, part: str, number: int, problems: Sequence[Problem], warnings: Sequence[Problem] = ()
) -> Told:
    rows = ledger.sheets[part].rows
    cells = rows[number - 1] if 0 < number <= len(rows) else ()
    return Told(number, (PARTS[part].word, *cells), problems, warnings)


def _sheets(ledger: Ledger) -> Iterator[Told]:
    for part, names in ledger.missing.items():
        heads = "、".join(PARTS[part].names[name][0] for name in names)
        yield _told(ledger, part, 1, [Problem("opening_columns", "", heads)])
    for part, (number, unused) in ledger.unused.items():
        yield _told(ledger, part, number, (), [Problem(code, "", head) for code, head in unused])
    for name in ledger.unknown:
        yield Told(0, (name,), (), (Problem("opening_sheet_unknown", "", name),))


def _points(ledger: Ledger, points: Pointed) -> Iterator[Told]:
    for row, problems, warnings in points.told:
        if problems or warnings:
            yield _told(ledger, "points", row.number, problems, warnings)


def _new_teachers(act: Act, points: Pointed, day: date) -> list[Teacher]:
    """Teachers who do not answer for their point yet."""
    there = teachers_of(act.network_id, day)
    known = {spot.code: spot.point.id for spot in points.spots if spot.point}
    return [one for one in points.teachers if one.name not in there.get(known.get(one.code, 0), set())]


def _put(plan: Plan, part: str, row: BookRow, spot: Spot) -> None:
    plan.spots.setdefault(spot.code, spot)
    if part == "deliveries" and row.sent_on is not None:
        plan.out.setdefault((spot.code, row.sent_on, row.due_back_on), []).append(row.lot)
    else:
        plan.stock.setdefault(spot.code, []).append(row.lot)


@dataclass
class _Books:
    """What is needed to judge rows of books."""

    act: Act
    points: Pointed
    day: date
    points_unread: bool
    """Whether there is a sheet of points of which not even the names were found."""

    def each(self, part: str, rows: Sequence[BookRow]) -> Iterator[tuple[BookRow, Spot | None]]:
        """Each row with its point, and with all that is wrong with it."""
        barcodes = [row.lot.barcode for row in rows if row.lot.barcode]
        known = copies_of(self.act.network_id, barcodes)
        opened, sent = opened_with(self.act.network_id), deliveries_to(self.act.network_id)
        shelf = shelf_opened_with(self.act.network_id, self.day)
        for row in rows:
            where = self._find(row.named) if row.named.told else None
            spot = where if isinstance(where, Spot) else None
            problems = [where] if isinstance(where, Problem) else []
            if row.lot.barcode in known:
                problems.append(Problem("barcode_known", "barcode", row.lot.barcode, (known[row.lot.barcode].title,)))
            if part == "deliveries":
                problems += self._delivery(row, spot, sent)
            elif spot is not None and (number := _begun(spot, opened, shelf)) is not None:
                problems.append(Problem("opened_already", "point", row.named.told, (number,)))
            yield replace(row, row=row.row.wrong(*problems)), spot

    def _find(self, named: Named) -> Spot | Problem:
        """The point that is meant. One whose own row is wrong is not unknown: that row comes first."""
        found = self.points.places.find(named, self.day)
        if isinstance(found, Problem) and found.code == "point_unknown":
            if self.points_unread:
                return Problem("points_unread", found.field, named.told)
            if (row := self.points.row_of(named)) is not None:
                return Problem("point_row_wrong", found.field, named.told, (row,))
        return found

    def _delivery(self, row: BookRow, spot: Spot | None, sent: dict[tuple[int, date], str]) -> Iterator[Problem]:
        if spot == SHELF:
            yield Problem("point_unknown", "point", row.named.told)
        if row.sent_on is None:
            return
        if row.sent_on > self.day:
            yield Problem("sent_after", "sent_on", row.sent_on.isoformat(), (self.day.isoformat(),))
        if row.due_back_on is not None and row.due_back_on < row.sent_on:
            yield Problem("due_before", "due_back_on", row.due_back_on.isoformat())
        number = sent.get((spot.point.place_id, row.sent_on)) if spot and spot.point else None
        if number is not None:
            yield Problem("delivery_known", "sent_on", row.sent_on.isoformat(), (number,))


def _begun(spot: Spot, opened: dict[int, str], shelf: str | None) -> str | None:
    """The opening batch that a place has already."""
    if spot == SHELF:
        return shelf
    return opened.get(spot.point.place_id) if spot.point else None
