"""What stands before the story begins: calendar, register, staff, points, teachers with their links, agreements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from sqlalchemy import select

from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.access.operations import Outcome
from branchnet.calendar.commands import add_period
from branchnet.demo.agreements import sign_all
from branchnet.demo.events import operation_id
from branchnet.demo.files import register
from branchnet.demo.keys import password_of
from branchnet.demo.recorder import Recorder
from branchnet.demo.story import Story, communities
from branchnet.demo.world import Network, Place, Point, Source, Teacher
from branchnet.extensions import db
from branchnet.models import ServicePoint
from branchnet.points.commands import NewCommunity, NewPoint, Position, open_point, register_communities
from branchnet.points.datum import wgs84_from_gcj02

FOUNDED = date(2024, 12, 20)
"""The day the three networks begin to keep their books here."""
PREPARED = timedelta(days=14)
"""A point is entered so long before it opens."""
FIRST_VILLAGE = 200
"""The last three digits of statistical codes: residential areas (居委会) come first, villages (村委会) from here on."""
REGISTER = "Vonng/adcode"
SCHOOLS = ("primary_school", "middle_school", "kindergarten", "special_school")


@dataclass(frozen=True, slots=True)
class Stage:
    """Ids of what stands: staff by login, points and their places by code, teachers by the points they answer for."""

    staff: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    teachers: dict[str, int] = field(default_factory=dict)


def set_up(told: Story, network: Network, record: Recorder) -> Stage:
    """Enter all of it, in the order in which it was known."""
    stage = Stage()
    record.do(operation_id(network.code, "calendar"), "calendar", FOUNDED, lambda act: _calendar(act, told, network))
    record.do(operation_id(network.code, "register"), "register", FOUNDED, lambda act: _register(act, network))
    stage.staff.update(
        record.do(operation_id(network.code, "staff"), "staff", FOUNDED, lambda act: _staff(act, told, network))
    )
    own = [point for point in told.points if point.network == network.code]
    for point in sorted(own, key=_entered):
        _enter(told, point, stage, record)
    for teacher in told.teachers:
        if teacher.network == network.code:
            _appoint(told, teacher, stage, record)
    sign_all(told, network, stage.points, FOUNDED, record)
    return stage


def mark(source: Source) -> str:
    """How a row says whether a report names it or the demo invents it."""
    return "report" if source == "report" else "demo"


def _calendar(act: Act, told: Story, network: Network) -> Outcome:
    """Terms, and the vacations between them, when nothing is due from a school."""
    terms = [term for term in told.terms if term.network == network.code]
    for term in terms:
        add_period(act, "term", term.name, term.first, term.last)
    for before, after in pairwise(terms):
        first, last = before.last + timedelta(days=1), after.first - timedelta(days=1)
        for host in SCHOOLS:
            add_period(act, "holiday", f"{after.first.year}年{'暑' if last.month > 6 else '寒'}假", first, last, host)
    return {"terms": len(terms)}


def _register(act: Act, network: Network) -> Outcome:
    return {"communities": register_communities(act, [_community(place) for place in communities(network)])}


def _community(place: Place) -> NewCommunity:
    return NewCommunity(
        kind=_kind(place),
        name=place.name,
        code=place.code,
        parent_code=place.parent or None,
        county=place.county or None,
        town=place.town or None,
        urban_rural=place.ur_code or None,
        # One place cannot be where two villages are: the source looked them up by their common name.
        position=_position(place, "approximate" if (place.lat_gcj02, place.lon_gcj02) in shared() else "exact"),
    )


def _kind(place: Place) -> str:
    """Village or residential area, by the last three digits of the statistical code: below 200 it is residential."""
    return "residential" if place.level == "village" and int(place.code[-3:]) < FIRST_VILLAGE else place.level


@cache
def shared() -> frozenset[tuple[float, float]]:
    """Positions (GCJ-02) that the source gives to more than one village."""
    found = Counter((one.lat_gcj02, one.lon_gcj02) for one in register().values() if one.level == "village")
    return frozenset(at for at, number in found.items() if number > 1)


def _position(place: Place, quality: str) -> Position:
    found = wgs84_from_gcj02(place.lat_gcj02, place.lon_gcj02)
    return Position(found.lat, found.lon, quality, REGISTER)


def _staff(act: Act, told: Story, network: Network) -> Outcome:
    found = {}
    for person in told.people:
        if person.network == network.code:
            found[person.login] = access.add_person(act, person.display_name)
            access.give_account(act, found[person.login], person.login, password_of(person.login), [person.role])
    return found


def _entered(point: Point) -> date:
    return max(FOUNDED, point.opened_on - PREPARED)


def _enter(told: Story, point: Point, stage: Stage, record: Recorder) -> None:
    new = NewPoint(
        code=point.code,
        name=point.name,
        kind=point.kind,
        valid_from=point.opened_on,
        host=point.host,
        opened_on=point.opened_on,
        unveiled_on=point.unveiled_on,
        position=_position(told.places[point.position_from], point.position_quality),
        area_code=point.place_code,
        open_to_community=point.open_to_community,
        pupils=point.enrolment,
        source=mark(point.source),
    )
    known = record.do(
        operation_id(point.network, "point", point.code), "point", _entered(point), lambda act: _open(act, new)
    )
    stage.points[point.code], stage.places[point.code] = known["point_id"], known["place_id"]


def _open(act: Act, new: NewPoint) -> Outcome:
    point_id = open_point(act, new)
    place_id = db.session.scalar(
        select(ServicePoint.place_id).where(ServicePoint.network_id == act.network_id, ServicePoint.id == point_id)
    )
    return {"point_id": point_id, "place_id": place_id}


def _appoint(told: Story, teacher: Teacher, stage: Stage, record: Recorder) -> None:
    answered = [point for point in told.points if point.code in teacher.points]

    def effect(act: Act) -> Outcome:
        person_id = access.add_person(act, teacher.display_name)
        for point in answered:
            access.answers_for(act, person_id, stage.points[point.code], point.opened_on)
        access.make_link(act, person_id)
        return {"person_id": person_id}

    on = max(_entered(point) for point in answered)
    known = record.do(operation_id(teacher.network, "teacher", teacher.key), "teacher", on, effect)
    for code in teacher.points:
        stage.teachers[code] = known["person_id"]
