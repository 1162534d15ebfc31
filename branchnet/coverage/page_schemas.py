"""What the pages of coverage may be asked for, and what their forms send."""

from marshmallow import EXCLUDE, Schema, fields, validate
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.sent import A_NUMBER, Sent
from branchnet.coverage.covered import TALLIES
from branchnet.coverage.register import DIMENSIONS, RURAL, URBAN
from branchnet.coverage.rules import Outcome
from branchnet.coverage.schemas import MONTH, WIDEST_KM
from branchnet.coverage.ways import WAYS
from branchnet.fields import Count

DEFINITIONS = tuple(dict.fromkeys(definition for definition, _of_what in TALLIES))
KINDS = tuple(of_what for _definition, of_what in TALLIES)
_PAGE = validate.Range(1, 10_000)


class CoverageQuery(Schema):
    """Which network (one's own, or one below it), which month, which way; what numbers are broken down by."""

    class Meta:
        unknown = EXCLUDE

    network = fields.String(validate=validate.Length(1, 40))
    month = fields.String(validate=MONTH)
    way = fields.String(load_default="foot", validate=OneOf(list(WAYS)))
    by = fields.String(validate=OneOf(list(DIMENSIONS)))
    page = fields.Integer(load_default=1, validate=_PAGE)
    """Of the gaps, or of a list."""


class GapsQuery(CoverageQuery):
    """Which gaps: of one county, urban or rural ones alone."""

    county = fields.String(load_default="", validate=validate.Length(max=100))
    urban = fields.String(load_default="", validate=OneOf(("", URBAN, RURAL)))


class ListQuery(CoverageQuery):
    """Which of a definition's rows: with this outcome (none: all), in this group of the breakdown."""

    definition = fields.String(load_default="reach", validate=OneOf(DEFINITIONS))
    of_what = fields.String(load_default="community", validate=OneOf(KINDS))
    outcome = fields.String(validate=OneOf([one.value for one in Outcome]))
    group = fields.String(load_default="", validate=validate.Length(max=200))
    boxes = fields.Boolean(load_default=False)
    """Those alone that delivery schools alone cover."""


class PublishQuery(ListQuery):
    """What a statement is about; ``area``: ``county:`` or ``town:`` and which, none of them the whole network."""

    area = fields.String(load_default="", validate=validate.Length(max=100))


class PublishForm(Sent):
    """The N of M that was seen, and words of one's own."""

    covered = Count(required=True, error_messages=A_NUMBER)
    known = Count(required=True, error_messages=A_NUMBER)
    words = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))


def _km() -> Count:
    return Count(required=True, validate=Range(1, WIDEST_KM, error="km"), error_messages=A_NUMBER)


class ReachForm(Sent):
    """How far (km) is within reach by each way, and how long ways are in percent of the line."""

    reach_km = _km()
    cycling_km = _km()
    vehicle_km = _km()
    detour_percent = Count(required=True, validate=Range(100, 300, error="detour"), error_messages=A_NUMBER)
