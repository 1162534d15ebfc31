"""Communities enter the register and are put right there. None commits; each says in the audit trail who it was."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select, update

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.seen import must_be_as_seen
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db
from branchnet.models import Community
from branchnet.models.place import cell_at
from branchnet.points.commands import NewCommunity, Position, spell
from branchnet.points.communities.checks import must_belong
from branchnet.points.communities.following import follow
from branchnet.points.communities.queries import registered
from branchnet.points.communities.rules import (
    COUNTY_DIGITS,
    DIGITS,
    TOWN_DIGITS,
    apart_by_code,
    bare,
    named,
    whole_code,
)
from branchnet.points.towns import towns

SAME = 1e-6
"""Degrees, some 0.1 m: what a page shows and takes back is the same position."""


def enter(act: Act, new: NewCommunity) -> int:
    """Add a community to the register. Returns its id.

    Raises Conflict("community_code_known") where another has the code, ("community_known") where the register has
    one of the same kind, name, county and town and no code tells the two apart, ("community_set_aside") where that
    one was set aside; and what ``must_belong`` raises.
    """
    facts = _facts(new, parents(act.network_id))
    _not_there(act, None, facts)
    must_belong(new, act.network_id)
    row = {"network_id": act.network_id, "created_at": clock.now(), **facts}
    community_id = int(db.session.execute(insert(Community).values(**row).returning(Community.id)).scalar_one())
    audit.record(act, "community.entered", "community", community_id)
    return community_id


def change(act: Act, community_id: int, new: NewCommunity, seen: str | None = None) -> None:
    """Put a community right: everything is as it is told now. Raises NotFound, and what ``enter`` raises.

    Points that were placed in it stand in the area that it is now.

    ``seen``: the mark of what whoever changes it saw; Conflict("changed_since") where it is not so any more.
    """
    there = _for_update(act, community_id)
    must_be_as_seen(seen, registered(act.network_id, community_id).mark, there.name)
    if there.set_aside_at is not None:
        raise Conflict("community_set_aside", name=there.name, why=there.set_aside_why)
    must_belong(new, act.network_id)
    facts = _facts(new, parents(act.network_id))
    _not_there(act, community_id, facts)
    if all(getattr(there, name) == facts[name] for name in ("kind", "code", "county", "town")):
        facts["parent_code"] = there.parent_code
    if same_place(there, new.position):
        # Its source stays: nobody told it anew.
        facts.update({name: getattr(there, name) for name in ("lat", "lon", "cell", "source")})
    _write(act, community_id, facts)
    follow(act)


def set_aside(act: Act, community_id: int, why: str) -> None:
    """It was entered twice, or never there (作废): it counts no more, in no month. Raises NotFound.

    Raises Conflict("community_set_aside") where it was set aside before.
    """
    there = _for_update(act, community_id)
    if there.set_aside_at is not None:
        raise Conflict("community_set_aside", name=there.name, why=there.set_aside_why)
    _write(act, community_id, {"set_aside_at": clock.now(), "set_aside_why": why}, "community.set_aside")


def take_back(act: Act, community_id: int) -> None:
    """What was set aside counts again. Where it was not, nothing happens.

    Raises NotFound, Conflict("community_known") where the register has another one like it by now.
    """
    there = _for_update(act, community_id)
    if there.set_aside_at is None:
        return
    _not_there(act, community_id, {name: getattr(there, name) for name in ("kind", "code", "name", "county", "town")})
    _write(act, community_id, {"set_aside_at": None, "set_aside_why": None}, "community.taken_back")


def put(act: Act, community_id: int, position: Position) -> None:
    """Write where a community stands. Raises NotFound."""
    _for_update(act, community_id)
    _write(act, community_id, placed(position))


def put_many(act: Act, new: Iterable[NewCommunity], changed: Iterable[tuple[int, NewCommunity]]) -> None:
    """What a file brings: communities that enter the register, and by id those that are put right there."""
    above, now = parents(act.network_id), clock.now()
    rows = [{"network_id": act.network_id, "created_at": now, **_facts(one, above)} for one in new]
    if rows:
        db.session.execute(insert(Community), rows)
    told = [{"id": community_id, **_facts(one, above)} for community_id, one in changed]
    if told:
        db.session.execute(update(Community), told)
        follow(act)
    audit.record(act, "communities.imported", "network", act.network_id, entered=len(rows), changed=len(told))


def placed(position: Position) -> dict[str, Any]:
    """A position as it is written, with its cell."""
    lat, lon = position.lat, position.lon
    cell = None if lat is None or lon is None else cell_at(lat, lon)
    return {"lat": lat, "lon": lon, "quality": position.quality, "source": position.source, "cell": cell}


def same_place(there: Any, position: Position) -> bool:
    """Whether something stands where it is told to stand, as far as pages show it."""
    if there.lat is None or position.lat is None or position.lon is None:
        return there.lat is position.lat
    return bool(abs(there.lat - position.lat) < SAME and abs(there.lon - position.lon) < SAME)


Parents = dict[tuple[str, str], list[str]]


def parents(network_id: int) -> Parents:
    """By county and name the codes of the towns of the register."""
    found: Parents = {}
    for town in towns(network_id):
        found.setdefault((bare(town.county), bare(town.name)), []).append(town.code)
    return found


def _facts(new: NewCommunity, above: Parents) -> dict[str, Any]:
    code = whole_code(new.kind, new.code) if new.code else None
    return {
        "kind": new.kind,
        "code": code,
        "parent_code": new.parent_code or _parent(new, code, above),
        "county": new.county,
        "town": new.town,
        "urban_rural": new.urban_rural,
        "children": new.children,
        **spell(new.name),
        **placed(new.position),
    }


def _parent(new: NewCommunity, code: str | None, above: Parents) -> str | None:
    """The town of a village or school by its name within its county; else, as of a town, what its own code says."""
    known = above.get((bare(new.county), bare(new.town)), []) if new.town and new.kind not in ("county", "town") else []
    if len(known) == 1:
        return known[0]
    digits = {"town": COUNTY_DIGITS, "village": TOWN_DIGITS, "residential": TOWN_DIGITS}.get(new.kind)
    if digits and code and len(code) == DIGITS and code.isdecimal():
        return code[:digits].ljust(DIGITS, "0")
    return None


def _for_update(act: Act, community_id: int) -> Community:
    row = db.session.scalars(
        select(Community)
        .where(Community.network_id == act.network_id, Community.id == community_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(community_id=community_id)
    return row


def _write(act: Act, community_id: int, facts: dict[str, Any], action: str = "community.changed") -> None:
    mine = (Community.network_id == act.network_id, Community.id == community_id)
    db.session.execute(update(Community).where(*mine).values(**facts).execution_options(synchronize_session=False))
    audit.record(act, action, "community", community_id)


def _not_there(act: Act, community_id: int | None, facts: dict[str, Any]) -> None:
    alike = (Community.name == facts["name"]) | (Community.code == facts["code"])
    others = select(Community).where(Community.network_id == act.network_id, alike)
    # One that was set aside is told of only where the register has no other.
    for one in db.session.scalars(others.order_by(Community.set_aside_at.is_not(None), Community.id)):
        if one.id != community_id:
            _no_double(one, facts, entered=community_id is None)


def _no_double(one: Community, facts: dict[str, Any], entered: bool) -> None:
    same_code = bool(facts["code"]) and one.code == facts["code"]
    called = named(facts["kind"], facts["name"], facts["county"], facts["town"])
    same = called == named(one.kind, one.name, one.county, one.town)
    if not same_code and (not same or apart_by_code(one.kind, facts["code"], one.code)):
        return
    field = "code" if same_code else "name"
    if one.set_aside_at is not None:
        if not (same_code or entered):
            return
        told = {"name": one.name, "why": one.set_aside_why}
        raise Conflict("community_set_aside", community=one.id, fields={field: "community_set_aside"}, **told)
    code = "community_code_known" if same_code else "community_known"
    raise Conflict(code, name=one.name, community=one.id, fields={field: code})
