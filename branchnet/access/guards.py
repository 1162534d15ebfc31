"""Every route has one guard; a test lists them all, and fails on a route without one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request

from branchnet.access.rules import POLICY, may
from branchnet.access.sessions import DEVICE_COOKIE, Actor, actor, teacher
from branchnet.access.succession.queries import handed_over
from branchnet.errors import Forbidden, NotFound, SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])

GUARD = "branchnet_guard"


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
