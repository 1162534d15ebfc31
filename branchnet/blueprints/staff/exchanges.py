"""An exchange visit (换书): one screen at the school's gate or beside the notebook, one press, one note."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.commands.exchanging import KINDS
from branchnet.batches.exchange_schema import EndShortForm, ExchangeForm
from branchnet.batches.queries import ExchangeRow
from branchnet.batches.queries.listing import End, ends_of
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.beginning import all_points
from branchnet.blueprints.staff.exchange_form import point_of, visit_of
from branchnet.blueprints.staff.matching import point_options, title_names
from branchnet.blueprints.staff.root import blueprint, local_time, writes
from branchnet.blueprints.staff.words import kind_words, short_words
from branchnet.errors import BranchNetError, NotFound
from branchnet.language import _
from branchnet.points.queries import Point, central_place
from branchnet.stock.queries import Held, held_at

ENDINGS = ("found", "lost", "miscounted", "damaged")


@blueprint.get("/exchange")
@require("batch.write")
def exchange_form() -> str:
    """First the point, then what was brought and what was taken."""
    return _page(point_of(request.args.get("to")), Refusal())


@blueprint.post("/exchange")
@require("batch.write")
def exchange() -> Answer | tuple[str, int]:
    """Write both batches of the visit and what was short."""
    who = staff()
    try:
        sent = read(ExchangeForm(), request.form)
        visit = visit_of(sent)

        def effect() -> Outcome:
            done = commands.exchange(who.act, visit)
            return {"exchange": done.exchange_id, "outgoing": done.outgoing, "returning": done.returning}

        done = perform(who.act, op_id(), "exchange", sent, effect)
    except BranchNetError as error:
        refusal = refused(error, "exchange")
        return _page(point_of(request.form.get("to")), refusal), refusal.status
    return redirect(url_for("staff.exchange_page", exchange_id=done["exchange"]), 303)


def _page(point: Point | None, refusal: Refusal) -> str:
    who = staff()
    if point is None:
        return render_template("staff/exchange/choose.html", points=point_options(all_points()), refusal=refusal)
    shelf = central_place(who.network_id, "shelf")
    here, there = (queries.counted_lots_at(who.network_id, place) for place in (shelf, point.place_id))
    ready = queries.ready_for(who.network_id, point.place_id)
    return render_template(
        "staff/exchange/form.html",
        refusal=refusal,
        point=point,
        held=held_at(who.network_id, [point.place_id]).get(point.place_id, Held()),
        to_bring=queries.found_to_bring(who.network_id, point.place_id),
        ready=ready,
        ready_choices=[
            (number, _("%(number)s，%(copies)s 册", number=number, copies=f"{copies:,}")) for number, copies in ready
        ],
        here=here,
        there=there,
        most_here=_most(here),
        most_there=_most(there),
        initials=lambda lot: title_names(lot.title)[1],
        kinds=[(kind, kind_words(kind)) for kind in KINDS],
        kind="allocation" if point.kind == "branch" else KINDS[0],
        day=who.act.today(),
    )


def _most(lots: list[Any]) -> str | None:
    """The counted lot that there is most of: a number without a title means it."""
    return max(lots, key=lambda lot: (lot.quantity, -lot.id)).title if lots else None


@blueprint.get("/exchange/<int:exchange_id>")
@require("batch.see")
def exchange_page(exchange_id: int) -> str:
    """A visit: both batches, what was short and what came of it."""
    return _show(exchange_id, Refusal())


def _show(exchange_id: int, refusal: Refusal) -> str:
    row, point = seen(exchange_id)
    return render_template(
        "staff/exchange/one.html",
        exchange=row,
        point=point,
        shorts=queries.shorts_of(row.network_id, row.returning_id),
        ends=[(end, short_words(end)) for end in ENDINGS],
        short_words=short_words,
        recorded=local_time(row.recorded_at, Act(row.network_id).network.time_zone),
        refusal=refusal,
        writes=writes(row.network_id),
        day=staff().act.today(),
    )


def seen(exchange_id: int) -> tuple[ExchangeRow, End]:
    """A visit of one's own network, with its point as it was called then. Raises NotFound."""
    who = staff()
    row = queries.exchange_of(who.network_id, exchange_id)
    return row, ends_of({row.place_id}, [row.network_id], row.happened_on)[row.place_id]


def short_at(rows: Sequence[ExchangeRow], day: date) -> list[tuple[ExchangeRow, str]]:
    """Visits with what their points are called."""
    ends = ends_of({row.place_id for row in rows}, {row.network_id for row in rows}, day)
    return [(row, ends[row.place_id].name or "") for row in rows]


@blueprint.post("/exchange/<int:exchange_id>/shorts/<int:difference_id>")
@require("batch.write")
def end_short(exchange_id: int, difference_id: int) -> Answer | tuple[str, int]:
    """What was short turned out to be something."""
    who = staff()
    row = queries.exchange_of(who.network_id, exchange_id)
    form = f"short-{difference_id}"
    try:
        if difference_id not in {short.id for short in queries.shorts_of(who.network_id, row.returning_id)}:
            raise NotFound(difference_id=difference_id)
        sent = read(EndShortForm(), request.form)

        def effect() -> Outcome:
            part = (
                difference_id if sent["copies"] is None else commands.split_off(who.act, difference_id, sent["copies"])
            )
            commands.resolve(who.act, part, sent["resolution"], sent["happened_on"])
            return {"difference": part}

        perform(who.act, op_id(), "end_short", {"difference": difference_id, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, form)
        return _show(exchange_id, refusal), refusal.status
    flash(_("这条差异结案了。"), "done")
    return redirect(url_for("staff.exchange_page", exchange_id=exchange_id), 303)
