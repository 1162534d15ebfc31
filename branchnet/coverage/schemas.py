"""What the map fetches, and what it may be asked for.

Points and communities come as columns, all of one length, one entry a row: that keeps ten thousand points small and
is read with one loop. Distances are km along the geodesic, positions WGS-84 degrees; copies are 册, visits 人次, loans
册次. ``null`` is *not known* or *not counted*, never zero.
"""

from marshmallow import EXCLUDE, Schema, fields, validate

from branchnet.coverage.rules import Outcome

MONTH = validate.Regexp(r"^[0-9]{4}-(0[1-9]|1[0-2])$")
WIDEST_KM = 100


class MapQuery(Schema):
    """Which network (the one signed in to, or one below it), which month, and how far counts as within reach."""

    class Meta:
        unknown = EXCLUDE

    network = fields.String(validate=validate.Length(1, 40))
    month = fields.String(validate=MONTH)
    within = fields.Float(validate=validate.Range(0, WIDEST_KM, min_inclusive=False))


class PeriodQuery(Schema):
    """Which network and which months, whichever is named first; empty means the running year."""

    class Meta:
        unknown = EXCLUDE

    network = fields.String(validate=validate.Length(1, 40))
    first = fields.String(data_key="from", validate=MONTH)
    last = fields.String(data_key="to", validate=MONTH)


class OverviewQuery(PeriodQuery):
    """For how many months nobody must have come for a shelf to sleep."""

    quiet = fields.Integer(load_default=3, validate=validate.OneOf((3, 6, 12)))


class SleepingQuery(OverviewQuery):
    """A page of the shelves that sleep, or of those without new books."""

    what = fields.String(load_default="asleep", validate=validate.OneOf(("asleep", "unchanged")))

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class RecordsQuery(PeriodQuery):
    """The points behind a figure, by which number, and which page of them."""

    sort = fields.String(load_default="copies", validate=validate.OneOf(("copies", "batches", "visits", "loans")))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class PointColumns(Schema):
    """Service points as of the end of the month."""

    id = fields.List(fields.Integer(), required=True)
    code = fields.List(fields.String(), required=True)
    name = fields.List(fields.String(), required=True)
    kind = fields.List(fields.String(), required=True)
    open = fields.List(fields.Boolean(), required=True)
    lat = fields.List(fields.Float(allow_none=True), required=True)
    lon = fields.List(fields.Float(allow_none=True), required=True)
    quality = fields.List(fields.String(allow_none=True), required=True)
    """Of the position: exact or approximate; null where there is none."""
    copies = fields.List(fields.Integer(), required=True)
    copies_quality = fields.List(fields.String(), required=True)
    """exact, at_least (余) or estimated: the worst of the records behind the number."""
    visits = fields.List(fields.Integer(allow_none=True), required=True)
    loans = fields.List(fields.Integer(allow_none=True), required=True)
    """From January of the month's year to the month, in school and community together."""
    last_month = fields.List(fields.String(allow_none=True), required=True)
    """The last month that holds a reading."""
    uncounted = fields.List(fields.Integer(), required=True)
    """Copies in boxes that are there today and that nobody has counted: not among ``copies``; 0 of a month past."""
    href = fields.List(fields.String(), required=True)
    covers = fields.List(fields.List(fields.Integer()), required=True)
    """The ids of the communities within the radius, nearest first."""


class CommunityColumns(Schema):
    """Villages, residential areas and schools: where children live or learn."""

    id = fields.List(fields.Integer(), required=True)
    name = fields.List(fields.String(), required=True)
    kind = fields.List(fields.String(), required=True)
    town = fields.List(fields.String(allow_none=True), required=True)
    """Names alone are not unique: two districts may each have a village of one name."""
    lat = fields.List(fields.Float(allow_none=True), required=True)
    lon = fields.List(fields.Float(allow_none=True), required=True)
    outcome = fields.List(fields.Enum(Outcome, by_value=True), required=True)
    nearest_point_id = fields.List(fields.Integer(allow_none=True), required=True)
    km = fields.List(fields.Float(allow_none=True), required=True)
    approximate = fields.List(fields.Boolean(), required=True)


class ReachSummary(Schema):
    """Reach as counts of communities (个): they add up to what is known."""

    within_km = fields.Float(required=True)
    detour_percent = fields.Integer(required=True)
    covered = fields.Integer(required=True)
    not_covered = fields.Integer(required=True)
    without_position = fields.Integer(required=True)
    known = fields.Integer(required=True)


class MapData(Schema):
    """Everything the map draws for one network (and those below it) at the end of one month."""

    network = fields.String(required=True)
    month = fields.String(required=True)
    points = fields.Nested(PointColumns, required=True)
    communities = fields.Nested(CommunityColumns, required=True)
    summary = fields.Nested(ReachSummary, required=True)
