"""What comes in about the calendar, the days of the months, and what is closed."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent, read_as_far_as_right
from branchnet.calendar.rules import bounds
from branchnet.calendar.usual import YEAR, Period
from branchnet.errors import Invalid
from branchnet.fields import Count
from branchnet.models.calendar import PERIOD_KINDS
from branchnet.models.place import HOSTS

LAST_DAY = 28
"""The last day that every month has."""


class PeriodForm(Sent):
    """A period put right: its name, its days, for which host; none: all schools."""

    name = fields.String(required=True, validate=Length(max=60, error="period_long"), error_messages=A_TEXT)
    first_on = fields.Date(required=True, error_messages=A_DATE)
    last_on = fields.Date(required=True, error_messages=A_DATE)
    host = fields.String(load_default=None, validate=OneOf(HOSTS, error="kind"))

    @validates_schema
    def check(self, data: dict[str, Any], **_rest: Any) -> None:
        """It does not end before it begins."""
        if data["last_on"] < data["first_on"]:
            raise ValidationError({"last_on": ["dates"]})


class NewPeriodForm(PeriodForm):
    """A new one: a school year, a term or a holiday."""

    kind = fields.String(required=True, validate=OneOf(PERIOD_KINDS, error="kind"), error_messages=A_TEXT)


class MonthsForm(Sent):
    """When a month is owed, due, reminded of and closed; days of the following month."""

    min_open_days = Count(required=True, validate=Range(1, LAST_DAY, error="open_days"), error_messages=A_NUMBER)
    report_by_day = Count(required=True, validate=Range(1, LAST_DAY, error="day_of_month"), error_messages=A_NUMBER)
    remind_on_day = Count(required=True, validate=Range(1, LAST_DAY, error="day_of_month"), error_messages=A_NUMBER)
    closes_on_day = Count(
        load_default=None, allow_none=True, validate=Range(1, LAST_DAY, error="day_of_month"), error_messages=A_NUMBER
    )


def _a_month(text: str) -> None:
    try:
        bounds(text)
    except ValueError:
        raise ValidationError("month") from None


class LockForm(Sent):
    """Up to which month all is closed."""

    month = fields.String(required=True, validate=_a_month, error_messages=A_TEXT)


class ExceptionForm(Sent):
    """Which closed month is opened, for the point of which code (none: all), why, and until when."""

    month = fields.String(required=True, validate=_a_month, error_messages=A_TEXT)
    point = fields.String(load_default=None)
    reason = fields.String(required=True, validate=Length(max=200, error="note_too_long"), error_messages=A_TEXT)
    ends_on = fields.Date(required=True, error_messages=A_DATE)


def read_year(sent: Mapping[str, str]) -> list[Period]:
    """The periods of a school year, whose fields are numbered from 0. Raises Invalid with a reason for each field."""
    periods: list[Period] = []
    wrong: dict[str, str] = {}
    for row, kind in enumerate(YEAR):
        mine = {name: sent.get(f"{name}_{row}", "") for name in ("name", "first_on", "last_on")}
        found, reasons = read_as_far_as_right(PeriodForm(), {**mine, "host": sent.get("host", "")})
        wrong |= {name if name == "host" else f"{name}_{row}": reason for name, reason in reasons.items()}
        if not reasons:
            periods.append(Period(kind, **found))
    if wrong:
        raise Invalid(fields=wrong)
    return periods
