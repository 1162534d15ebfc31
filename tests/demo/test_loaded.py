"""What the load leaves behind: moments, marks, desks, and a way in; and that it happens once."""

import json
from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet import clock
from branchnet.access.commands import check_password, found_network
from branchnet.access.sessions import open_link
from branchnet.database import Base
from branchnet.demo import load
from branchnet.demo.deeds import Deeds
from branchnet.demo.events import BatchStep, Reading
from branchnet.demo.files import points, register
from branchnet.demo.people import NETWORKS
from branchnet.demo.who import who
from branchnet.errors import Conflict
from branchnet.extensions import db, transaction
from branchnet.models import (
    Batch,
    BatchEvent,
    CalendarPeriod,
    Community,
    Discrepancy,
    Job,
    Operation,
    PointPosition,
    ReadingRevision,
    ServicePoint,
)
from tests.demo import asked
from tests.support.demo import NOON

CHINA = ZoneInfo("Asia/Shanghai")


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


@pytest.mark.usefixtures("demo")
def test_loading_again_on_a_later_day_changes_nothing() -> None:
    before = rows()
    with clock.at(NOON + timedelta(days=40)):
        done = load.load()
        for network in NETWORKS:
            load.tell(network, asked.network_id(network.code), done.day)
    assert done.networks == ()
    assert done.day == NOON.date()
    assert rows() == before


@pytest.mark.usefixtures("demo")
def test_steps_are_recorded_on_their_day_and_none_in_the_future() -> None:
    events = db.session.execute(select(BatchEvent.happened_on, BatchEvent.recorded_at)).all()
    assert len(events) > 500
    assert {recorded.astimezone(CHINA).date() - on for on, recorded in events} == {timedelta()}
    for column in (BatchEvent.recorded_at, ReadingRevision.submitted_at, Operation.recorded_at):
        assert db.session.execute(select(func.max(column))).scalar_one() <= NOON


@pytest.mark.usefixtures("demo")
def test_readings_hold_and_some_of_them_came_late() -> None:
    sent = db.session.execute(select(ReadingRevision.submitted_at, ReadingRevision.outcome)).all()
    assert {outcome for _, outcome in sent} == {"applied"}
    days = Counter(moment.astimezone(CHINA).day <= 5 for moment, _ in sent)
    assert 0.01 < days[False] / len(sent) < 0.1


@pytest.mark.usefixtures("demo")
def test_what_no_report_names_is_marked_as_the_demos() -> None:
    by_source = {point.code: "report" if point.source == "report" else "demo" for point in points()}
    loaded = dict(db.session.execute(select(ServicePoint.code, ServicePoint.source)).all())
    assert loaded == {code: by_source[code] for code in loaded}
    batches = Counter((kind, source) for kind, source in db.session.execute(select(Batch.kind, Batch.source)))
    assert batches["delivery", "report"] == 10
    assert {source for _, source in batches} == {"report", "demo"}
    assert ("opening", "report") not in batches


@pytest.mark.usefixtures("demo")
def test_the_register_is_there_on_the_datum_that_is_stored() -> None:
    kinds = Counter(db.session.scalars(select(Community.kind)))
    levels = Counter(place.level for place in register().values())
    assert (kinds["county"], kinds["town"]) == (levels["county"], levels["town"])
    # Residential areas are no villages, though the source calls both by one level.
    assert (kinds["village"], kinds["residential"]) == (290, levels["village"] - 290)
    # One place cannot be where two villages of one name are.
    named = select(Community.quality).where(Community.name == "和家村委会")
    assert db.session.scalars(named).all() == ["approximate", "approximate"]
    for community in db.session.scalars(select(Community)):
        place = register()[community.code or ""]
        shift = abs((community.lat or 0) - place.lat_gcj02) + abs((community.lon or 0) - place.lon_gcj02)
        assert 0.001 < shift < 0.02, place.name
    assert db.session.scalars(select(PointPosition.quality).where(PointPosition.lat.is_(None))).all() == []


@pytest.mark.usefixtures("demo")
def test_vacations_are_in_the_calendar_of_each_kind_of_school() -> None:
    mine = (CalendarPeriod.network_id == asked.network_id("zhanjiang"), CalendarPeriod.kind == "holiday")
    hosts = Counter(db.session.scalars(select(CalendarPeriod.host).where(*mine)))
    assert hosts == dict.fromkeys(["primary_school", "middle_school", "kindergarten", "special_school"], 4)


@pytest.mark.usefixtures("demo")
def test_the_desks_are_as_they_were_that_day() -> None:
    mine = Batch.network_id == asked.network_id("zhanjiang")
    states = Counter(db.session.scalars(select(Batch.state).where(mine)))
    assert (states["draft"], states["dispatched"], states["received"]) == (1, 3, 1)
    (case,) = db.session.scalars(select(Discrepancy)).all()
    assert (case.kind, case.quantity, case.in_transit, case.closed_on) == ("short", 3, True, None)
    overdue = select(Batch).where(mine, Batch.due_back_on < NOON.date(), Batch.collected_on.is_(None))
    assert len(db.session.scalars(overdue).all()) == 1


@pytest.mark.usefixtures("demo")
def test_facts_are_asked_for_once_a_network() -> None:
    asked_for = db.session.execute(select(Job.kind, func.count()).group_by(Job.kind, Job.network_id)).all()
    assert asked_for == [("facts", 1)] * 3


@pytest.mark.usefixtures("demo")
def test_who_gives_keys_that_open() -> None:
    found = who()
    for role in ("clerk", "manager", "admin"):
        assert check_password(found[role]["login"], found[role]["password"]) is not None
    assert found["teacher"]["point"] == "廉江长岭小学流动服务点"
    with transaction():
        assert open_link(found["teacher"]["path"].removeprefix("/t/"), "test")


def test_the_commands_say_it_as_json(demo: Flask) -> None:
    runner = demo.test_cli_runner()
    listed = json.loads(runner.invoke(args=["networks", "--json"]).stdout)
    assert [one["slug"] for one in listed] == ["changping", "hongshan", "zhanjiang"]
    assert {"slug", "name", "points", "batches", "parent"} == set(listed[0])
    assert {one["slug"]: one["points"] for one in listed} == {"zhanjiang": 43, "hongshan": 16, "changping": 6}
    assert json.loads(runner.invoke(args=["demo", "who", "--json"]).stdout) == who()
    again = runner.invoke(args=["demo", "load", "--if-empty", "--json"])
    assert (again.exit_code, json.loads(again.stdout)["networks"]) == (0, [])


def test_a_load_that_was_interrupted_goes_on_where_it_was(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "NETWORKS", NETWORKS[2:])
    with app.app_context(), clock.at(NOON):
        assert load.wanted_where_empty()
        done, tried = Deeds.do, 0

        def interrupted(self: Deeds, event: BatchStep | Reading) -> None:
            nonlocal tried
            tried += 1
            if tried == 60:
                raise OSError("no space left on device")
            done(self, event)

        monkeypatch.setattr(Deeds, "do", interrupted)
        with pytest.raises(OSError, match="no space"):
            load.load()
        assert load.wanted_where_empty()
        monkeypatch.setattr(Deeds, "do", done)
        with clock.at(NOON + timedelta(days=3)):
            assert load.load() == load.Loaded(NOON.date(), ("changping",))
        assert not load.wanted_where_empty()
        keys = db.session.scalars(select(Operation.key)).all()
        assert len(keys) == len(set(keys)) > 100


def test_a_library_of_the_same_slug_is_left_alone(app: Flask) -> None:
    with app.app_context():
        with transaction():
            found_network("zhanjiang", "真的馆", NOON.date())
        before = rows()
        with clock.at(NOON), pytest.raises(Conflict, match="slug_known"):
            load.load()
        assert rows() == before
        refused = app.test_cli_runner().invoke(args=["demo", "load"])
        assert refused.exit_code == 1
        assert app.test_cli_runner().invoke(args=["demo", "who"]).exit_code == 1


def test_without_a_network_the_list_says_what_to_do(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "flask demo load" in runner.invoke(args=["networks"]).stdout
    assert json.loads(runner.invoke(args=["networks", "--json"]).stdout) == []
