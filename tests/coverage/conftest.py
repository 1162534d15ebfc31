"""A small network with villages around it, and somebody signed in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from branchnet.access.sessions import STAFF_COOKIE, start_session
from branchnet.batches import commands as batches
from branchnet.calendar.rules import month_of, previous_month
from branchnet.coverage import facts
from branchnet.extensions import db, transaction
from branchnet.models import Account
from branchnet.points.commands import NewCommunity, Position, register_communities
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.support.world import World, build_world

COMMUNITIES = (
    NewCommunity("county", "赤坎区", "440802000000"),
    NewCommunity("town", "寸金街道", "440802001000", position=Position(21.2701, 110.3600, "exact")),
    NewCommunity("village", "近村", "440802001201", town="寸金街道", position=Position(21.2800, 110.3594, "exact")),
    NewCommunity("village", "远村", "440802001202", town="寸金街道", position=Position(21.4000, 110.3594, "exact")),
    NewCommunity("residential", "无位社区", "440802001001", town="寸金街道"),
)


@pytest.fixture
def world(app: Flask) -> World:
    """The network of the tests, with a register of communities."""
    # Links in the frame that lead to other people's pages are no matter of these tests.
    app.url_build_error_handlers.append(lambda _error, _endpoint, _values: "/")
    made = build_world(app)
    with app.app_context(), transaction():
        register_communities(made.act, COMMUNITIES)
    return made


@pytest.fixture
def stocked(app: Flask, world: World) -> World:
    """A hundred books at the mobile point since the first day, and a report of last month."""
    with app.app_context():
        with transaction():
            batch = batches.draft(world.act, batches.NewBatch("allocation", world.begun_on, world.place_ids[0]))
            batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 100)])
            batches.dispatch(world.act, batch.id, world.begun_on)
            batches.receive(world.act, batch.id, world.begun_on)
            report = Report(in_school_visits=7, community_visits=5, in_school_loans=3)
            submit_month(world.act, world.point_ids[0], last_month(world), report, Sent("staff"))
        with transaction():
            facts.refresh(world.act)
        db.session.remove()
    return world


@pytest.fixture
def manager(app: Flask, client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the network's manager is signed in."""
    return sign_in(app, client, world.manager_login)


def sign_in(app: Flask, client: FlaskClient, login: str) -> FlaskClient:
    """Begin a session for an account and give the browser its cookie."""
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.login == login)).one()
        client.set_cookie(STAFF_COOKIE, start_session(account, "test"))
    return client


def last_month(world: World) -> str:
    return previous_month(month_of(world.act.today()))
