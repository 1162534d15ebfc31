"""Somebody of the staff at their desk: signed in, on Flask's own client, sending forms as the pages do."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from branchnet.access.commands import check_password
from branchnet.access.sessions import STAFF_COOKIE, start_session
from branchnet.extensions import transaction
from tests.support.world import World

_numbers = count(1)


@dataclass(slots=True)
class Desk:
    """One person's browser."""

    client: FlaskClient
    token: str = field(default="", repr=False)

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def text(self, path: str) -> str:
        """The words of a page that must be there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return words(answer)

    def post(self, path: str, htmx: bool = False, **sent: Any) -> TestResponse:
        """Send a form; without ``op_id`` as a new operation."""
        if not self.token:
            page = self.client.get("/work/batches").text
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found is not None
            self.token = found[1]
        form = {"csrf_token": self.token, "op_id": f"pressed-{next(_numbers)}", **sent}
        return self.client.post(path, data=form, headers={"HX-Request": "true"} if htmx else {})

    def seen(self, path: str) -> str:
        """The mark of what a page shows that puts something right."""
        found = re.search(r'name="seen" value="([^"]+)"', self.get(path).text)
        assert found is not None, path
        return found[1]

    def begin(self, code: str, kind: str = "allocation", **sent: Any) -> str:
        """Begin a batch to a point; returns its address."""
        answer = self.post("/work/batches/new", to=code, kind=kind, drafted_on=sent.pop("drafted_on"), **sent)
        assert answer.status_code == 303, words(answer)
        return str(answer.location)

    def scan(self, batch: str, barcode: str, **sent: Any) -> TestResponse:
        """One scan, as the script sends it."""
        return self.post(f"{batch}/copies", htmx=True, barcode=barcode, **sent)


def sit_down(app: Flask, login: str, password: str) -> Desk:
    """Sign in by a session of one's own."""
    with app.app_context(), transaction():
        account = check_password(login, password)
        assert account is not None
        secret = start_session(account, "desk")
    client = app.test_client()
    client.set_cookie(STAFF_COOKIE, secret)
    return Desk(client)


def clerk_of(app: Flask, world: World) -> Desk:
    """The clerk of a world."""
    return sit_down(app, world.clerk_login, world.password)


def words(answer: TestResponse) -> str:
    """What a page says, without its markup and with single blanks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def days_ago(app: Flask, world: World, days: int = 0) -> str:
    """A day in the network's own calendar, as a form sends it."""
    with app.app_context():
        return (world.act.today() - timedelta(days=days)).isoformat()
