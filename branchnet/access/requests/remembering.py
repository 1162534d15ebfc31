"""That this phone has asked for its link: which request, and of nobody whom; signed, and for some days."""

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from branchnet.access.requests.queries import Asked, one_open

ASKED_COOKIE = "branchnet_asked"
ASKED_DAYS = 14
"""The library has called back by then, or the teacher asks anew."""


def asked_cookie(network_id: int, request_id: int) -> str:
    """What the phone keeps of its request."""
    return str(_signer().dumps([network_id, request_id]))


def asked_before() -> Asked | None:
    """The request of this phone that nobody has answered yet, if there is one."""
    try:
        network_id, request_id = _signer().loads(request.cookies.get(ASKED_COOKIE, ""), max_age=ASKED_DAYS * 86_400)
    except BadSignature:
        return None
    return one_open(network_id, request_id)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="asked for a link")
