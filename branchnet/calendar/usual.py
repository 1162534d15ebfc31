"""The usual school year, to be adjusted to what the education bureau has set. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

YEAR = ("school_year", "term", "holiday", "term", "holiday")
"""What a school year is made of, in its order."""


@dataclass(frozen=True, slots=True)
class Period:
    """A school year (学年), a term (学期) or a holiday (寒暑假): its days, both included; no host: all schools."""

    kind: str
    name: str
    first_on: date
    last_on: date
    host: str | None = None


def usual_year(year: int) -> list[Period]:
    """The school year that begins in September of a year: two terms and the holidays after them, without a gap."""
    autumn, winter = date(year, 9, 1), date(year + 1, 1, 18)
    spring, summer, end = date(year + 1, 2, 22), date(year + 1, 7, 4), date(year + 1, 8, 31)
    label, day = f"{year}-{year + 1}学年", timedelta(days=1)
    return [
        Period("school_year", label, autumn, end),
        Period("term", f"{label}第一学期", autumn, winter - day),
        Period("holiday", f"{year + 1}年寒假", winter, spring - day),
        Period("term", f"{label}第二学期", spring, summer - day),
        Period("holiday", f"{year + 1}年暑假", summer, end),
    ]
