"""The network's calendar: school years, terms and holidays, and the days on which months are due and close."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.rules import may
from branchnet.access.sent import Sent
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.calendar_words import host_options, kind_options, of_host, period_kind_words
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint
from branchnet.calendar import commands
from branchnet.calendar.queries import periods_of
from branchnet.calendar.rules import bounds, month_to_close, next_month, school_year_of
from branchnet.calendar.schemas import MonthsForm, NewPeriodForm, PeriodForm, read_year
from branchnet.calendar.usual import usual_year
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.models import Network

FIRST_YEAR, LAST_YEAR = 1990, 2200


@blueprint.get("/calendar")
@require("reading.see")
def calendar() -> str:
    """School years with their terms and holidays, and what the network has chosen about months."""
    return _page(Refusal())


@blueprint.post("/calendar")
@require("calendar.write")
def add_period() -> Answer:
    """Enter a term or a holiday of its own."""

    def step(sent: dict[str, Any]) -> Outcome:
        return {"period": commands.add_period(staff().act, **sent)}

    return press("new", NewPeriodForm(), {}, step, _("写进校历了。"), _back, _page)


@blueprint.post("/calendar/periods/<int:period_id>")
@require("calendar.write")
def change_period(period_id: int) -> Answer:
    """Put it right."""

    def step(sent: dict[str, Any]) -> None:
        commands.change_period(staff().act, period_id, **sent)

    return press(f"period-{period_id}", PeriodForm(), {}, step, _("校历改好了。"), _back, _page)


@blueprint.post("/calendar/periods/<int:period_id>/remove")
@require("calendar.write")
def remove_period(period_id: int) -> Answer:
    """It was entered by mistake."""

    def step(_sent: dict[str, Any]) -> None:
        commands.remove_period(staff().act, period_id)

    return press(f"remove-{period_id}", Sent(), {}, step, _("从校历里删去了。"), _back, _page)


@blueprint.post("/calendar/months")
@require("calendar.write")
def set_months() -> Answer:
    """On which days months are due, reminded of and closed."""

    def step(sent: dict[str, Any]) -> None:
        commands.set_months(staff().act, **sent)

    return press("months", MonthsForm(), {}, step, _("月报的规定改好了。"), _back, _page)


@blueprint.get("/calendar/year")
@require("calendar.write")
def new_year() -> str:
    """The usual school year, to be adjusted before it is saved."""
    return _year_page(Refusal())


@blueprint.post("/calendar/year")
@require("calendar.write")
def add_year() -> Answer:
    """Save it whole."""
    act = staff().act
    try:
        periods = read_year(request.form)
        body = {"periods": [[one.name, one.first_on, one.last_on, one.host] for one in periods]}
        perform(act, op_id(), "add_year", body, lambda: {"periods": commands.add_year(act, periods)})
    except BranchNetError as error:
        refusal = refused(error, "year")
        return _year_page(refusal), refusal.status
    flash(_("这个学年写进校历了。"), "done")
    return _to_calendar()


def _to_calendar() -> Response:
    return redirect(url_for("staff.calendar"), 303)


def _back(_done: Outcome) -> str:
    return url_for("staff.calendar")


def _page(refusal: Refusal) -> str:
    who = staff()
    periods, network, today = periods_of(who.network_id), who.act.network, who.act.today()
    by_year = [
        (year, sorted(rows, key=lambda row: (row.first_on, row.kind)))
        for year, rows in groupby(periods, key=lambda row: school_year_of(row.first_on))
    ]
    return render_template(
        "staff/calendar/page.html",
        years=by_year,
        network=network,
        closes=_closes(network, today),
        today=today,
        hosts=host_options(),
        kinds=kind_options(),
        of_host=of_host,
        period_kind_words=period_kind_words,
        refusal=refusal,
        writes=may(who.roles, "calendar.write"),
        language_next=url_for("staff.calendar"),
    )


def _closes(network: Network, today: date) -> tuple[str, date] | None:
    """The month that closes next by itself, and on which day."""
    if network.closes_on_day is None:
        return None
    month = next_month(max(network.locked_through or "", month_to_close(today, network.closes_on_day)))
    return month, bounds(next_month(month))[0].replace(day=network.closes_on_day)


def _year_page(refusal: Refusal) -> str:
    who = staff()
    this = school_year_of(who.act.today())
    known = {school_year_of(row.first_on) for row in periods_of(who.network_id)}
    asked = request.values.get("from", this if this not in known else this + 1, type=int)
    year = min(max(asked, FIRST_YEAR), LAST_YEAR)
    return render_template(
        "staff/calendar/year.html",
        year=year,
        years=[(one, f"{one}-{one + 1}") for one in sorted({*range(this - 1, this + 3), year})],
        periods=usual_year(year),
        hosts=host_options(),
        period_kind_words=period_kind_words,
        refusal=refusal,
        language_next=url_for("staff.new_year"),
    )
