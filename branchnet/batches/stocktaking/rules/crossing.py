"""Moves that cross a stocktake: which of them a count has seen already, and of which somebody must say so."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

BEFORE, AFTER = "before", "after"

Answers = Mapping[int, str]
"""By entry, what somebody said: it happened before the count, or after it."""


@dataclass(frozen=True, slots=True)
class Later:
    """An entry that is not in the books of the start: recorded since, or dated later than that day.

    ``changes``: by lot, the copies (册) that it brought to the place, or took from it (below zero).
    """

    entry_id: int
    happened_on: date
    changes: Mapping[int, int]
    reverses_id: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A difference that is no news: so many copies (册) over, or short (below zero), of a lot or of nobody knows what.

    ``entry_id``: the moves by which it was closed, where copies moved.
    """

    lot_id: int | None
    copies: int
    opened_on: date
    closed_on: date | None = None
    entry_id: int | None = None


def standing(later: Iterable[Later]) -> list[Later]:
    """Without the entries that take each other back: neither of a pair changes what stands there."""
    rows = list(later)
    ids = {one.entry_id for one in rows}
    undone = {one.reverses_id for one in rows}
    return [one for one in rows if one.entry_id not in undone and one.reverses_id not in ids]


def side(entry: Later, begun_on: date, counted_on: date) -> str | None:
    """On which side of a count an entry lies; None where its day cannot say: then somebody is asked.

    Later than the count: after it. Between the start and the count: before it. On the day of the count, or dated back
    to the start or before it, both can be. What is taken back never was, for the count neither.
    """
    if entry.reverses_id is not None:
        return BEFORE
    if entry.happened_on > counted_on:
        return AFTER
    return BEFORE if begun_on < entry.happened_on < counted_on else None


def expected(
    at_start: int, later: Sequence[Later], lots: Collection[int], days: tuple[date, date], answers: Answers
) -> tuple[int, tuple[int, ...]]:
    """Copies (册) of these lots that a count should find, and the entries whose day cannot say whether it saw them.

    ``days``: of the start, and of the count. An entry that nobody answered for is taken to lie after the count.
    """
    copies, asked = at_start, []
    for entry in standing(later):
        change = sum(entry.changes.get(lot_id, 0) for lot_id in lots)
        if not change:
            continue
        where = side(entry, *days)
        if where is None:
            asked.append(entry.entry_id)
            where = answers.get(entry.entry_id, AFTER)
        copies += change if where == BEFORE else 0
    return copies, tuple(asked)


def known_on(cases: Iterable[Known], lots: Collection[int | None], counted_on: date, answers: Answers) -> int:
    """Copies (册) by which these lots were known to be over (or short: below zero) on the day they were counted."""
    return sum(
        case.copies
        for case in cases
        if case.lot_id in lots
        and case.opened_on <= counted_on
        and (case.closed_on is None or case.closed_on > counted_on or answers.get(case.entry_id or 0) == AFTER)
    )
