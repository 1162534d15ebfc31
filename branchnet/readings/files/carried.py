"""Rows that were tried, carried by the page to the press that enters them: a line each, nothing kept meanwhile."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from branchnet.errors import Invalid
from branchnet.points.queries import Point
from branchnet.readings.commands import Entered
from branchnet.readings.files.judging import Judged
from branchnet.readings.files.reading import ROWS_AT_MOST, Window
from branchnet.readings.rules import NUMBERS, Report

FIELDS = (*NUMBERS, "days_open")
_DAY = r"\d{4}-\d\d-\d\d"
_LINE = re.compile(
    rf"([A-Za-z0-9-]+) (\d{{4}}-\d\d|(?:term|year):{_DAY}:{_DAY}) ((?:-|\d{{1,7}})(?: (?:-|\d{{1,7}})){{4}}) ([01])"
    r" (-|\d{1,9})"
)


def carried(rows: Sequence[Judged]) -> str:
    """The rows that would change something, as a form carries them: with the revision that was shown."""
    return "\n".join(_line(row) for row in rows if row.outcome in ("new", "replaces"))


def _line(row: Judged) -> str:
    window, report = row.row.window, row.row.report
    named = window if isinstance(window, str) else ":".join(map(str, window or ()))
    numbers = ("-" if (value := getattr(report, name)) is None else str(value) for name in FIELDS)
    seen = "-" if row.there is None else str(row.there.number)
    return " ".join((row.point.code if row.point else "", named, *numbers, str(int(report.not_open)), seen))


def read_carried(text: str, points: Mapping[str, Point]) -> list[Entered]:
    """The same rows again; ``points`` by code. Raises Invalid("readings_outdated") for anything else."""
    lines = text.split()
    if not lines:
        raise Invalid("nothing_to_enter")
    rows = text.replace("\r\n", "\n").strip().split("\n")
    if len(rows) > ROWS_AT_MOST:
        raise Invalid("readings_outdated")
    return [_entered(line, points) for line in rows]


def _entered(line: str, points: Mapping[str, Point]) -> Entered:
    found = _LINE.fullmatch(line)
    if found is None or found[1] not in points:
        raise Invalid("readings_outdated")
    numbers = {name: None if said == "-" else int(said) for name, said in zip(FIELDS, found[3].split(), strict=True)}
    seen = None if found[5] == "-" else int(found[5])
    report = Report(
        in_school_visits=numbers["in_school_visits"],
        in_school_loans=numbers["in_school_loans"],
        community_visits=numbers["community_visits"],
        community_loans=numbers["community_loans"],
        days_open=numbers["days_open"],
        not_open=found[4] == "1",
    )
    return Entered(points[found[1]].id, _window(found[2]), report, seen)


def _window(text: str) -> Window:
    if ":" not in text:
        return text
    kind, first, last = text.split(":")
    try:
        return kind, date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise Invalid("readings_outdated") from None
