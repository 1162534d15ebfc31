"""Signing in and out, one's first page, and the language."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from branchnet.access.commands import check_password
from branchnet.access.devices import device_label
from branchnet.access.guards import public, require, staff
from branchnet.access.schemas import SignInSchema
from branchnet.access.sessions import DEVICE_DAYS, SESSION_DAYS, STAFF_COOKIE, actor, end_session, start_session
from branchnet.config import LANGUAGES
from branchnet.errors import NotFound
from branchnet.extensions import limiter, transaction
from branchnet.language import _
from branchnet.web import LANGUAGE_COOKIE, keep_cookie, local_path
from branchnet.words import field_words

blueprint = Blueprint("account", __name__)

FIRST_PAGES = (("clerk", "staff.today"), ("manager", "manager.overview_page"), ("admin", "admin.people"))


@blueprint.get("/")
@public
def home() -> Response:
    """Everybody's first page: the clerk's day, the manager's map, the administrator's people."""
    who = actor()
    roles = who.roles if who else frozenset()
    endpoint = next((endpoint for role, endpoint in FIRST_PAGES if role in roles), "account.sign_in")
    return redirect(url_for(endpoint), 303)


@blueprint.get("/sign-in")
@public
def sign_in() -> str:
    """The form."""
    return _sign_in_page({}, {}, local_path(request.args.get("next")))


@blueprint.post("/sign-in")
@public
@limiter.limit("10 per minute")
def begin() -> Response | tuple[str, int]:
    """Sign in: a session's row, and its secret as a cookie. Wrong or unknown: the same words after the same time."""
    onwards = local_path(request.form.get("next"))
    try:
        typed = SignInSchema().load(request.form)
    except ValidationError as error:
        errors = {name: field_words(reasons[0]) for name, reasons in error.messages_dict.items()}
        return _sign_in_page(request.form, errors, onwards), 422
    account = check_password(typed["login"], typed["password"])
    if account is None:
        return _sign_in_page(request.form, {"form": _("用户名或密码不对。")}, onwards), 422
    before = actor()
    with transaction():
        if before is not None:
            end_session(before)
        secret = start_session(account, device_label(request.user_agent.string))
    response = redirect(onwards or url_for("account.home"), 303)
    keep_cookie(response, STAFF_COOKIE, secret, SESSION_DAYS)
    return response


@blueprint.post("/sign-out")
@require("account.own")
def sign_out() -> Response:
    """End the session: its cookie opens nothing any more, wherever it was copied to."""
    with transaction():
        end_session(staff())
    response = redirect(url_for("account.sign_in"), 303)
    response.delete_cookie(STAFF_COOKIE)
    return response


@blueprint.get("/language/<code>")
@public
def language(code: str) -> Response:
    """The switch at the top of every page: keeps the choice on this device and goes back to the page."""
    if code not in LANGUAGES:
        raise NotFound(language=code)
    response = redirect(local_path(request.args.get("next")) or url_for("account.home"), 303)
    keep_cookie(response, LANGUAGE_COOKIE, code, DEVICE_DAYS)
    return response


def _sign_in_page(typed: Any, errors: dict[str, str], onwards: str | None) -> str:
    values = {"login": typed.get("login", "")}
    return render_template("account/sign_in.html", values=values, errors=errors, next_href=onwards or "")
