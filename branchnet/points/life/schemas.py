"""What staff send about a step of a point, checked. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.fields import Count, Degrees
from branchnet.models.place import HOSTS, POINT_KINDS, POSITION_QUALITIES
from branchnet.points.datum import Datum
from branchnet.points.rules import degrees_problem
from branchnet.points.schemas import DEGREES


def _text(longest: int, error: str) -> fields.String:
    return fields.String(required=True, validate=Length(max=longest, error=error), error_messages=A_TEXT)


def _name() -> fields.String:
    return _text(100, "point_name_long")


def _reason() -> fields.String:
    return _text(200, "note_too_long")


class DayForm(Sent):
    """A step, and the day from which it holds."""

    day = fields.Date(required=True, error_messages=A_DATE)


class RenameForm(DayForm):
    """From that day on it is called so."""

    name = _name()


class CorrectNameForm(Sent):
    """One of its names was misspelt, and this is how it was always written."""

    name = _name()
    wrong = fields.String(load_default=None)


class KindForm(DayForm):
    """From that day on it is of this kind, and stands with this host."""

    kind = fields.String(required=True, validate=OneOf(POINT_KINDS, error="kind"), error_messages=A_TEXT)
    host = fields.String(load_default=None, validate=OneOf(HOSTS, error="kind"))


class PupilsForm(DayForm):
    """From that day on its host has so many pupils (名)."""

    pupils = Count(required=True, allow_none=False, error_messages={"required": "required", "null": "required"})


class CommunityForm(DayForm):
    """From that day on its neighbours may come too, or not."""

    community = fields.Boolean(required=True, error_messages={**A_TEXT, "invalid": "kind"})


class WhereForm(Sent):
    """Where it stands: by degrees on a named datum, by a community, or by its town."""

    town = fields.String(load_default=None)
    community = fields.Integer(load_default=None, error_messages=A_NUMBER)
    datum = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84, error_messages={"unknown": "kind"})
    quality = fields.String(load_default="exact", validate=OneOf(POSITION_QUALITIES, error="kind"))
    pinned = fields.Boolean(load_default=False, error_messages={"invalid": "kind"})
    """Its degrees are those of a pin on the small map: approximate, whatever is said beside it."""
    offered = fields.Boolean(load_default=False, error_messages={"invalid": "kind"})
    """The register's candidates were shown: one of them is to be chosen, or none of them (an empty ``community``)."""
    lat = Degrees(load_default=None, validate=Range(-180, 180, error="degrees"), error_messages=DEGREES)
    lon = Degrees(load_default=None, validate=Range(-180, 180, error="degrees"), error_messages=DEGREES)

    @validates_schema(skip_on_field_errors=False)
    def both_degrees(self, data: Mapping[str, Any], **_rest: Any) -> None:
        if problem := degrees_problem(data.get("lat"), data.get("lon")):
            field, reason = problem
            raise ValidationError(reason, field)


class MoveForm(WhereForm, DayForm):
    """From that day on it stands there."""


class TakeBackForm(DayForm):
    """The move of that day never was, and why."""

    reason = _reason()


class PauseForm(DayForm):
    """From that day on it is closed for a while; until when, where that is known."""

    until = fields.Date(load_default=None, error_messages=A_DATE)
    reason = _reason()


class CloseForm(DayForm):
    """From that day on it is closed; who goes on with its work, where somebody does."""

    reason = _reason()
    successor = fields.String(load_default=None)


class ReopenForm(DayForm):
    """From that day on it is open again."""

    reason = _reason()


class MergeForm(DayForm):
    """From that day on another point has its books; whether they went there that day, and who answers there too."""

    reason = _reason()
    successor = fields.String(required=True, error_messages=A_TEXT)
    sent = fields.Boolean(load_default=False, error_messages={"invalid": "kind"})
    teachers = fields.List(fields.Integer(error_messages=A_NUMBER), load_default=list)
