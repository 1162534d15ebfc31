"""The open differences on the page of their batch: a page of them at a time."""

from collections.abc import Sequence
from typing import Any

from flask import request

from branchnet.access.guards import staff
from branchnet.access.operations import Outcome
from branchnet.batches import commands, queries, rules
from branchnet.batches.queries import BatchHead, DifferenceRow
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.words import resolution_words

SHOWN = 20
"""Differences on one page: each has a form of its own, and a batch can be short of hundreds of books by name."""

TICKABLE = 200
"""Missing copies that can be ticked at once, a line each."""
ENDS_OF_MISSING = sorted(rules.RESOLUTIONS["short"])


def differences_on(head: BatchHead, refusal: Refusal) -> dict[str, Any]:
    """What the page shows of them: those of the page asked for, or of the one whose form was refused."""
    rows = queries.open_differences_in(head.network_id, head.id)
    pages = max(-(-len(rows) // SHOWN), 1)
    page = min(_page_of(rows, refusal) or max(request.args.get("page", 1, type=int), 1), pages)
    shown = rows[(page - 1) * SHOWN : page * SHOWN]
    missing = [row for row in rows if row.kind == "short"]
    return {
        "alike": alike_on(missing, [(end, resolution_words("short", end, head.kind)) for end in ENDS_OF_MISSING]),
        "differences": [_with_ends(head, row, shown[:at]) for at, row in enumerate(shown)],
        "difference_count": len(rows),
        "page": page,
        "pages": pages,
    }


def alike_on(missing: Sequence[Any], ends: list[tuple[str, str]]) -> dict[str, Any]:
    """What the form shows that ends several at once: the missing copies, the ways in which they can end, the ticked."""
    return {
        "rows": missing[:TICKABLE],
        "more": len(missing) > TICKABLE,
        "ends": ends,
        "ticked": request.form.getlist("case"),
    }


def end_alike(sent: dict[str, Any]) -> Outcome:
    """Close the ticked ones, all or none."""
    commands.resolve_alike(staff().act, sent["cases"], sent["resolution"], sent["happened_on"], sent["reason"])
    return {"closed": len(sent["cases"])}


def _page_of(rows: list[DifferenceRow], refusal: Refusal) -> int | None:
    """The page of the difference whose form was refused, if it was one."""
    forms = [f"resolve-{row.id}" for row in rows]
    return forms.index(refusal.form) // SHOWN + 1 if refusal.form in forms else None


def _with_ends(head: BatchHead, row: DifferenceRow, above: list[DifferenceRow]) -> dict[str, Any]:
    """A difference with the ways in which it can end, and whether one of them needs names of copies."""
    return {
        "row": row,
        # What was written once for several of them stands at the first alone.
        "note": row.note if all(row.note != before.note for before in above) else None,
        "ends": [(end, resolution_words(row.kind, end, head.kind)) for end in sorted(rules.RESOLUTIONS[row.kind])],
        "to_name": row.title is None
        and any(rules.route(row.kind, row.in_transit, end) for end in rules.RESOLUTIONS[row.kind]),
    }
