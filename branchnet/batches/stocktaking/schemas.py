"""What comes in about stocktakes, checked. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.batches.schemas import LARGEST, StepForm
from branchnet.errors import Invalid
from branchnet.fields import Count
from branchnet.models.stocktake import CROSSINGS, STOCKTAKE_WAYS

TITLE, WHOSE = 300, 100


class BeginForm(Sent):
    """A stocktake begins: at a point (by code; none: the central library's shelf), by count or by scan, on a day."""

    at = fields.String(load_default=None)
    way = fields.String(required=True, validate=OneOf(STOCKTAKE_WAYS, error="kind"), error_messages=A_TEXT)
    begun_on = fields.Date(required=True, error_messages=A_DATE)
    note = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))


class ScanForm(Sent):
    """One scan: a barcode, with what the scanner put around it."""

    barcode = fields.String(required=True, validate=Length(max=200, error="barcode_long"), error_messages=A_TEXT)


class ColumnForm(Sent):
    """A column of barcodes, as it was pasted."""

    barcodes = fields.String(load_default="")


class NamedForm(ScanForm):
    """What stands on a book whose barcode no book of ours carries."""

    title = fields.String(required=True, validate=Length(max=TITLE, error="title_long"), error_messages=A_TEXT)


class CountsForm(Sent):
    """So many copies (册) by counted lot, and of all the rest; a field left empty says nothing."""

    happened_on = fields.Date(required=True, error_messages=A_DATE)
    counts = fields.Dict(
        keys=fields.Integer(),
        values=Count(validate=Range(max=LARGEST, error="too_large")),
        load_default=dict,
    )
    rest = Count(load_default=None, allow_none=True, validate=Range(max=LARGEST, error="too_large"))


def read_counts(form: Mapping[str, str]) -> dict[str, Any]:
    """What a form of numbers says: ``copies-17`` is the count of lot 17, and one left empty says nothing.

    Raises Invalid with a reason for each field that is wrong, by the name it has on the form.
    """
    counts = {name.removeprefix("copies-"): value for name, value in form.items() if name.startswith("copies-")}
    flat: dict[str, Any] = {name: value for name, value in form.items() if not name.startswith("copies-")}
    flat["counts"] = {lot: value for lot, value in counts.items() if value.strip()}
    try:
        return dict(CountsForm().load(flat))
    except ValidationError as error:
        reasons = error.messages_dict
        by_lot = {f"copies-{lot}": "not_a_number" for lot in reasons.get("counts", {})}
        by_lot |= {
            f"copies-{lot}": told["value"][0] for lot, told in reasons.get("counts", {}).items() if "value" in told
        }
        others = {name: told[0] for name, told in reasons.items() if name != "counts"}
        raise Invalid(fields=by_lot | others) from error


class UncountForm(Sent):
    """The undo of a count: of which lot; none: of all the rest."""

    lot = fields.Integer(load_default=None, error_messages=A_NUMBER)


class FoundForm(Sent):
    """Books of others among ours: what stands on them, how many (册), and whose they are where one can tell."""

    title = fields.String(required=True, validate=Length(max=TITLE, error="title_long"), error_messages=A_TEXT)
    quantity = Count(
        required=True,
        validate=[Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")],
        error_messages=A_NUMBER,
    )
    whose = fields.String(load_default=None, validate=Length(max=WHOSE, error="too_long"))


class CrossingForm(Sent):
    """On which side of the count a move lies."""

    answer = fields.String(required=True, validate=OneOf(CROSSINGS, error="kind"), error_messages=A_TEXT)


class BringForm(StepForm):
    """Copies that were scanned here came from another place, on a day."""

    start = fields.Integer(required=True, data_key="from", error_messages=A_NUMBER)


class TakeBackForm(Sent):
    """It is taken back: why is not left open."""

    reason = fields.String(required=True, validate=Length(max=200, error="note_too_long"), error_messages=A_TEXT)
