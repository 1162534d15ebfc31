"""What the page of books and their use may be asked for."""

from marshmallow import EXCLUDE, Schema, fields, validate

from branchnet.coverage.compared import GROUPS
from branchnet.coverage.rules import INDICATORS
from branchnet.coverage.schemas import MONTH


class UseQuery(Schema):
    """Which network, which months, what a row is, which indicator, in which order."""

    class Meta:
        unknown = EXCLUDE

    network = fields.String(load_default=None, validate=validate.Length(1, 40))
    since = fields.String(load_default=None, data_key="from", validate=MONTH)
    until = fields.String(load_default=None, data_key="to", validate=MONTH)
    by = fields.String(load_default="point", validate=validate.OneOf(GROUPS))
    show = fields.String(load_default="loans", validate=validate.OneOf(list(INDICATORS)))
    sort = fields.String(load_default="value", validate=validate.OneOf(["value", "last_year", "change", "copies"]))
    order = fields.String(load_default="down", validate=validate.OneOf(["down", "up"]))
    sleeping = fields.Boolean(load_default=False)
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))
