"""Forms that stay on their page: what was typed is kept, and what is wrong stands beside its field."""

from dataclasses import dataclass, field
from typing import Any

from flask import request

from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.words import WORDS, field_words, say

SHORTEST_ID, LONGEST_ID = 8, 64


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form was not accepted: in words, by field, and what was typed. An empty one stands for no refusal."""

    form: str = ""
    what: str = ""
    todo: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    status: int = 200
    code: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    """What the error knows, for a page that offers a way out."""

    def typed(self, form: str, name: str, otherwise: Any = "") -> Any:
        """What was typed into a field of a form, or what stands there from the start."""
        return self.sent.get(name, otherwise) if form == self.form else otherwise

    def wrong(self, form: str, name: str) -> str | None:
        """What is wrong with a field of a form, in words."""
        return self.errors.get(name) if form == self.form else None


def refused(error: BranchNetError, form: str) -> Refusal:
    """A refusal of the form that was just sent."""
    what, todo = say(error)
    each = error.data.get("each", {})
    errors = {name: _beside(each.get(name, error), reason) for name, reason in error.data.get("fields", {}).items()}
    if errors:
        what, todo = _("还没有记下。"), _("请改好标出的地方再交，填过的内容都还在。")
    return Refusal(form, what, todo, errors, dict(request.form.items()), error.status, error.reason, error.data)


def _beside(error: BranchNetError, reason: str) -> str:
    """What a field's own code cannot say (which points, which barcode) the error says itself, beside the field."""
    if reason == error.reason in WORDS and reason != "too_early":
        return say(error)[0]
    return field_words(reason, error.data.get("earliest"))


def op_id() -> str:
    """The operation's id that the form carries; a form of ours always does. Raises Invalid("form_incomplete")."""
    sent = request.form.get("op_id", "")
    if not SHORTEST_ID <= len(sent) <= LONGEST_ID:
        raise Invalid("form_incomplete")
    return sent
