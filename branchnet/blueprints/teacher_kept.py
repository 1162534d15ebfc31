"""A reading that a teacher sends is kept once, whichever way it comes; and what a script is answered."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from branchnet.access.acts import Act
from branchnet.access.operations import Outcome, perform
from branchnet.readings.commands import Receipt
from branchnet.readings.schemas import Submission


def keep(act: Act, code: str, key: str, sent: Submission, effect: Callable[[], Outcome]) -> Outcome:
    """Submit it once for its id: a form that was sent, and the same one sent again by the script, are one.

    Raises SameIdOtherBody, and what the command refuses.
    """
    body = {"point": code, "window": key, "based_on": sent.based_on, **asdict(sent.report)}
    body |= {"answer": sent.answer} if sent.answer else {}
    return perform(act, sent.op_id, "report", body, effect)


def told(receipt: Receipt) -> Outcome:
    """What is kept of a receipt, and told again to whoever sends the same once more."""
    return {"receipt": receipt.number, "revision": receipt.revision, "held": receipt.held_reason}


def received(code: str, kept: Outcome) -> AnyResponse:
    """After the commit, and only then: the way to the receipt, or for a script its number as JSON."""
    href = url_for("teacher.receipt", code=code, number=kept["receipt"])
    return receipt_json(kept, href) if by_script() else redirect(href, 303)


def by_script() -> bool:
    """Whether JSON is asked for."""
    return request.accept_mimetypes.best == "application/json"


def receipt_json(kept: Outcome, href: str | None) -> Response:
    """What makes a phone forget what it kept. ``href``: where the receipt can be seen, if it can."""
    told: dict[str, Any] = {"revision": None, "held": None, **kept, "href": href}
    return jsonify(told)
