"""What staff send about a community, checked. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from branchnet.access.sent import A_TEXT, Sent
from branchnet.fields import Count, Degrees
from branchnet.models.place import COMMUNITY_KINDS, POSITION_QUALITIES
from branchnet.points.communities.rules import CODE, URBAN_RURAL
from branchnet.points.datum import Datum
from branchnet.points.rules import degrees_problem
from branchnet.points.schemas import DEGREES


def _text(longest: int) -> fields.String:
    return fields.String(load_default=None, validate=Length(max=longest, error="too_long"))


class CommunityForm(Sent):
    """A community: its kind and name, where it belongs, its children, and where it stands, on a named datum."""

    kind = fields.String(required=True, validate=OneOf(COMMUNITY_KINDS, error="kind"), error_messages=A_TEXT)
    name = fields.String(required=True, validate=Length(max=100, error="point_name_long"), error_messages=A_TEXT)
    code = fields.String(load_default=None, validate=Regexp(rf"{CODE.pattern}\Z", error="community_code"))
    county = _text(40)
    town = _text(40)
    urban_rural = fields.String(load_default=None, validate=OneOf(URBAN_RURAL, error="kind"))
    children = Count(load_default=None)
    lat = Degrees(load_default=None, validate=Range(-180, 180, error="degrees"), error_messages=DEGREES)
    lon = Degrees(load_default=None, validate=Range(-180, 180, error="degrees"), error_messages=DEGREES)
    datum = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84, error_messages={"unknown": "kind"})
    quality = fields.String(load_default="exact", validate=OneOf(POSITION_QUALITIES, error="kind"))
    pinned = fields.Boolean(load_default=False, error_messages={"invalid": "kind"})
    """Its degrees are those of a pin on the small map: approximate, whatever is said beside it."""

    @validates_schema(skip_on_field_errors=False)
    def both_degrees(self, data: Mapping[str, Any], **_rest: Any) -> None:
        if problem := degrees_problem(data.get("lat"), data.get("lon")):
            field, reason = problem
            raise ValidationError(reason, field)


class AsideForm(Sent):
    """Why a community is set aside (作废)."""

    why = fields.String(required=True, validate=Length(max=200, error="note_too_long"), error_messages=A_TEXT)
