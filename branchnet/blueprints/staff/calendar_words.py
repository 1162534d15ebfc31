"""What the parts of the calendar are called, and for whom they are."""

from branchnet.blueprints.staff.words import host_words
from branchnet.language import _
from branchnet.models.calendar import PERIOD_KINDS
from branchnet.models.place import HOSTS


def period_kind_words(kind: str) -> str:
    """A school year, a term or a holiday."""
    return {"school_year": _("学年"), "term": _("学期"), "holiday": _("寒暑假")}.get(kind, kind)


def kind_options() -> list[tuple[str, str]]:
    """The kinds a form offers, the one that is entered most often first."""
    return [(kind, period_kind_words(kind)) for kind in reversed(PERIOD_KINDS)]


def of_host(host: str | None) -> str:
    """For which points a period is."""
    return _("所有学校") if host is None else host_words(host)


def host_options() -> list[tuple[str, str]]:
    """All schools, then each kind of host."""
    return [("", of_host(None)), *((host, host_words(host)) for host in HOSTS)]
