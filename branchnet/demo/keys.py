"""How one comes in to the demo: passwords and a teacher's link, made from this installation's own key."""

from __future__ import annotations

import base64
import hashlib
import hmac

from branchnet.queue import settings


def password_of(login: str) -> str:
    """The password an account of the demo begins with: another one in every installation that has a key of its own."""
    mac = hmac.new(settings().link_key.encode(), f"demo password of {login}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(mac[:10]).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, 12, 4))
