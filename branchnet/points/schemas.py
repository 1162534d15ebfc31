"""What staff send about a service point, checked. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Reasons, Sent
from branchnet.fields import Count, Degrees
from branchnet.models.place import HOSTS, POINT_KINDS, POSITION_QUALITIES
from branchnet.points.datum import Datum
from branchnet.points.rules import CODE, degrees_problem

DEGREES: Reasons = {"invalid": "degrees", "too_large": "degrees", "special": "degrees"}


class NewPointForm(Sent):
    """A point opens: its name, kind and host, from which day, to whom; where it stands, by degrees or by its town."""

    name = fields.String(required=True, validate=Length(max=100, error="point_name_long"), error_messages=A_TEXT)
    code = fields.String(load_default=None, validate=Regexp(rf"{CODE.pattern}\Z", error="point_code"))
    kind = fields.String(required=True, validate=OneOf(POINT_KINDS, error="kind"), error_messages=A_TEXT)
    host = fields.String(load_default=None, validate=OneOf(HOSTS, error="kind"))
    opened_on = fields.Date(load_default=None, error_messages=A_DATE)
    open_to_community = fields.Boolean(load_default=False, error_messages={"invalid": "kind"})
    pupils = Count(load_default=None)
    town = fields.String(load_default=None)
    community = fields.Integer(load_default=None, error_messages=A_NUMBER)
    datum = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84, error_messages={"unknown": "kind"})
    quality = fields.String(load_default="exact", validate=OneOf(POSITION_QUALITIES, error="kind"))
    pinned = fields.Boolean(load_default=False, error_messages={"invalid": "kind"})
    offered = fields.Boolean(load_default=False, error_messages={"invalid": "kind"})
    lat = Degrees(load_default=None, validate=Range(-180, 180, error="degrees"), error_messages=DEGREES)
    lon = Degrees(load_default=None, validate=Range(-180, 180, error="degrees"), error_messages=DEGREES)

    @validates_schema(skip_on_field_errors=False)
    def both_degrees(self, data: Mapping[str, Any], **_rest: Any) -> None:
        # A latitude beyond 90° may be a longitude: the two are judged together.
        if problem := degrees_problem(data.get("lat"), data.get("lon")):
            field, reason = problem
            raise ValidationError(reason, field)
