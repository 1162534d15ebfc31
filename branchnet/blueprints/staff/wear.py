"""Natural wear: what one press closes in a term, at one point or at all; a preview first."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome
from branchnet.batches import commands
from branchnet.batches.losses.schemas import WearForm
from branchnet.batches.losses.wear import Term, WearAt, terms, wear
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.matching import point_options
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.whereabouts import own_points
from branchnet.errors import Invalid
from branchnet.language import _
from branchnet.points.queries import Point


@blueprint.get("/wear")
@require("batch.write")
def worn() -> str:
    """For a term of the calendar, or from a day to a day: what would be closed, and what exceeds."""
    return _page(Refusal())


@blueprint.post("/wear")
@require("batch.write")
def close_worn() -> Answer:
    """Close what the page showed."""

    def step(sent: dict[str, Any]) -> Outcome:
        if sent["until"] < sent["since"]:
            raise Invalid(fields={"until": "dates"})
        shown = [int(case) for case in sent["cases"].split() if case.isdecimal()]
        points = _points(sent["point"] or "")
        copies = commands.close_worn(staff().act, points, sent["since"], sent["until"], sent["happened_on"], shown)
        return {"copies": copies}

    return press(
        "wear",
        WearForm(),
        {},
        step,
        _("按自然损耗结案了，书在等处置。"),
        lambda _done: url_for("staff.register_cases", state="worn"),
        _page,
    )


def _points(code: str) -> list[Point]:
    return [point for point in own_points() if code in ("", point.code)]


def _page(refusal: Refusal) -> str:
    who, asked = staff(), request.values
    today, known = who.act.today(), terms(who.network_id)
    term = next((one for one in known if str(one.id) == asked.get("term")), None)
    since, until = (term.first_on, term.last_on) if term else (_day(asked.get("since")), _day(asked.get("until")))
    code = asked.get("point", "")
    found: list[WearAt] = []
    if since is not None and until is not None and since <= until:
        found = wear(who.network_id, _points(code), since, until, today)
    return render_template(
        "staff/losses/wear.html",
        terms=[(one.id, _term(one)) for one in known],
        term=term,
        since=since,
        until=until,
        code=code,
        points=point_options(own_points()),
        found=found,
        closes=sum(one.closes for one in found),
        cases=" ".join(str(case.id) for one in found for case in one.fits),
        refusal=refusal,
        day=today,
        language_next=url_for("staff.worn"),
    )


def _term(one: Term) -> str:
    return _("%(name)s，%(first)s 到 %(last)s", name=one.name, first=one.first_on, last=one.last_on)


def _day(asked: str | None) -> date | None:
    try:
        return date.fromisoformat((asked or "").strip())
    except ValueError:
        return None
