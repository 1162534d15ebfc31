"""What the map's page fetches: as few bytes as will draw it; names come when something is opened.

Positions are steps of ``step`` degrees to the north and east of a corner, on the datum of the tiles (``edge``). Ids and
steps are told as differences from the row before (``light``), kinds and marks as one character a row.
"""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from branchnet.coverage.drawn import SORTED
from branchnet.coverage.layers import LAYERS
from branchnet.coverage.rules import Outcome
from branchnet.coverage.schemas import MapQuery

DEEPEST_ZOOM = 17


class BoxField(fields.Field[tuple[float, float, float, float]]):
    """South, west, north and east in degrees, with commas between."""

    def _deserialize(self, value: Any, *_rest: Any, **_kwargs: Any) -> tuple[float, float, float, float]:
        try:
            south, west, north, east = (float(part) for part in str(value).split(","))
        except ValueError as error:
            raise ValidationError("box") from error
        if not (-90 <= south <= north <= 90 and -180 <= west <= east <= 180):
            raise ValidationError("box")
        return south, west, north, east


class LayerQuery(MapQuery):
    """Also what is shown of the points, and in which box."""

    layer = fields.String(load_default="books", validate=validate.OneOf(LAYERS))
    box = BoxField()


class PageQuery(LayerQuery):
    """The page may also be asked for the order of its table, a further page of it, and what stands open on it."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))
    community = fields.Integer(load_default=None, validate=validate.Range(1))
    point = fields.Integer(load_default=None, validate=validate.Range(1))
    sort = fields.String(
        load_default="name", validate=validate.OneOf([sign + name for name in SORTED for sign in ("", "-")])
    )


class DrawnQuery(LayerQuery):
    """And at which zoom: it says how large cells are, where there are too many points to draw them one by one."""

    zoom = fields.Float(load_default=6.0, validate=validate.Range(0, DEEPEST_ZOOM))


class Placed(Schema):
    """Where rows are: the first number as it is, each other as the difference from the one before."""

    south = fields.Float(required=True)
    west = fields.Float(required=True)
    step = fields.Float(required=True)
    id = fields.List(fields.Integer(), required=True)
    north = fields.List(fields.Integer(), required=True)
    east = fields.List(fields.Integer(), required=True)


class PlacedPoints(Placed):
    """Points that have a position."""

    kind = fields.String(required=True)
    """By row the number of its kind in the order of the legend."""
    mark = fields.String(required=True)
    """By row the mark of the layer (``layers``)."""
    rough = fields.String(required=True)
    """By row 1 where the position is approximate."""
    name = fields.List(fields.String())
    """Only where there are few."""


class Cells(Schema):
    """Counts of points by cell, at the cells' middles."""

    lat = fields.List(fields.Float(), required=True)
    lon = fields.List(fields.Float(), required=True)
    points = fields.List(fields.Integer(), required=True)


class DrawnData(Schema):
    """Points one by one, or where there are too many, cells."""

    points = fields.Nested(PlacedPoints, allow_none=True)
    cells = fields.Nested(Cells, allow_none=True)


class PlacedCommunities(Placed):
    """Communities that have a position: by row 1 where reached, and 1 where its own position is approximate."""

    covered = fields.String(required=True)
    rough = fields.String(required=True)


class CommunityData(Schema):
    """None where there are too many to say which are reached."""

    communities = fields.Nested(PlacedCommunities, allow_none=True)


class Way(Schema):
    """A way to the records behind a number."""

    label = fields.String(required=True)
    href = fields.String(required=True)


class PointCardData(Schema):
    """A point that was opened. Numbers are null where nobody counted."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    open = fields.Boolean(required=True)
    approximate = fields.Boolean(required=True)
    lat = fields.Float(allow_none=True)
    lon = fields.Float(allow_none=True)
    """Where it is drawn."""
    copies = fields.Integer(required=True)
    copies_quality = fields.String(required=True)
    uncounted = fields.Integer(required=True)
    visits = fields.Integer(allow_none=True)
    loans = fields.Integer(allow_none=True)
    last_month = fields.String(allow_none=True)
    owed = fields.Integer(required=True)
    reported = fields.Integer(required=True)
    """Months of the last twelve."""
    turning = fields.Float(allow_none=True)
    """Loans per 100 book-months of the last twelve months."""
    overdue = fields.Integer(required=True)
    count = fields.Integer(required=True)
    covers = fields.List(fields.String(), required=True)
    """How many communities are within reach of it, and the names of the nearest."""
    links = fields.List(fields.Nested(Way), required=True)


class CommunityCardData(Schema):
    """A community that was opened."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    town = fields.String(allow_none=True)
    lat = fields.Float(allow_none=True)
    lon = fields.Float(allow_none=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    approximate = fields.Boolean(required=True)
    """Whether its own position is; of the nearest point it is told apart."""
    nearest = fields.String(allow_none=True)
    nearest_approximate = fields.Boolean(required=True)
    km = fields.Float(allow_none=True)
    links = fields.List(fields.Nested(Way), required=True)
