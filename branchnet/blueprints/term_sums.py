"""What the sums of a term leave out, in words: months in which a number was not counted, days of stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from branchnet.coverage.terms import PointTerm
from branchnet.language import _
from branchnet.readings.queries import Held, earlier


@dataclass(frozen=True, slots=True)
class Told:
    """A point's term with the earlier windows that are of it, and ``beside`` it those that are of it by a part."""

    term: PointTerm
    beside: Sequence[Held]


def with_earlier(network_id: int, found: Sequence[PointTerm]) -> list[Told]:
    """These points' term with earlier terms and years: of it where most of their days are. One statement."""
    if not found:
        return []
    term = found[0].term
    windows = earlier([network_id], [one.point.id for one in found], term.first, term.last)
    told = []
    for one in found:
        own = [held for held in windows if held.point_id == one.point.id and held not in one.whole]
        inside = [held for held in own if _mostly_in(held, term.first, term.last)]
        beside = [held for held in own if held not in inside]
        told.append(Told(replace(one, whole=[*one.whole, *inside]), beside))
    return told


def _mostly_in(held: Held, first: date, last: date) -> bool:
    shared = (min(held.last_on, last) - max(held.first_on, first)).days + 1
    return 2 * shared > (held.last_on - held.first_on).days + 1


def days_of(found: PointTerm) -> tuple[int | None, int]:
    """The days open (天) of a term: those that add up, None where none were counted; and those of stays left out.

    A stay that shares days with a month that was counted, or with another stay, would count them twice.
    """
    windows = [held for _month, _state, held in found.months if held is not None]
    windows += sorted(found.whole, key=lambda held: (held.window_kind == "stay", held.first_on))
    added: list[Held] = []
    left_out = 0
    for held in windows:
        if held.days_open is None:
            continue
        if any(held.first_on <= one.last_on and held.last_on >= one.first_on for one in added):
            left_out += held.days_open
        else:
            added.append(held)
    return (sum(held.days_open or 0 for held in added) if added else None), left_out


def months_counted(found: PointTerm, name: str) -> int | None:
    """How many months a number was counted in, where that is not every month that was reported."""
    reported = [held for _month, _state, held in found.months if held is not None and not held.not_open]
    counted = sum(getattr(held, name) is not None for held in reported)
    return counted if 0 < counted < len(reported) else None


def partly_words(found: PointTerm, labels: Mapping[str, str]) -> list[str]:
    """Of which of these numbers the sum is of some months only, a sentence each, as they are called there."""
    counted = {label: months_counted(found, name) for name, label in labels.items()}
    return [_("%(what)s只有 %(count)d 个月数过", what=label, count=count) for label, count in counted.items() if count]


def left_out_words(days: int) -> list[str]:
    """That the days of stays stand beside the sum, where there are any."""
    return [] if not days else [_("送书期间开放的 %(count)d 天，没有加", count=days)]
