"""What a point sends as its reading: one schema for the form and for the API."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

from branchnet.access.personal import note_problem
from branchnet.access.sent import Sent
from branchnet.fields import UNITS, Count
from branchnet.models.reading import METHODS
from branchnet.readings.rules import REPORTED, Report, problems


@dataclass(frozen=True, slots=True)
class Submission:
    """A report with the id of its sending and the number of the revision that its sender saw, if any.

    With an answer to what staff asked, if any; ``confirmed``: it is right, however it looks.
    """

    op_id: str
    based_on: int | None
    report: Report
    answer: str | None = None
    confirmed: bool = False


class Chosen(fields.String):
    """One of several; where nothing was chosen, empty."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Read what came; an empty text is no choice, and nothing is wrong with that."""
        return super().deserialize(value or None, attr, data, **kwargs)


class ReadingSchema(Schema):
    """Empty is not counted, 0 is none. Loads a `Submission`; errors are codes, each under its field's name."""

    class Meta:
        unknown = EXCLUDE

    op_id = fields.String(required=True, validate=validate.Length(8, 64, error="required"))
    based_on = Count(load_default=None, allow_none=True)
    in_school_visits = Count(units=UNITS["in_school_visits"], load_default=None, allow_none=True)
    in_school_loans = Count(units=UNITS["in_school_loans"], load_default=None, allow_none=True)
    community_visits = Count(units=UNITS["community_visits"], load_default=None, allow_none=True)
    community_loans = Count(units=UNITS["community_loans"], load_default=None, allow_none=True)
    borrowers = Count(units=UNITS["borrowers"], load_default=None, allow_none=True)
    days_open = Count(units=UNITS["days_open"], load_default=None, allow_none=True)
    method = Chosen(load_default=None, allow_none=True, validate=validate.OneOf(METHODS, error="kind"))
    not_open = fields.Boolean(load_default=False)
    note = fields.String(load_default=None, allow_none=True)
    answer = fields.String(load_default=None, allow_none=True)
    confirmed = fields.Boolean(load_default=False)

    def __init__(self, days_in_window: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.days_in_window = days_in_window

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """What cannot be, told together with what could not be read."""
        found = problems(_report(data), self.days_in_window)
        if problem := note_problem(_text(data, "answer") or ""):
            found["answer"] = problem
        if found:
            raise ValidationError({name: [reason] for name, reason in found.items()})

    @post_load
    def submission(self, data: dict[str, Any], **_kwargs: Any) -> Submission:
        """Put together what a command takes."""
        return Submission(data["op_id"], data["based_on"], _report(data), _text(data, "answer"), data["confirmed"])


class LessonForm(Sent):
    """One lesson: its visits and its loans, either of them."""

    visits = Count(units=UNITS["visits"], load_default=None)
    loans = Count(units=UNITS["loans"], load_default=None)


class KeptLesson(LessonForm):
    """The same as a phone has kept it, under the id that its form had."""

    op_id = fields.String(required=True, validate=validate.Length(8, 64, error="required"))


@lru_cache(maxsize=500)
def reading_schema(days_in_window: int) -> ReadingSchema:
    """The schema of a window of so many days; it holds nothing of what it reads, so one serves all."""
    return ReadingSchema(days_in_window)


def _report(data: dict[str, Any]) -> Report:
    return Report(
        **{name: data.get(name) for name in REPORTED},
        method=data.get("method"),
        not_open=data.get("not_open", False),
        note=_text(data, "note"),
    )


def _text(data: dict[str, Any], name: str) -> str | None:
    return (data.get(name) or "").replace("\r\n", "\n").strip() or None
