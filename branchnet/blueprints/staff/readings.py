"""Readings at the desk: what is to be looked at, and points × months at a glance, each cell the way to its page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.rules import may
from branchnet.access.scope import networks_named
from branchnet.blueprints.staff.matching import names_apart, points_like
from branchnet.blueprints.staff.positions import town_options
from branchnet.blueprints.staff.reading_words import (
    STATES,
    cell_words,
    held_words,
    state_explained,
    told,
    window_words,
)
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.blueprints.staff.words import point_kind_words
from branchnet.calendar.rules import bounds, twelve_months
from branchnet.coverage.queries import network_seen
from branchnet.language import _, one_after_another
from branchnet.models import Network
from branchnet.models.place import POINT_KINDS
from branchnet.points.life.queries import all_names
from branchnet.points.queries import Point, points_on
from branchnet.readings.grid import Cell, grid
from branchnet.readings.looking import ToLook, to_look
from branchnet.readings.queries import earlier
from branchnet.readings.story import Doubled, doubled
from branchnet.words.plausible import kept_words

PAGE = 100
"""Points on one page."""
SEPTEMBER = 9
YEARS_BACK = 5
DOUBLED = 50
"""Sendings that came twice, at most."""


@dataclass(frozen=True, slots=True)
class AskedGrid:
    """Which points and which twelve months the address asks for; what it cannot mean is left out."""

    network: Network
    today: date
    year: str
    months: list[str]
    kind: str
    town: str
    text: str

    @property
    def sent(self) -> dict[str, str]:
        """The parts of the address, for ways to other pages of the same grid."""
        named = {} if self.network.id == staff().network_id else {"network": self.network.slug}
        parts = {"year": self.year, "kind": self.kind, "town": self.town, "q": self.text}
        return named | {name: value for name, value in parts.items() if value}

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the months."""
        return bounds(self.months[0])[0], bounds(self.months[-1])[1]

    def points(self, points: list[Point], told: set[int]) -> list[Point]:
        """Those of the points that are asked for and were open in these months, or were ``told`` of in them."""
        first, last = self.days
        names = all_names(self.network.id) if self.text else {}
        return points_like(
            [point for point in points if (point.id in told or _open_in(point, first, last)) and self._asked(point)],
            self.text,
            names,
        )

    def _asked(self, point: Point) -> bool:
        in_town = not self.town or (point.area_code or "").startswith(self.town)
        return in_town and self.kind in ("", point.kind)


@blueprint.get("/readings")
@require("reading.see")
def readings() -> str:
    """What is to be looked at, then the points of a network by the months of a year."""
    asked = _asked()
    points = points_on([asked.network.id], asked.today)
    look = to_look(asked.network.id)
    whole = earlier([asked.network.id], [point.id for point in points], *asked.days)
    found = asked.points(points, {held.point_id for held in whole})
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "staff/readings/grid.html",
        asked=asked,
        writes=may(staff().roles, "reading.write"),
        home=staff().network_id,
        names=names_apart(points),
        lines=grid(shown, asked.months, asked.today, asked.network.min_open_days, look, whole),
        count=len(found),
        page=page,
        pages=pages,
        options=_options(asked),
        look=_look_rows(asked, points, look),
        doubled=_doubled_rows(asked, points, doubled(asked.network.id, DOUBLED, unseen=True)),
        cell_href=lambda point, cell: cell_href(asked.network, point, cell),
        cell_words=cell_words,
        legend=[(*cell_words(state), state_explained(state)) for state in STATES],
        window_words=window_words,
    )


def cell_href(network: Network, point: Point, cell: Cell) -> str:
    """The page of a point's window; one of another network names that network."""
    return window_href(network, point.code, cell.month, cell.stay)


def window_href(network: Network, code: str, month: str | None, stay: str | None) -> str:
    """The page of a window: a delivery's stay by its number, or a month."""
    named: dict[str, Any] = {} if network.id == staff().network_id else {"network": network.slug}
    if stay is not None:
        return url_for("staff.stay_reading", code=code, number=stay, **named)
    return url_for("staff.month_reading", code=code, month=month, **named)


def _asked() -> AskedGrid:
    sent = request.args
    network = network_seen(staff(), sent.get("network"))
    today = Act(network.id).today()
    year = sent.get("year", "")
    if year not in dict(_years(today)):
        year = _years(today)[0][0]
    return AskedGrid(
        network,
        today,
        year,
        twelve_months(int(year[-4:]), school=year.startswith("school-")),
        sent.get("kind", "") if sent.get("kind") in POINT_KINDS else "",
        sent.get("town", "")[:20],
        sent.get("q", "").strip()[:60],
    )


def _years(today: date) -> list[tuple[str, str]]:
    """School years and calendar years to choose from, the running ones first."""
    school = today.year if today.month >= SEPTEMBER else today.year - 1
    return [
        choice
        for back in range(YEARS_BACK)
        for choice in (
            (f"school-{school - back}", _("%(first)d-%(last)d学年", first=school - back, last=school - back + 1)),
            (f"{today.year - back}", _("%(year)d年", year=today.year - back)),
        )
    ]


def _options(asked: AskedGrid) -> dict[str, list[tuple[str, str]]]:
    return {
        "networks": [(one.slug, one.name) for one in networks_named(staff().networks)],
        "years": _years(asked.today),
        "kinds": [(kind, point_kind_words(kind)) for kind in POINT_KINDS],
        "towns": town_options(asked.network.id),
    }


def _open_in(point: Point, first: date, last: date) -> bool:
    return (
        point.opened_on is not None and point.opened_on <= last and (point.closed_on is None or point.closed_on > first)
    )


def _look_rows(asked: AskedGrid, points: list[Point], look: list[ToLook]) -> list[dict[str, Any]]:
    by_id, names = {point.id: point for point in points}, names_apart(points)
    return [
        {
            "state": one.state,
            "point": names[by_id[one.point_id].code],
            "window": window_words(one.month, one.batch_number),
            "href": window_href(asked.network, by_id[one.point_id].code, one.month, one.batch_number),
            "at": local_time(one.submitted_at, asked.network.time_zone),
            "why": _why(one),
        }
        for one in look
        if one.point_id in by_id
    ]


def _doubled_rows(asked: AskedGrid, points: list[Point], found: list[Doubled]) -> list[dict[str, Any]]:
    by_code = names_apart(points)
    rows = []
    for one in found:
        code, window = str(one.body.get("point", "")), str(one.body.get("window", ""))
        stay = None if _is_month(window) else window
        rows.append(
            {
                "id": one.id,
                "point": by_code.get(code, code),
                "window": window_words(window, stay),
                "href": window_href(asked.network, code, window, stay) if code in by_code else None,
                "at": local_time(one.at, asked.network.time_zone),
                "person": one.person,
                "receipt": one.receipt,
                "told": told(one.body),
            }
        )
    return rows


def _is_month(text: str) -> bool:
    try:
        bounds(text)
    except ValueError:
        return False
    return True


def _why(one: ToLook) -> str:
    """Why to look at it: what surprises, what was said, or why it was held."""
    if one.state == "held":
        return held_words(one.held_reason)
    return one.words or one_after_another([kept_words(key, one.numbers) for key in one.warnings])
