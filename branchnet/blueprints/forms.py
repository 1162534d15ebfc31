"""Forms that stay on their page: what was typed is kept, and what is wrong stands beside its field."""

from dataclasses import dataclass, field
from typing import Any

from flask import request

from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.words import field_words, say

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

    def typed(self, form: str, name: str, otherwise: Any = "") -> Any:
        """What was typed into a field of a form, or what stands there from the start."""
        return self.sent.get(name, otherwise) if form == self.form else otherwise

    def wrong(self, form: str, name: str) -> str | None:
        """What is wrong with a field of a form, in words."""
        return self.errors.get(name) if form == self.form else None


def refused(error: BranchNetError, form: str) -> Refusal:
    """A refusal of the form that was just sent."""
    earliest = error.data.get("earliest")
    errors = {name: field_words(reason, earliest) for name, reason in error.data.get("fields", {}).items()}
    what, todo = say(error)
    if errors:
        what, todo = _("还没有记下。"), _("请改好标出的地方再交，填过的内容都还在。")
    return Refusal(form, what, todo, errors, dict(request.form.items()), error.status)


def op_id() -> str:
    """The operation's id that the form carries; a form of ours always does. Raises Invalid("form_incomplete")."""
    sent = request.form.get("op_id", "")
    if not SHORTEST_ID <= len(sent) <= LONGEST_ID:
        raise Invalid("form_incomplete")
    return sent
