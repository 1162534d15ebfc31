"""A window's page at the desk: what holds, all that was ever sent, what waits, and what was said of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import render_template, url_for

from branchnet.access.acts import Act
from branchnet.access.guards import staff
from branchnet.access.rules import may
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.books import point_seen
from branchnet.blueprints.staff.reading_words import (
    channel_words,
    held_words,
    number_labels,
    review_words,
    told,
)
from branchnet.blueprints.staff.root import local_time
from branchnet.blueprints.windows import Window, month_of_point, stay_at_point
from branchnet.calendar.rules import bounds
from branchnet.errors import NotFound
from branchnet.models import Network
from branchnet.models.reading import METHODS
from branchnet.readings.queries import Held, earlier
from branchnet.readings.rules import months_open
from branchnet.readings.story import Sending, Story, doubled, story
from branchnet.readings.windows import stay
from branchnet.words.plausible import doubt_words, kept_words, method_words

FIELDS = ("in_school_visits", "in_school_loans", "community_visits", "community_loans", "days_open", "borrowers")
DOUBLED = 500
"""Sendings that came twice among which those of a window are looked for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A window as the address names it, with its story; of one's own network or one below."""

    network: Network
    window: Window
    story: Story
    path: str
    within: Held | None = None
    """Of a month: the earlier term or year that was reported as a whole, and that it is in."""

    @property
    def href(self) -> str:
        """Its own address; one of another network names that network."""
        return self.path if self.network.id == staff().network_id else f"{self.path}?network={self.network.slug}"

    @property
    def writes(self) -> bool:
        """Whether the person signed in may enter and decide here: a clerk, and only at home."""
        who = staff()
        return self.network.id == who.network_id and may(who.roles, "reading.write")


def month_desk(code: str, month: str) -> Desk:
    """A month in which the point was open, or that was reported all the same. Raises NotFound."""
    network, point = point_seen(code)
    act = Act(network.id)
    found = story(network.id, point.id, month=month)
    within = _within(network.id, point.id, month)
    if (
        found.reading_id is None
        and within is None
        and month not in months_open(point.opened_on, point.closed_on, act.today())
    ):
        raise NotFound(month=month)
    window = month_of_point(act, point, month, network.locked_through)
    return Desk(network, window, found, url_for("staff.month_reading", code=code, month=month), within)


def _within(network_id: int, point_id: int, month: str) -> Held | None:
    """The earlier term or year that holds and shares days with a month. Raises NotFound for what is no month."""
    try:
        days = bounds(month)
    except ValueError:
        raise NotFound(month=month) from None
    return next(iter(earlier([network_id], [point_id], *days)), None)


def stay_desk(code: str, number: str) -> Desk:
    """A delivery's stay that is over. Raises NotFound."""
    network, point = point_seen(code)
    one = stay(network.id, point, number)
    window = stay_at_point(Act(network.id), point, one, network.locked_through)
    found = story(network.id, point.id, batch_id=one.batch_id)
    return Desk(network, window, found, url_for("staff.stay_reading", code=code, number=number))


def page(desk: Desk, refusal: Refusal) -> str:
    """What is known of the window, and for a clerk the forms."""
    holds, zone = desk.story.holds, desk.network.time_zone
    return render_template(
        "staff/readings/window.html",
        desk=desk,
        window=desk.window,
        point=desk.window.point,
        holds=next((one for one in desk.story.sendings if one.holds), None),
        waits=[one for one in desk.story.sendings if one.waits],
        meanwhile=_meanwhile(desk, refusal),
        doubled=_doubled(desk),
        within_told=told(asdict(desk.within)) if desk.within else None,
        values=_values(desk, refusal),
        based_on=holds.number if holds else "",
        labels=number_labels(desk.window.point.open_to_community),
        methods=[(method, method_words(method)) for method in METHODS],
        local=lambda moment: local_time(moment, zone),
        told=lambda sending: told(_report(sending)),
        warned=lambda row: [kept_words(key) for key in row.warnings or []],
        doubts=[doubt_words(doubt) for doubt in refusal.data.get("doubts", [])],
        channel_words=channel_words,
        held_words=held_words,
        method_words=method_words,
        review_words=review_words,
        refusal=refusal,
        actions=f"{desk.path}/",
    )


def _report(sending: Sending) -> dict[str, Any]:
    return {name: getattr(sending.row, name) for name in (*FIELDS, "not_open")}


def _values(desk: Desk, refusal: Refusal) -> Mapping[str, Any]:
    """What the form begins with: what holds now, or what was typed and refused."""
    if refusal.form == "enter":
        return refusal.sent
    holds = desk.story.holds
    return {name: getattr(holds, name) for name in (*FIELDS, "method", "note")} if holds else {}


def _meanwhile(desk: Desk, refusal: Refusal) -> list[Sending]:
    """What came since the person signed in looked."""
    if refusal.code != "came_meanwhile":
        return []
    seen = refusal.sent.get("based_on", "")
    return desk.story.since(int(seen) if seen.isdecimal() else None)


def _doubled(desk: Desk) -> list[dict[str, Any]]:
    return [
        {"told": told(one.body), "at": local_time(one.at, desk.network.time_zone), "person": one.person}
        | {"receipt": one.receipt, "seen_by": one.seen_by}
        | {"seen_at": local_time(one.seen_at, desk.network.time_zone) if one.seen_at else None}
        for one in doubled(desk.network.id, DOUBLED)
        if (one.body.get("point"), one.body.get("window")) == (desk.window.point.code, desk.window.key)
    ]
