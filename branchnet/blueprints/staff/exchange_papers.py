"""One handover note for an exchange visit, on the page and as Word."""

from flask import Response, render_template, request

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.batches.papers import queries as read_papers
from branchnet.batches.papers import rules, word
from branchnet.batches.papers.exchange_note import Told, exchange_note
from branchnet.batches.papers.notes import Contents, Note
from branchnet.batches.queries import End, ExchangeRow, shorts_of
from branchnet.blueprints import downloads
from branchnet.blueprints.staff.exchanges import seen
from branchnet.blueprints.staff.root import blueprint
from branchnet.points.agreements import agreement_at


@blueprint.get("/exchange/<int:exchange_id>/note")
@require("batch.see")
def exchange_paper(exchange_id: int) -> str:
    """The note of a visit: so many brought, so many taken back, so many short; signed in ``copies`` copies."""
    row, point = seen(exchange_id)
    note = _note(row, point)
    return render_template(
        "staff/papers/exchange.html", exchange=row, point=point, note=note, library=_library(), mark=note.mark
    )


@blueprint.get("/exchange/<int:exchange_id>/note.docx")
@require("batch.see")
def exchange_word(exchange_id: int) -> Response:
    """The note as Word."""
    row, point = seen(exchange_id)
    note = _note(row, point)
    name = f"{note.title} {row.outgoing} {row.returning}.docx"
    return downloads.as_file(word.handover_word(note, _library()), name, word.MIMETYPE)


def _library() -> str:
    return Act(staff().network_id).network.name


def _note(row: ExchangeRow, point: End) -> Note:
    return exchange_note(
        row,
        point,
        _library(),
        Told(
            _contents(row, row.outgoing_id),
            _contents(row, row.returning_id),
            shorts_of(row.network_id, row.returning_id),
        ),
        agreement_at(row.network_id, row.place_id, row.happened_on),
        rules.copies_asked(request.args.get("copies", type=int), "delivery"),
    )


def _contents(row: ExchangeRow, batch_id: int) -> Contents:
    return Contents(
        read_papers.paper_lines(row.network_id, batch_id),
        read_papers.boxes_of(row.network_id, batch_id),
        read_papers.goods_along(row.network_id, batch_id),
    )
