"""What was counted against what the books expect: by title, by copy, and for all that nobody counted by title."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from branchnet.batches.stocktaking.rules.crossing import Answers, Known, Later, expected, known_on, standing
from branchnet.stock.rules import worst_quality


@dataclass(frozen=True, slots=True)
class Held:
    """A lot as the books have it at the place: copies (册) at the start and now."""

    lot_id: int
    serial: bool
    name: str
    at_start: int
    now: int
    quality: str = "exact"
    barcode: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """So many copies (册) were found on a day."""

    copies: int
    on: date


@dataclass(frozen=True, slots=True)
class Task:
    """A stocktake: by scan (then a barcoded copy that nobody scanned is missing) or by count, and since which day."""

    by_scan: bool
    begun_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """A title, a barcoded copy or (``name`` empty) all that nobody counted by title: 册 expected and counted.

    ``difference``: what is new in it, over or (below zero) short; ``known``: what open differences said already;
    ``asked``: entries that may lie on either side of the count. ``lots``: by id the copies that stand there now.
    """

    name: str
    serial: bool
    expected: int
    counted: int | None
    counted_on: date | None
    known: int
    difference: int
    asked: tuple[int, ...]
    lots: Mapping[int, int]
    quality: str = "exact"
    barcode: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A difference to open: of a lot, or of nobody knows which copy."""

    kind: str
    quantity: int
    lot_id: int | None
    quality: str


@dataclass(frozen=True, slots=True)
class Variance:
    """All lines of a stocktake; ``untold``: copies (册) by the books of which nobody said anything."""

    lines: Sequence[Line] = ()
    untold: int = 0

    @property
    def asked(self) -> tuple[int, ...]:
        """The entries of which somebody must say on which side of the count they lie."""
        return tuple(sorted({entry for line in self.lines for entry in line.asked}))


@dataclass(frozen=True, slots=True)
class _Books:
    """What all lines are judged by."""

    task: Task
    later: Sequence[Later]
    answers: Answers
    known: Sequence[Known] = field(default=())

    def line(self, lots: Sequence[Held], counted: Counted, name: str, nameless: bool = False) -> Line:
        """Counted copies of these lots together."""
        ids = [lot.lot_id for lot in lots]
        days = (self.task.begun_on, counted.on)
        copies, asked = expected(sum(lot.at_start for lot in lots), self.later, ids, days, self.answers)
        whose: Collection[int | None] = {*ids, None} if nameless else set(ids)
        known = known_on(self.known, whose, counted.on, self.answers)
        now = sum(lot.now for lot in lots)
        # What has left since was there: no more is missing than the books still have here.
        news = max(_news(counted.copies, copies, known), -max(now, 0))
        return Line(
            name=name,
            serial=False,
            expected=copies,
            counted=counted.copies,
            counted_on=counted.on,
            known=known,
            difference=news,
            asked=asked,
            lots={lot.lot_id: lot.now for lot in lots},
            quality=worst_quality(lot.quality for lot in lots),
        )

    def scanned(self, lot: Held, counted: Counted) -> Line:
        """A barcoded copy that was held in the hand: over where the books never had it here."""
        came = lot.at_start > 0 or lot.now > 0 or any(one.changes.get(lot.lot_id, 0) > 0 for one in self.later)
        known = known_on(self.known, {lot.lot_id}, counted.on, self.answers)
        news = 0 if came or known > 0 else 1
        return self._copy(lot, int(came), 1, counted.on, known, news)

    def missing(self, lot: Held) -> Line | None:
        """A barcoded copy that nobody scanned: missing where it was there at the start and never left the place since.

        None where the books do not have it here any more, or where it was moved since: somebody held it.
        """
        begun_on = self.task.begun_on
        moved = any(one.changes.get(lot.lot_id) for one in self.later if one.happened_on > begun_on)
        if lot.now <= 0 or moved:
            return None
        days = (begun_on, begun_on)
        there, asked = expected(lot.at_start, self.later, [lot.lot_id], days, self.answers)
        known = known_on(self.known, {lot.lot_id}, begun_on, self.answers)
        news = -1 if there > 0 and known >= 0 else 0
        return self._copy(lot, there, 0, None, known, news, asked)

    @staticmethod
    def _copy(
        lot: Held, there: int, counted: int, on: date | None, known: int, news: int, asked: tuple[int, ...] = ()
    ) -> Line:
        here = {lot.lot_id: lot.now}
        return Line(lot.name, True, there, counted, on, known, news, asked, here, barcode=lot.barcode)


def variance(
    task: Task,
    lots: Iterable[Held],
    later: Iterable[Later],
    counts: Mapping[int | None, Counted],
    answers: Answers,
    known: Sequence[Known] = (),
) -> Variance:
    """Every title and copy of a stocktake, as it was counted and as the books expect it.

    ``counts``: by lot; without a lot, what was counted of all that nobody counted by title. Counted lots of one name
    are one to whoever counts. A copy that a scan does not name is missing; a number for all names none.
    """
    books = _Books(task, standing(later), answers, known)
    lines: list[Line] = []
    untold: list[Held] = []
    for group in _titles(lots):
        told = [counts[lot.lot_id] for lot in group if lot.lot_id in counts]
        first = group[0]
        if told and first.serial:
            lines.append(books.scanned(first, told[0]))
        elif told:
            together = Counted(sum(one.copies for one in told), max(one.on for one in told))
            lines.append(books.line(group, together, first.name))
        elif first.serial and task.by_scan:
            gone = books.missing(first)
            lines += [] if gone is None else [gone]
        else:
            untold += group
    if None not in counts:
        return Variance(lines, sum(lot.now for lot in untold))
    # A number for what is all of one title says which copies it is about.
    name = untold[0].name if len(untold) == 1 and not untold[0].serial else ""
    return Variance([*lines, books.line(untold, counts[None], name, nameless=True)])


def _titles(lots: Iterable[Held]) -> list[list[Held]]:
    """Barcoded copies each by itself, counted lots by their names, in the order given; the oldest of a name first."""
    groups: dict[tuple[bool, int | str], list[Held]] = {}
    for lot in lots:
        groups.setdefault((lot.serial, lot.lot_id if lot.serial else lot.name), []).append(lot)
    return [sorted(group, key=lambda lot: lot.lot_id) for group in groups.values()]


def _news(counted: int, should_be: int, known: int) -> int:
    """By how much a count leaves what the books and the open differences say between them."""
    low, high = sorted((should_be, should_be + known))
    if counted < low:
        return counted - low
    return max(counted - high, 0)


def differences(lines: Iterable[Line]) -> list[Found]:
    """What is to be opened: by lot where the title is known; a number for several titles names no copy."""
    found: list[Found] = []
    for line in lines:
        if not line.difference:
            continue
        kind, copies = ("over", line.difference) if line.difference > 0 else ("short", -line.difference)
        parts = _shared_out(line.lots, copies, kind) if line.name else {None: copies}
        found += [Found(kind, part, lot_id, line.quality) for lot_id, part in parts.items()]
    return found


def _shared_out(lots: Mapping[int, int], copies: int, kind: str) -> Mapping[int | None, int]:
    """What is over belongs to the oldest lot of a title; what is short is missing from the oldest that has copies."""
    if kind == "over":
        return {min(lots): copies}
    parts: dict[int | None, int] = {}
    for lot_id in sorted(lots):
        part = min(lots[lot_id], copies)
        if part > 0:
            parts[lot_id] = part
            copies -= part
    return parts
