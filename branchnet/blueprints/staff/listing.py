"""The list of batches."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.batches import queries
from branchnet.batches.queries import PAGE, Filters
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.blueprints.staff.words import kind_words, stage_words, terms_words
from branchnet.language import _
from branchnet.models.batch import KINDS, TERMS
from branchnet.words import field_words

STAGES = (
    "draft",
    "packed",
    "dispatched",
    "slow",
    "arrived",
    "received",
    "there",
    "fetch",
    "overdue",
    "collected",
    "restock",
    "differences",
    "closed",
    "cancelled",
)


SORTED = ("number", "kind", "state", "sent", "due", "copies")
DOWN_FIRST = frozenset({"number", "sent", "copies"})
"""What is looked at from its end: the newest, the largest."""


@dataclass(frozen=True, slots=True)
class AskedBatches:
    """What a list of batches is narrowed to and sorted by, as its address says it; what was no day is named."""

    filters: Filters
    order: str
    sent: dict[str, Any]
    """The parts of the address that say it, for ways to other pages of the same list."""
    wrong: dict[str, str]

    @property
    def told(self) -> list[str]:
        """What the list is narrowed to, in words."""
        found = self.filters
        return [
            stage_words(found.state) if found.state else "",
            kind_words(found.kind) if found.kind else "",
            terms_words(found.terms) if found.terms else "",
            _("从 %(day)s 起发出", day=found.since) if found.since else "",
            _("到 %(day)s 为止发出", day=found.until) if found.until else "",
            _("查找：%(asked)s", asked=found.text) if found.text else "",
        ]


def asked_batches() -> AskedBatches:
    """The filters and the order that the address asks for; what it cannot mean is left out."""
    asked = request.args
    days = {name: _day(asked.get(name)) for name in ("since", "until")}
    filters = Filters(
        state=_one_of(asked.get("state"), STAGES),
        kind=_one_of(asked.get("kind"), KINDS),
        text=_text(asked.get("q")),
        terms=_one_of(asked.get("terms"), TERMS),
        since=days["since"],
        until=days["until"],
    )
    order = asked.get("sort", "")
    known = order.removeprefix("-") in SORTED
    names = ("state", "kind", "terms", "since", "until", "q")
    sent = {name: asked[name].strip() for name in names if asked.get(name, "").strip()}
    wrong = {name: field_words("date") for name, day in days.items() if name in sent and day is None}
    return AskedBatches(filters, order if known else "newest", sent | ({"sort": order} if known else {}), wrong)


@blueprint.get("/batches")
@require("batch.see")
def batches() -> str:
    """Batches, newest first unless told otherwise, narrowed by state, kind, terms, period and text."""
    who = staff()
    asked = asked_batches()
    page = max(request.args.get("page", 1, type=int), 1)
    rows, count = queries.batches_listed(who.networks, asked.filters, who.act.today(), page, order=asked.order)
    return render_template(
        "staff/batches.html",
        rows=rows,
        count=count,
        page=page,
        pages=max(-(-count // PAGE), 1),
        filters=asked.filters,
        asked=asked,
        columns=_columns(asked),
        stages=[(stage, stage_words(stage)) for stage in STAGES],
        kinds=[(kind, kind_words(kind)) for kind in KINDS],
        terms=[(term, terms_words(term)) for term in TERMS],
        writes=writes(who.network_id),
        several=len(who.networks) > 1,
    )


def _columns(asked: AskedBatches) -> list[str | dict[str, Any]]:
    return [
        _sortable(asked, "number", _("批次")),
        _sortable(asked, "kind", _("类型")),
        _("从"),
        _("到"),
        _sortable(asked, "state", _("走到哪一步")),
        _sortable(asked, "sent", _("发出")),
        _sortable(asked, "due", _("应还")),
        _sortable(asked, "copies", _("数量")) | {"numeric": True, "unit": _("册")},
    ]


def _sortable(asked: AskedBatches, word: str, label: str) -> dict[str, Any]:
    """A head that leads to the list sorted by it; the one it is sorted by leads to the other way round."""
    up, down = word, f"-{word}"
    turned = {up: down, down: up}.get(asked.order, down if word in DOWN_FIRST else up)
    return {
        "label": label,
        "href": url_for("staff.batches", **(asked.sent | {"sort": turned})),
        "sorted": {up: "ascending", down: "descending"}.get(asked.order),
    }


def _day(asked: str | None) -> date | None:
    try:
        return date.fromisoformat((asked or "").strip())
    except ValueError:
        return None


def _one_of(asked: str | None, known: tuple[str, ...]) -> str:
    return asked if asked in known else ""


def _text(asked: str | None) -> str:
    return (asked or "").strip()[:60]
