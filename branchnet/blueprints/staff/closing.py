"""Months are closed (封账), and opened again for some by exception."""

from typing import Any

from flask import render_template, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome
from branchnet.access.rules import may
from branchnet.access.sent import Sent
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.matching import point_options
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.blueprints.staff.whereabouts import own_points
from branchnet.calendar import commands
from branchnet.calendar.queries import exceptions_of
from branchnet.calendar.rules import previous_month
from branchnet.calendar.schemas import ExceptionForm, LockForm
from branchnet.errors import Invalid
from branchnet.language import _, month_name
from branchnet.readings.closing import closable, still_missing

SHOWN = 50
CLOSED_MONTHS = 24


@blueprint.get("/closing")
@require("reading.see")
def closing() -> str:
    """How far months are closed, what is missing of the others, and which exceptions there are."""
    return _page(Refusal())


@blueprint.post("/closing")
@require("month.lock")
def lock_months() -> Answer:
    """Close all months up to one."""

    def step(sent: dict[str, Any]) -> None:
        commands.lock_through(staff().act, sent["month"])

    return press("lock", LockForm(), {}, step, _("封账了。"), _back, _page)


@blueprint.post("/closing/exceptions")
@require("month.lock")
def grant_exception() -> Answer:
    """Open a closed month, for a point or for all."""

    def step(sent: dict[str, Any]) -> Outcome:
        point_id = _point(sent.pop("point"))
        return {"exception": commands.grant_exception(staff().act, point_id=point_id, **sent)}

    return press("exception", ExceptionForm(), {}, step, _("例外批好了，现在就能补报、补记。"), _back, _page)


@blueprint.post("/closing/exceptions/<int:exception_id>/end")
@require("month.lock")
def end_exception(exception_id: int) -> Answer:
    """It holds no longer."""

    def step(_sent: dict[str, Any]) -> None:
        commands.end_exception(staff().act, exception_id)

    return press(f"end-{exception_id}", Sent(), {}, step, _("这个例外结束了。"), _back, _page)


def _point(code: str | None) -> int | None:
    if code is None:
        return None
    for point in own_points():
        if point.code == code:
            return point.id
    raise Invalid(fields={"point": "kind"})


def _back(_done: Outcome) -> str:
    return url_for("staff.closing")


def _page(refusal: Refusal) -> str:
    who = staff()
    network, today, points = who.act.network, who.act.today(), own_points()
    over = closable(network.locked_through, today)
    exceptions = exceptions_of(who.network_id, SHOWN)
    return render_template(
        "staff/calendar/closing.html",
        network=network,
        missing=still_missing(who.network_id, over, today, network.min_open_days),
        holding=[one for one in exceptions if one.holds_on(today)],
        past=[one for one in exceptions if not one.holds_on(today)],
        names={point.id: point.name for point in points},
        points=[("", _("全部服务点")), *point_options(points)],
        closed=_closed(network.locked_through),
        months=[(month, month_name(month)) for month in over],
        local=lambda moment: local_time(moment, network.time_zone),
        today=today,
        refusal=refusal,
        locks=may(who.roles, "month.lock"),
        language_next=url_for("staff.closing"),
    )


def _closed(through: str | None) -> list[tuple[str, str]]:
    """The closed months that a form offers, the latest first."""
    found: list[tuple[str, str]] = []
    while through is not None and len(found) < CLOSED_MONTHS:
        found.append((through, month_name(through)))
        through = previous_month(through)
    return found
