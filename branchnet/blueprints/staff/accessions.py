"""What came in today: books bought or given, and what is no book. One form, one batch."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches.accession_schemas import AccessionForm, BookRow, GoodsForm
from branchnet.batches.commands import Donation, Goods, take_in_donation
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.rows import read_rows, rows_asked
from branchnet.blueprints.staff.words import goods_words, owner_words
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.models.batch import GOODS
from branchnet.models.ledger import OWNERS
from branchnet.stock.rules import NewLot

BOOK_ROWS, GOODS_ROWS, MORE_ROWS = 5, 2, 5
CHOSEN = frozenset({"kind", "unit"})
"""What a row of goods says from the start."""


@blueprint.get("/accessions/new")
@require("batch.write")
def new_accession() -> str:
    """The form for what came in."""
    return _page(Refusal())


@blueprint.post("/accessions/new")
@require("batch.write")
def take_in_books() -> Response | tuple[str, int]:
    """Take in what the form lists; or, asked for more rows, show it with more."""
    who = staff()
    if "more" in request.form:
        return _page(Refusal("accession", sent=dict(request.form.items())), MORE_ROWS), 200
    try:
        sent = _sent()
        lots, goods = _lots(sent), [Goods(**row) for row in sent["goods"]]

        def effect() -> Outcome:
            donors = sent["donors"] if sent["source"] == "donated" else None
            came = Donation(lots, goods, donors, sent["note"])
            taken = take_in_donation(who.act, came, sent["happened_on"])
            return {"number": taken.batch.number}

        number = perform(who.act, op_id(), "take_in", sent, effect)["number"]
    except BranchNetError as error:
        refusal = refused(error, "accession")
        return _page(refusal), refusal.status
    flash(_("入账了，书在总馆书架上，可以配了。"), "done")
    return redirect(url_for("staff.batch_page", number=number), 303)


def _sent() -> dict[str, Any]:
    """The form as its schemas read it. Raises Invalid with all that is wrong, over all rows, at once."""
    books, goods = rows_asked(request.form, "rows", BOOK_ROWS), rows_asked(request.form, "goods_rows", GOODS_ROWS)
    parts: dict[str, Callable[[], Any]] = {
        "head": lambda: read(AccessionForm(), request.form),
        "books": lambda: read_rows(BookRow(), request.form, "", books, frozenset()),
        "goods": lambda: read_rows(GoodsForm(), request.form, "goods-", goods, CHOSEN),
    }
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, part in parts.items():
        try:
            found[name] = part()
        except Invalid as error:
            wrong |= error.data["fields"]
    if not wrong and not found["books"] and not found["goods"]:
        wrong = {"title-1": "required"}
    if wrong:
        raise Invalid(fields=wrong)
    return {**found["head"], "books": found["books"], "goods": found["goods"]}


def _lots(sent: dict[str, Any]) -> list[NewLot]:
    """The rows as lots, with what holds for all of them."""
    return [
        NewLot(
            quantity=row["quantity"] or 1,
            price_fen=row["price"],
            owner=sent["owner"],
            fund=sent["fund"],
            **{name: row[name] for name in ("title", "barcode", "author", "category", "call_number", "year")},
            property_number=row["property_number"],
        )
        for row in sent["books"]
    ]


def _page(refusal: Refusal, more: int = 0) -> str:
    who = staff()
    return render_template(
        "staff/accession.html",
        refusal=refusal,
        rows=rows_asked(refusal.sent, "rows", BOOK_ROWS) + more,
        goods_rows=rows_asked(refusal.sent, "goods_rows", GOODS_ROWS),
        goods_kinds=[(kind, goods_words(kind)) for kind in GOODS],
        owners=[(owner, owner_words(owner)) for owner in OWNERS],
        day=who.act.today(),
    )
