"""Who has not reported: whom to chase, with the words to send; and the rates by month, town and kind."""

from typing import Any

from flask import current_app, render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.rules import may
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.chase_words import group_words, missing_words, teacher_words
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.blueprints.staff.words import point_kind_words
from branchnet.calendar.rules import bounds, month_of, months_before, previous_month
from branchnet.config import Settings
from branchnet.language import _
from branchnet.points.queries import Point
from branchnet.points.towns import TOWN_DIGITS, town_names
from branchnet.readings import commands
from branchnet.readings.chasing import group_told, owing
from branchnet.readings.chasing_schema import ChaseForm
from branchnet.readings.completeness import rate, rates_by, reported_between

PAGE = 50
"""Teachers on one page."""
MONTHS_SHOWN = 12


@blueprint.get("/readings/missing")
@require("reading.write")
def chase_list() -> str:
    """Teachers who owe a month or one before it, with the words to send them."""
    return _page(Refusal())


@blueprint.post("/readings/missing")
@require("reading.write")
def chased() -> Answer:
    """A teacher, or the whole group, was told."""

    def step(sent: dict[str, Any]) -> None:
        commands.record_chase(staff().act, sent["month"], sent["kind"], sent["person"])

    return press("chase", ChaseForm(), {}, step, _("记下了。"), lambda _done: _back(), _page)


@blueprint.get("/readings/rates")
@require("reading.see")
def rates() -> str:
    """Completeness and timeliness of the last months; of one month by kind of point and by town."""
    who = staff()
    month = _asked_month()
    by_month = reported_between(who.networks, months_before(month, MONTHS_SHOWN - 1), month)
    names = town_names(who.networks)
    shown = by_month[month]

    def town_of(point: Point) -> str:
        return names.get((point.area_code or "")[:TOWN_DIGITS], "")

    return render_template(
        "staff/readings/rates.html",
        month=month,
        latest=_latest_month(),
        now=month_of(who.act.today()),
        by_month=[(one, rate(found)) for one, found in reversed(by_month.items())],
        total=rate(shown),
        by_kind=[(point_kind_words(kind), one) for kind, one in rates_by(shown, lambda point: point.kind).items()],
        by_town=sorted(rates_by(shown, town_of).items(), key=lambda row: (not row[0], row[0])),
        not_owed=sum(one.reported and not one.owed for one in shown),
        held=sum(one.held for one in shown),
        by_day=who.act.network.report_by_day,
        writes=may(who.roles, "reading.write"),
    )


def _back() -> str:
    return url_for("staff.chase_list", month=_asked_month(), page=request.args.get("page", type=int))


def _page(refusal: Refusal) -> str:
    who, month = staff(), _asked_month()
    found = owing(who.act, month)
    teachers = [one for one in found if one.person_id is not None]
    pages = max(-(-len(teachers) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    network, base = who.act.network, _base_url()
    told, owed = group_told(who.act, month), sum(one.owes(month) for one in teachers)
    return render_template(
        "staff/readings/missing.html",
        month=month,
        latest=_latest_month(),
        teachers=[(one, teacher_words(one, network.name, base)) for one in teachers[(page - 1) * PAGE : page * PAGE]],
        count=len(teachers),
        remind=sum(one.remind for one in teachers),
        nobodys=[row for one in found if one.person_id is None for row in missing_words(one)],
        group=group_words(month, owed, network, base, who.act.today()) if owed else None,
        group_told=told and local_time(told, network.time_zone),
        local=lambda moment: local_time(moment, network.time_zone),
        page=page,
        pages=pages,
        refusal=refusal,
        language_next=_back(),
    )


def _base_url() -> str:
    settings: Settings = current_app.config["BRANCHNET"]
    return settings.base_url.rstrip("/")


def _latest_month() -> str:
    return previous_month(month_of(staff().act.today()))


def _asked_month() -> str:
    """The month in the address, if it is one that is over; else the last that is."""
    asked, latest = request.args.get("month", ""), _latest_month()
    try:
        bounds(asked)
    except ValueError:
        return latest
    return min(asked, latest)
