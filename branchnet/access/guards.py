"""Every route has one guard; a test lists them all, and fails on a route without one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import request

from branchnet.access.phones import phone
from branchnet.access.rules import POLICY, may
from branchnet.access.sessions import DEVICE_COOKIE, Actor, actor, teacher
from branchnet.access.succession.queries import handed_over
from branchnet.errors import Forbidden, NotFound, SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])

GUARD = "branchnet_guard"
KEPT_HEADER = "BranchNet-Kept"
"""Set by the script that sends what a phone has kept."""


def public(view: View) -> View:
    """Anybody may ask for this."""
    setattr(view, GUARD, "public")
    return view


def require(action: str) -> Callable[[View], View]:
    """Only staff whose role allows the action (see access.rules)."""
    if action not in POLICY:
        raise KeyError(action)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = actor()
            if who is None:
                raise SignInNeeded
            if not may(who.roles, action):
                raise Forbidden(action=action)
            return view(*args, **kwargs)

        setattr(guarded, GUARD, action)
        return guarded  # type: ignore[return-value]  # wraps keeps the view's signature

    return guard


def teachers_only(view: View) -> View:
    """Only a device on which a teacher's link was opened, while the link holds."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if teacher() is None:
            gone = handed_over(request.cookies.get(DEVICE_COOKIE, ""))
            raise NotFound("handed_over" if gone else "no_device")
        return view(*args, **kwargs)

    setattr(guarded, GUARD, "teacher")
    return guarded  # type: ignore[return-value]  # wraps keeps the view's signature


def phones_only(view: View) -> View:
    """A phone on which a teacher's link was opened, though the link may have ended since; asked by our own script.

    What waited on a phone for weeks has lost the session that its form's token belonged to, so no token is asked
    for. Three things stand in its place: the device's cookie is SameSite, the header can only be set by a script of
    our own origin (another's would have to ask first, and is never answered), and an Origin that is told is ours.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if phone() is None:
            raise NotFound("no_device")
        origin = request.headers.get("Origin")
        if KEPT_HEADER not in request.headers or (origin and urlsplit(origin).netloc != request.host):
            raise Forbidden("not_our_script")
        return view(*args, **kwargs)

    setattr(guarded, GUARD, "phone")
    return guarded  # type: ignore[return-value]  # wraps keeps the view's signature


def staff() -> Actor:
    """The signed-in member of staff, inside a guarded view."""
    who = actor()
    if who is None:
        raise SignInNeeded
    return who


def here() -> Actor:
    """The teacher at this device, inside a guarded view."""
    who = teacher()
    if who is None:
        raise NotFound("no_device")
    return who
