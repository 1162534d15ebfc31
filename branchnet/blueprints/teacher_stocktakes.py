"""A stocktake on the teacher's phone: so many copies of each title, or one number for all; saved part by part."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import render_template, url_for

from branchnet.access.acts import Act
from branchnet.access.operations import perform
from branchnet.batches.stocktaking.commands import count_titles
from branchnet.batches.stocktaking.queries import counting_at, tally_of, titles_of
from branchnet.batches.stocktaking.schemas import read_counts
from branchnet.blueprints.forms import op_id
from branchnet.errors import BranchNetError
from branchnet.language import _, day_name
from branchnet.models import Stocktake
from branchnet.points.queries import Point
from branchnet.words import field_words, say

TITLES_AT_MOST = 60
"""With more titles than this nobody counts each on a phone: one number is asked for."""


def going_on(point: Point) -> Stocktake | None:
    """The stocktake that the library holds at a point."""
    return counting_at(point.network_id, [point.place_id]).get(point.place_id)


def row_of(point: Point, stocktake: Stocktake | None) -> dict[str, Any] | None:
    """The way to it from the point's page; None where none goes on."""
    if stocktake is None:
        return None
    return {"number": stocktake.number, "href": url_for("teacher.stocktake", code=point.code)}


def page(act: Act, point: Point, stocktake: Stocktake, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """The form: what was counted already stands beside each title, and what is left empty stays as it is."""
    today, titles, tally = act.today(), titles_of(stocktake), tally_of(stocktake)
    few = titles if len(titles) <= TITLES_AT_MOST else []
    return render_template(
        "teacher/stocktake.html",
        point={"name": point.name},
        back_href=url_for("teacher.point", code=point.code),
        number=stocktake.number,
        since=day_name(stocktake.begun_on, today),
        by_scan=stocktake.way == "scan",
        titles=[{"name": f"copies-{row.lot_id}", "title": row.name, "counted": row.counted} for row in few],
        # What is told apart in the library's books often is not on a shelf: one number is asked for first.
        by_title=any(row.counted is not None or typed.get(f"copies-{row.lot_id}") for row in few),
        rest=tally.rest,
        copies=tally.copies,
        op_id=str(uuid4()),
        values=typed,
        errors=errors,
    )


def save(act: Act, stocktake: Stocktake, typed: Mapping[str, str]) -> int:
    """What was typed, once. Returns the copies (册) of this part; raises what `count_titles` raises."""
    sent = read_counts({**typed, "happened_on": act.today().isoformat()})
    body = {"stocktake": stocktake.number, "counts": sent["counts"], "rest": sent["rest"]}

    def effect() -> dict[str, int]:
        return {"copies": count_titles(act, stocktake.id, sent["counts"], act.today(), sent["rest"])}

    return int(perform(act, op_id(), "count_stock", body, effect)["copies"])


def in_words(error: BranchNetError) -> dict[str, str]:
    """What was wrong, by field; what has none of its own stands above the form."""
    fields = {
        name: _("请填整数；没数就空着。") if code == "not_a_number" else field_words(code)
        for name, code in error.data.get("fields", {}).items()
        if name == "rest" or name.startswith("copies-")
    }
    return fields or {"form": " ".join(say(error))}
