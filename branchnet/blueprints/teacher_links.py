"""A teacher's link: opened on a phone, and asked for again by a phone that has lost it."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.acts import Act
from branchnet.access.devices import device_label
from branchnet.access.guards import public
from branchnet.access.operations import Outcome, perform
from branchnet.access.requests import commands, queries
from branchnet.access.requests.remembering import ASKED_COOKIE, ASKED_DAYS, asked_before, asked_cookie
from branchnet.access.requests.schemas import LinkRequestForm
from branchnet.access.sent import read
from branchnet.access.sessions import DEVICE_COOKIE, DEVICE_DAYS, teacher
from branchnet.access.sessions import open_link as open_on_device
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.teacher import blueprint
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import limiter, transaction
from branchnet.models import Network
from branchnet.web import keep_cookie, lost_page, of_library
from branchnet.words import field_words, say

Page = str | tuple[str, int] | Response


@blueprint.get("/t/<token>")
@public
@limiter.limit("30 per minute")
def open_link(token: str) -> Page:
    """The personal link: the device is remembered, and the token leaves the address at once."""
    return _open(token, None)


@blueprint.post("/t/<token>")
@public
@limiter.limit("10 per minute")
def open_with_pin(token: str) -> Page:
    """The PIN of the link, on a phone that it does not know."""
    return _open(token, request.form.get("pin", ""))


def _open(token: str, pin: str | None) -> Page:
    known = teacher()
    with transaction():
        opened = open_on_device(token, device_label(request.user_agent.string), known, pin)
    if opened.problem is not None:
        status = {"needed": 200, "wrong": 422}.get(opened.problem, 409)
        name = queries.library(opened.network).name
        return render_template("teacher/pin.html", problem=opened.problem, network_name=name), status
    response = redirect(url_for("teacher.my", **of_library(opened.network)), 303)
    if opened.secret is not None:
        keep_cookie(response, DEVICE_COOKIE, opened.secret, DEVICE_DAYS)
    return response


@blueprint.get("/my-link")
@public
def lost_link() -> str:
    """Where the link is, and the form that asks for it."""
    return lost_page({"network": request.args.get("in", "")})


@blueprint.post("/my-link")
@public
@limiter.limit("5 per minute; 20 per hour")
def ask_for_link() -> Page:
    """Ask the library for one's link: staff get a request, the phone a code. It grants nothing.

    A phone that has asked, and is not answered yet, asks no second time: it gets the code that it had.
    """
    try:
        sent = read(LinkRequestForm(), request.form)
        network = _library(sent["network"])
        act = Act(network.id)

        before = asked_before()

        def effect() -> Outcome:
            same = before is not None and before.network_id == network.id
            given = commands.ask_for_link(act, sent["said"], before.id if before and same else None)
            return {"request": given.request_id, "code": given.code}

        done = perform(act, op_id(), "ask_for_link", sent, effect)
    except (Conflict, Invalid) as error:
        return lost_page(request.form.to_dict(), problems(error)), error.status
    response = redirect(url_for("teacher.link_asked", code=done["code"], **of_library(network.slug)), 303)
    keep_cookie(response, ASKED_COOKIE, asked_cookie(network.id, done["request"]), ASKED_DAYS)
    return response


@blueprint.get("/my-link/<code>")
@public
@limiter.limit("30 per minute")
def link_asked(code: str) -> Page:
    """The code to read out by phone, until the library has answered; a code that nobody has leads to the form."""
    slug = request.args.get("in", "")
    try:
        network = queries.library(slug)
        waits = queries.request_waits(network.id, code)
    except NotFound:
        return redirect(url_for("teacher.lost_link"), 303)
    return render_template("teacher/link_asked.html", network_name=network.name, code=code, waits=waits)


def _library(slug: str) -> Network:
    try:
        return queries.library(slug)
    except NotFound as error:
        raise Invalid(fields={"network": "kind"}) from error


def problems(error: Conflict | Invalid) -> dict[str, str]:
    """What is wrong, by field; what has none stands above the form."""
    fields: dict[str, str] = error.data.get("fields", {})
    return {name: field_words(reason) for name, reason in fields.items()} or {"form": " ".join(say(error))}
