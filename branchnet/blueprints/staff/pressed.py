"""One form, one command, once; refused, its page comes back with what was typed."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from branchnet.access.guards import staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import Sent, read
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.errors import BranchNetError

Answer = Response | tuple[str, int]


def press(
    form: str,
    schema: Sent,
    about: Mapping[str, Any],
    step: Callable[[dict[str, Any]], Outcome | None],
    said: str | Callable[[Outcome], str],
    to: Callable[[Outcome], str],
    page: Callable[[Refusal], str],
) -> Answer:
    """Do a step with what the form holds, and go on ``to``. ``about``: what the address says it is about."""
    who = staff()
    try:
        sent = read(schema, request.form)
        done = perform(who.act, op_id(), form, {**about, **sent}, lambda: step(sent) or {})
    except BranchNetError as error:
        refusal = refused(error, form)
        return page(refusal), refusal.status
    flash(said if isinstance(said, str) else said(done), "done")
    return redirect(to(done), 303)
