"""The register of communities (需求点): the list, one of them, and putting it right."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.rules import may
from branchnet.access.sent import Sent, read
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.community_words import (
    class_words,
    community_kind_words,
    position_status,
    source_words,
)
from branchnet.blueprints.staff.point_words import datum_words
from branchnet.blueprints.staff.positions import pin
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.models.place import COMMUNITY_KINDS
from branchnet.points.commands import NewCommunity, Position
from branchnet.points.communities import commands
from branchnet.points.communities.queries import Asked, Registered, listed, own_counties, registered, towns_named
from branchnet.points.communities.schemas import AsideForm, CommunityForm
from branchnet.points.datum import to_wgs84

PAGE = 100
"""Communities on one page."""


@blueprint.get("/communities")
@require("point.see")
def communities() -> str:
    """The communities of one's own network that are asked for, by pinyin, page by page."""
    who, asked = staff(), asked_communities()
    page = max(request.args.get("page", 1, type=int), 1)
    count, rows = listed(who.network_id, asked, (page - 1) * PAGE, PAGE)
    return render_template(
        "staff/communities/list.html",
        rows=rows,
        count=count,
        page=page,
        pages=max(-(-count // PAGE), 1),
        asked=asked,
        narrowed=asked != Asked(),
        kinds=_kinds(),
        kind_words_of=community_kind_words,
        position_status=position_status,
        towns=[(f"{county}/{town}", f"{county} {town}".strip()) for county, town in towns_named(who.network_id)],
        writes=may(who.roles, "community.write"),
    )


def asked_communities() -> Asked:
    """What the list, or its Excel, is narrowed to."""
    return Asked(
        text=request.args.get("q", "").strip()[:60],
        kind=request.args.get("kind", ""),
        town=request.args.get("town", "")[:90],
        placeless=request.args.get("position") == "none",
        aside=request.args.get("position") == "aside",
    )


@blueprint.get("/communities/new")
@require("community.write")
def new_community() -> str:
    """The form for one that the register has not."""
    return _page(None, Refusal())


@blueprint.post("/communities/new")
@require("community.write")
def enter_community() -> Answer:
    """Enter a community."""
    who = staff()
    try:
        sent = read(CommunityForm(), request.form)
        new = _told(sent)
        done = perform(who.act, op_id(), "enter_community", sent, lambda: {"community": commands.enter(who.act, new)})
    except BranchNetError as error:
        refusal = refused(error, "community")
        return _page(None, refusal), refusal.status
    flash(_("%(name)s 登记好了。", name=sent["name"]), "done")
    return redirect(url_for("staff.community", community_id=done["community"]), 303)


@blueprint.get("/communities/<int:community_id>")
@require("point.see")
def community(community_id: int) -> str:
    """One community of one's own network; for those who keep the register, with the form that puts it right."""
    return _page(registered(staff().network_id, community_id), Refusal())


@blueprint.post("/communities/<int:community_id>")
@require("community.write")
def change_community(community_id: int) -> Answer:
    """Put a community right."""
    who = staff()
    registered(who.network_id, community_id)
    try:
        sent = read(CommunityForm(), request.form)
        new = _told(sent)

        def effect() -> Outcome:
            commands.change(who.act, community_id, new, request.form.get("seen"))
            return {"community": community_id}

        perform(who.act, op_id(), "change_community", {"community": community_id, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "community")
        return _page(registered(who.network_id, community_id), refusal), refusal.status
    flash(_("改好了。"), "done")
    return redirect(url_for("staff.community", community_id=community_id), 303)


@blueprint.post("/communities/<int:community_id>/set-aside")
@require("community.write")
def set_community_aside(community_id: int) -> Answer:
    """It was entered twice, or never there: from now on it counts in no month."""

    def step(sent: dict[str, Any]) -> None:
        commands.set_aside(staff().act, community_id, sent["why"])

    return _press("set_aside", community_id, AsideForm(), step, _("作废了，以前的月份也不再算它；要恢复，就在这一页。"))


@blueprint.post("/communities/<int:community_id>/take-back")
@require("community.write")
def take_community_back(community_id: int) -> Answer:
    """What was set aside counts again."""

    def step(_sent: dict[str, Any]) -> None:
        commands.take_back(staff().act, community_id)

    return _press("take_back", community_id, Sent(), step, _("恢复了，又算在登记册里。"))


def _press(form: str, community_id: int, schema: Sent, step: Callable[[dict[str, Any]], None], said: str) -> Answer:
    there = registered(staff().network_id, community_id)
    return press(
        form,
        schema,
        {"community": community_id},
        step,
        said,
        lambda _done: url_for("staff.community", community_id=community_id),
        lambda refusal: _page(there, refusal),
    )


def _told(sent: dict[str, Any]) -> NewCommunity:
    """What the form says, its position in WGS-84."""
    position = Position()
    if sent["lat"] is not None:
        found = to_wgs84(sent["datum"], sent["lat"], sent["lon"])
        position = Position(found.lat, found.lon, "approximate" if sent["pinned"] else sent["quality"], "staff")
    facts = {name: sent[name] for name in ("kind", "name", "code", "county", "town", "urban_rural", "children")}
    return NewCommunity(**facts, position=position)


def _kinds() -> list[tuple[str, str]]:
    return [(kind, community_kind_words(kind)) for kind in COMMUNITY_KINDS]


def _page(found: Registered | None, refusal: Refusal) -> str:
    who = staff()
    known, writes = towns_named(who.network_id), may(who.roles, "community.write")
    return render_template(
        "staff/communities/one.html",
        found=found,
        refusal=refusal,
        kinds=_kinds(),
        kind_words_of=community_kind_words,
        classes=class_words(),
        position_status=position_status,
        source_words=source_words,
        datums=datum_words(),
        counties=sorted(own_counties(who.network_id).values()) or sorted({county for county, _town in known if county}),
        towns=sorted({town for _county, town in known}),
        writes=writes,
        pin=pin(who.network_id) if writes else None,
        aside_on=local_time(found.set_aside_at, who.act.network.time_zone)[:10] if found and found.set_aside_at else "",
        language_next=url_for("staff.community", community_id=found.id) if found else url_for("staff.new_community"),
    )
