"""Passwords, tokens and their hashes. A table never holds what opens a door."""

import base64
import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Six digits are guarded by ten tries and a lock, not by what a guess costs: a whole network's are made in one request.
_pin_hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
# Checked when the login is unknown, so that an unknown login takes as long as a wrong password.
_nobody = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """argon2id of a password."""
    return _hasher.hash(password)


def hash_pin(pin: str) -> str:
    """argon2id of a PIN, to be checked as a password is; a fortieth of the work."""
    return _pin_hasher.hash(pin)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one of this hash; as slow for an unknown login as for a known one."""
    try:
        _hasher.verify(password_hash or _nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def new_secret() -> str:
    """A random secret for a cookie, 256 bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What the table keeps of a random secret or token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_token(key: str, link_id: int, generation: int) -> str:
    """A teacher's link can be made again from the server's key, so it can be printed again and is kept nowhere."""
    mac = hmac.new(key.encode(), f"{link_id}:{generation}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:18]).decode()


def link_pin(key: str, link_id: int, operation: str) -> str:
    """Six digits for a link, the same for the same operation: sent twice it shows one PIN, and is kept nowhere."""
    mac = hmac.new(key.encode(), f"pin:{link_id}:{operation}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mac, 'big') % 1_000_000:06d}"
