"""What a receiver sends: the boxes came, all is there, or so many in each box."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from branchnet.batches.rules import note_problem
from branchnet.fields import Count


class ReceiptSchema(Schema):
    """``counts`` is by box number, 0 for what went loose; a box left empty is not counted yet."""

    class Meta:
        unknown = EXCLUDE

    op_id = fields.String(required=True, validate=validate.Length(8, 64, error="required"))
    action = fields.String(required=True, validate=validate.OneOf(("arrived", "confirm", "count"), error="required"))
    counts = fields.Dict(keys=fields.Integer(), values=Count(allow_none=True), load_default=dict)
    word = fields.String(load_default="")

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A word for the library names no phone; a count names at least one box."""
        found = {}
        if problem := note_problem(data.get("word", "")):
            found["word"] = [problem]
        counted = [count for count in data.get("counts", {}).values() if count is not None]
        if data.get("action") == "count" and not counted:
            found["form"] = ["nothing_counted"]
        if found:
            raise ValidationError(found)


def by_field(errors: dict[str, Any]) -> dict[str, str]:
    """Errors by the names the form's fields have: box-1, box-2, copies (loose), word, form."""
    found = {name: reasons[0] for name, reasons in errors.items() if name != "counts"}
    for number, reasons in errors.get("counts", {}).items():
        found[f"box-{number}" if number else "copies"] = reasons["value"][0]
    return found
