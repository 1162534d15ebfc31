"""Whether what somebody puts right is still what they saw. Pure."""

from hashlib import sha256

from branchnet.errors import Conflict


def mark_of(*values: object) -> str:
    """A short mark of what a form shows, which it sends along: the same values have the same mark."""
    return sha256(repr(values).encode()).hexdigest()[:16]


def must_be_as_seen(seen: str | None, mark: str, number: str) -> None:
    """None: no form was looked at. Raises Conflict("changed_since") where another one was faster."""
    if seen is not None and seen != mark:
        raise Conflict("changed_since", number=number)
