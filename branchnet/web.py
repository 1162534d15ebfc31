"""The edge of every request: language, security headers, and errors told in words."""

import json
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale, pgettext
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from branchnet.access.requests.queries import libraries
from branchnet.access.requests.remembering import asked_before
from branchnet.access.rules import may
from branchnet.access.sessions import actor
from branchnet.config import LANGUAGES
from branchnet.errors import BranchNetError, SignInNeeded
from branchnet.language import _
from branchnet.words import say

log = logging.getLogger(__name__)

LANGUAGE_COOKIE = "branchnet_language"


def language() -> str | None:
    """The language chosen with the switch; otherwise the installation's own (Chinese by default)."""
    chosen = request.cookies.get(LANGUAGE_COOKIE) if has_request_context() else None
    return chosen if chosen in LANGUAGES else None


def register(app: Flask) -> None:
    """Put the edge in place."""
    app.before_request(_nonce)
    app.before_request(_without_nul)
    app.after_request(_headers)
    app.context_processor(_frame)
    app.jinja_env.globals["csp_nonce"] = lambda: g.csp_nonce
    app.register_error_handler(BranchNetError, _told)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(RateLimitExceeded, _too_often)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _broken)
    # Flask's own line would hold the whole path, in which a teacher's token may stand; _broken writes ours.
    setattr(app, "log_exception", lambda _exc_info: None)  # noqa: B010  # no setting turns it off


def _without_nul() -> None:
    """Nobody types a NUL, and PostgreSQL holds none in its texts: what carries one is no request of ours."""
    told = [request.path, *_values(request.args), *_values(request.form)]
    told += [sent.filename or "" for _name, sent in request.files.items(multi=True)]
    if any("\0" in one for one in told):
        abort(400)


def _values(sent: MultiDict[str, str]) -> Iterator[str]:
    return (value for _name, value in sent.items(multi=True))


def local_path(target: str | None) -> str | None:
    """A place to go on to, if it is one of our own pages."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def keep_cookie(response: AnyResponse, name: str, value: str, days: int) -> None:
    """Keep a cookie on this device for so many days; no script can read it, and in production it needs HTTPS."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, timedelta(days=days), secure=secure, httponly=True, samesite="Lax")


def of_library(slug: str) -> dict[str, Any]:
    """What an address carries that somebody may keep: to which library it belongs, when the phone has forgotten."""
    return {"in": slug or None}


def lost_page(typed: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    """Where a teacher's link is, and a form that asks the library for it: for a phone that nobody knows.

    ``typed``: what stands in the form; its ``network`` is a library's slug, as a kept address tells it.
    """
    known, asked = libraries(), asked_before()
    slug = typed.get("network") or (known[0].slug if len(known) == 1 else "")
    return render_template(
        "teacher/lost.html",
        libraries=[(network.slug, network.name) for network in known],
        network_name=next((network.name for network in known if network.slug == slug), ""),
        values={**typed, "network": slug},
        errors=errors or {},
        asked=asked.code if asked else None,
        op_id=str(uuid4()),
        href=url_for("teacher.lost_link", **of_library(slug)),
        ask_href=url_for("teacher.ask_for_link"),
    )


def _nonce() -> None:
    g.csp_nonce = secrets.token_urlsafe(16)


def _headers(response: Response) -> Response:
    nonce = g.get("csp_nonce", "")
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        f"img-src 'self' data:{_tiles()}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    # Only where barcodes are scanned may the page itself look through the camera.
    camera = "(self)" if request.path.startswith(("/work/batches/", "/work/stocktakes/")) else "()"
    response.headers.setdefault("Permissions-Policy", f"geolocation=(), microphone=(), camera={camera}")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _tiles() -> str:
    """The server of the map's background, on the map's page alone, where there is one."""
    origin = current_app.config["BRANCHNET"].tiles_origin
    return f" {origin}" if origin and request.endpoint == "manager.map_page" else ""


def _frame() -> dict[str, Any]:
    """What every page's frame needs: language, who is signed in, where one can go."""
    who = None if request.path.startswith(("/my", "/t/")) else actor()
    frame: dict[str, Any] = {"lang": str(get_locale() or "zh")}
    if request.path.startswith("/t/"):
        # The address is the key: it must not stand in the page, where it would be followed and logged.
        frame["language_next"] = "/my"
    if who is None:
        return frame
    pages = (
        ("staff.today", _("今天"), "batch.see"),
        ("staff.batches", pgettext("list", "批次"), "batch.see"),
        ("staff.readings", pgettext("nav", "上报"), "reading.see"),
        ("staff.trips", _("出车"), "batch.see"),
        ("manager.overview_page", pgettext("nav", "总览"), "map.see"),
        ("manager.map_page", _("地图"), "map.see"),
        ("manager.use", _("书与用"), "map.see"),
        ("manager.coverage", _("覆盖"), "map.see"),
        ("admin.people", _("人员"), "people.manage"),
    )
    frame |= {
        "network_name": who.act.network.name,
        "home_href": url_for("account.home"),
        "find_href": url_for("staff.copies") if may(who.roles, "batch.see") else "",
        "person_name": who.name,
        "sign_out_href": url_for("account.sign_out"),
        "nav": [
            {"label": label, "href": url_for(endpoint), "current": request.endpoint == endpoint}
            for endpoint, label, action in pages
            if may(who.roles, action)
        ],
    }
    return frame


def _wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _problem(code: str, status: int, detail: str, data: dict[str, Any]) -> Response:
    """RFC 9457 problem details."""
    response = Response(status=status, mimetype="application/problem+json")
    body = {"type": "about:blank", "title": code, "status": status, "detail": detail, **data}
    response.set_data(json.dumps(body, ensure_ascii=False, default=str))
    return response


def _page(status: int, **words: Any) -> tuple[str, int]:
    if request.path.startswith("/my/"):
        words |= {"href": url_for("teacher.my"), "label": _("回到我的服务点")}
    return render_template("errors/error.html", code=status, **words), status


PHONE_PAGES: dict[str, Callable[[], str]] = {
    "link_ended": lambda: render_template("teacher/link_ended.html", ask_href=url_for("teacher.lost_link")),
    "handed_over": lambda: render_template("teacher/handed_over.html", ask_href=url_for("teacher.lost_link")),
    "no_device": lambda: lost_page({"network": request.args.get("in", "")}),
}
"""What a teacher's phone shows where it opens nothing, by why."""


def _told(error: BranchNetError) -> Response | AnyResponse | tuple[str, int]:
    what, todo = say(error)
    if _wants_json():
        return _problem(error.reason, error.status, what, {})
    if isinstance(error, SignInNeeded):
        here = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("account.sign_in", next=here))
    if error.reason in PHONE_PAGES:
        return PHONE_PAGES[error.reason](), 404
    return _page(error.status, what=what, todo=todo)


def _form_too_old(_error: CSRFError) -> Response | tuple[str, int]:
    what = _("这个页面开得太久，或者不是从这里打开的，没有记下任何东西。")
    if _wants_json():
        return _problem("form_too_old", 400, what, {})
    return _page(400, what=what, todo=_("请返回上一页，刷新后再提交一次。"))


def _too_often(_error: RateLimitExceeded) -> Response | tuple[str, int]:
    what = _("短时间内试得太多了。")
    if _wants_json():
        return _problem("too_often", 429, what, {})
    return _page(429, what=what, todo=_("请等一分钟再试。"))


def _page_above() -> str | None:
    """The page on which a form of the staff's stood whose own address takes no GET: the nearest one above it."""
    if request.method != "GET" or not request.path.startswith("/work/"):
        return None
    routes = current_app.create_url_adapter(request)
    above = request.path.rstrip("/").rpartition("/")[0]
    while routes is not None and above:
        for path in (f"{above}/", above):
            if routes.test(path, "GET"):
                return path
        above = above.rpartition("/")[0]
    return None


def _http(error: HTTPException) -> Response | AnyResponse | tuple[str, int]:
    status = error.code or 500
    # A refused form answers at its own address: read anew, or called up from the history, it leads back to its page.
    if status == 405 and (above := _page_above()):
        return redirect(above, 303)
    if _wants_json():
        return _problem(error.name.lower().replace(" ", "_"), status, error.description or error.name, {})
    return _page(status)


def _broken(error: InternalServerError) -> Response | tuple[str, int]:
    reference = secrets.token_hex(4)
    log.error(
        "%s %s failed, reference %s",
        request.method,
        request.url_rule or request.path.split("/")[1],
        reference,
        exc_info=error.original_exception,
    )
    if _wants_json():
        return _problem("server_error", 500, _("服务器出错了，我们已经记下。"), {"reference": reference})
    return _page(500, reference=reference)
