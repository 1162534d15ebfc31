"""What the sums of a term leave out, in words: months in which a number was not counted, days of stays."""

from collections.abc import Mapping

from branchnet.coverage.terms import PointTerm
from branchnet.language import _
from branchnet.readings.queries import Held


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


def left_out_words(days: int) -> str:
    """That the days of stays stand beside the sum."""
    return _("送书期间 %(count)d 天，没有加", count=days)
