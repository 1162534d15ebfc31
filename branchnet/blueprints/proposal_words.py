"""What a correction to a point is called, for the teacher who proposes it and for staff."""

from branchnet.language import _
from branchnet.models.asking import PROPOSALS


def proposal_words(kind: str) -> str:
    """A kind of correction."""
    words = {
        "moved": _("搬了"),
        "renamed": _("改名"),
        "contact": _("负责人换了"),
        "paused": _("停用一段时间"),
        "other": _("其他"),
    }
    return words[kind]


def proposal_options() -> list[tuple[str, str]]:
    """All kinds to choose from."""
    return [(kind, proposal_words(kind)) for kind in PROPOSALS]
