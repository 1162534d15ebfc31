"""What a receiver sends: the boxes came, all is there, or so many in each box and so many of them broken."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from branchnet.access.personal import note_problem
from branchnet.fields import Count

ByBox = Mapping[int, int | None]


class ReceiptSchema(Schema):
    """``counts`` is by box number, 0 for what went loose; a box left empty is not counted yet.

    ``broken`` says by box how many of the copies counted in it are damaged. ``parts`` names the boxes that the page
    showed, where all of them are confirmed.
    """

    class Meta:
        unknown = EXCLUDE

    op_id = fields.String(required=True, validate=validate.Length(8, 64, error="required"))
    action = fields.String(required=True, validate=validate.OneOf(("arrived", "confirm", "count"), error="required"))
    counts = fields.Dict(keys=fields.Integer(), values=Count(allow_none=True), load_default=dict)
    broken = fields.Dict(keys=fields.Integer(), values=Count(allow_none=True), load_default=dict)
    word = fields.String(load_default="")
    parts = fields.String(load_default="")

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A word for the library names no phone; a count names at least one box, and no more broken than counted."""
        found: dict[str, Any] = {}
        if problem := note_problem(data.get("word", "")):
            found["word"] = [problem]
        if data.get("action") == "count":
            found |= _count_problems(data.get("counts", {}), data.get("broken", {}))
        if found:
            raise ValidationError(found)


def _count_problems(counts: ByBox, broken: ByBox) -> dict[str, Any]:
    if all(count is None for count in counts.values()):
        return {"form": ["nothing_counted"]}
    wrong = [box for box, copies in broken.items() if (copies or 0) > (counts.get(box) or 0)]
    return {"broken": {box: {"value": ["broken_too_many"]} for box in wrong}} if wrong else {}


def by_field(errors: dict[str, Any]) -> dict[str, str]:
    """Errors by the names the form's fields have: box-1, copies (loose), broken-1, broken-0 (loose), word, form."""
    found = {name: reasons[0] for name, reasons in errors.items() if name not in ("counts", "broken")}
    for number, reasons in errors.get("counts", {}).items():
        found[f"box-{number}" if number else "copies"] = reasons["value"][0]
    for number, reasons in errors.get("broken", {}).items():
        found[f"broken-{number}"] = reasons["value"][0]
    return found
