"""What the points report: the published numbers where there are any, plausible ones elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta

from branchnet.demo.chance import between
from branchnet.demo.events import Batch, Numbers, Reading
from branchnet.demo.files import number, rows
from branchnet.demo.stock import share
from branchnet.demo.terms import last_month_of, month_end, months, next_month, open_days, owes
from branchnet.demo.world import Point, Term

REPORT_YEAR = 2025
YEAR = months(date(REPORT_YEAR, 1, 1), date(REPORT_YEAR, 12, 31))

PUBLISHED = {"ZJ-M01": Numbers(12053, 1474, 268, 956)}
"""Sums over the report year that a report gives for one point."""

AWAITED = {"ZJ-M01", "ZJ-B16", "HS-B05"}
"""Points whose last month nobody has reported yet."""

_VISITS = {
    "county_library": 900,
    "township_station": 420,
    "village": 160,
    "primary_school": 520,
    "middle_school": 600,
    "kindergarten": 240,
}
"""Visits (人次) of a full month by kind of host, where the enrolment is not known."""


def monthly(points: tuple[Point, ...], calendar: tuple[Term, ...], today: date) -> Iterator[Reading]:
    """The monthly readings that had arrived by `today`, from January of the report year."""
    last = last_month_of(today)
    for point in points:
        for month in months(YEAR[0], last):
            if point.opened_on > month_end(month) or (point.code in AWAITED and month_end(month) == last):
                continue
            reading = _month(point, month, calendar)
            if reading and reading.submitted_on <= today:
                yield reading


def _month(point: Point, month: date, calendar: tuple[Term, ...]) -> Reading | None:
    key = f"{point.code}/{month:%Y-%m}"
    owed = owes(point, month, calendar)
    unasked = _says_not_open(point, month)
    forgetful = month.year > REPORT_YEAR and point.code not in PUBLISHED
    missing = forgetful and between(f"missing/{key}", 1, 100) <= 2
    if missing if owed else not unasked:
        return None
    numbers = _numbers(point, month, calendar) if owed else None
    return Reading(point.network, point.code, "month", month, month_end(month), _arrives(key, month), numbers)


def _says_not_open(point: Point, month: date) -> bool:
    """A third of the schools answer in vacation although nobody asks them."""
    asked = point.kind != "delivery_school" and point.is_school and point.opened_on < month
    return asked and between(f"vacation/{point.code}", 1, 3) == 1


def _arrives(key: str, month: date) -> date:
    """In the first five days of the next month, but for a few that come late."""
    late = between(f"late/{key}", 1, 100) <= 4
    return next_month(month) + timedelta(days=between(key, 8, 19) if late else between(key, 0, 4))


def _numbers(point: Point, month: date, calendar: tuple[Term, ...]) -> Numbers:
    if point.code in PUBLISHED:
        return _published(point, month, calendar)
    key = f"{point.code}/{month:%Y-%m}"
    full = point.enrolment or _VISITS[point.host]
    days = open_days(point, month, calendar)
    visits = full * days * between(f"visits/{key}", 80, 120) // (month_end(month).day * 100)
    loans = visits * between(f"loans/{key}", 25, 45) // 100
    if not point.is_school:
        return Numbers(community_visits=visits, community_loans=loans)
    if point.host == "kindergarten":
        return Numbers(in_school_visits=visits)  # read there and not taken home: nobody counts loans
    if point.open_to_community:
        return Numbers(visits, loans, visits // 12, loans // 6)
    return Numbers(visits, loans)


def _published(point: Point, month: date, calendar: tuple[Term, ...]) -> Numbers:
    """A point's published sums spread over the months it owed; later months go on at the year's rate."""
    owed = {m.isoformat(): _weight(point, m, calendar) for m in YEAR if owes(point, m, calendar)}
    weight = _weight(point, month, calendar)
    found: dict[str, int] = {}
    for field, total in asdict(PUBLISHED[point.code]).items():
        later = int(total * weight / sum(owed.values()))
        found[field] = share(total, owed).get(month.isoformat(), later)
    return Numbers(**found)


def _weight(point: Point, month: date, calendar: tuple[Term, ...]) -> float:
    return open_days(point, month, calendar) * between(f"{point.code}/{month:%Y-%m}", 85, 115) / 100


def stays(batches: tuple[Batch, ...], today: date) -> Iterator[Reading]:
    """One reading for each delivery that was collected.

    It is sent in the day after, or on the day itself where the books came and went on one.
    """
    collected = {batch.settles: batch.on("dispatch") for batch in batches if batch.settles}
    for batch in batches:
        first, last = batch.on("receive"), collected.get(batch.key)
        if first is None or last is None:
            continue
        submitted = last + timedelta(days=0 if first == last else 1)
        if submitted <= today:
            numbers = _stay(batch)
            yield Reading(batch.network, batch.to_place, "stay", first, last, submitted, numbers, batch.key)


def _stay(batch: Batch) -> Numbers:
    """Loans are empty where the report year does not invent them: the books are read, not taken home."""
    row = next((row for row in rows("batches.csv") if row["key"] == batch.key), None)
    if row is None:
        return Numbers(in_school_visits=between(f"visits/{batch.key}", 520, 740))
    return Numbers(number(row["visits"]), number(row["loans"]))
