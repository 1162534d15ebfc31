"""Errors carry a code and data; the edge turns them into words, a status and JSON problem details."""

from collections.abc import Mapping
from typing import Any, ClassVar


class BranchNetError(Exception):
    """Base of all errors that a person caused or can mend. ``code`` names it, ``data`` says which and what."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, code: str | None = None, /, **data: Any) -> None:
        self.reason = code or self.code
        self.data = data
        super().__init__(f"{self.reason} {data}" if data else self.reason)


class Invalid(BranchNetError):
    """What was sent cannot be accepted; ``data['fields']`` may map field names to reasons."""

    code = "invalid"
    status = 422


class NotFound(BranchNetError):
    """No such thing in the rows this person may see."""

    code = "not_found"
    status = 404


class Forbidden(BranchNetError):
    """Signed in, but this role may not do this."""

    code = "forbidden"
    status = 403


class SignInNeeded(BranchNetError):
    """Nobody is signed in, or the session has ended."""

    code = "sign_in_needed"
    status = 401


class Conflict(BranchNetError):
    """The state has moved on: somebody else was first, or the step is not possible from here."""

    code = "conflict"
    status = 409


class CopiesElsewhere(Conflict):
    """Copies are not where they should be. ``data['lots']``: which, how many asked, how many there, where now."""

    code = "copies_elsewhere"


class TooEarly(Conflict):
    """A move is dated before the lot's last date at its from-place. ``data['earliest']``: the first day possible."""

    code = "too_early"


class SameIdOtherBody(Conflict):
    """An operation id came a second time with another body; it was kept and flagged, nothing was done."""

    code = "same_id_other_body"


def together(wrong: Mapping[str, BranchNetError]) -> BranchNetError:
    """One error of what is wrong with several fields; ``data['each']`` keeps by field the error that says it.

    What is wrong with one field alone stays the error that it is.
    """
    if len(wrong) == 1:
        return next(iter(wrong.values()))
    return Invalid(fields={name: error.data["fields"][name] for name, error in wrong.items()}, each=dict(wrong))
