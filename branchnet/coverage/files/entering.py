"""What a file says of places goes into the books: all rows that are good now; the others are told."""

from dataclasses import replace

from branchnet.access.acts import Act
from branchnet.coverage.files.judging import Judged, judge
from branchnet.coverage.files.reading import rows_of
from branchnet.errors import Invalid
from branchnet.points.communities.commands import put_many
from branchnet.points.communities.queries import Registered
from branchnet.points.life.commands.locating import locate
from branchnet.points.queries import Point
from branchnet.stock.lists import Table


def enter_places(act: Act, table: Table, points: bool) -> dict[str, int]:
    """Enter the rows of a table. Returns how many came new, were changed, and are refused by now.

    Raises Invalid("nothing_to_place") where none is left to enter.
    """
    found = judge(act, rows_of(table, points), points)
    new = [replace(one.new, position=one.position) for one in found if one.outcome == "new" and one.new]
    changed = [one for one in found if one.outcome == "changed"]
    if not new and not changed:
        raise Invalid("nothing_to_place")
    if points:
        _locate(act, changed)
    else:
        told = [(one.there.id, one) for one in changed if isinstance(one.there, Registered)]
        put_many(act, new, [(there, replace(one.new, position=one.position)) for there, one in told if one.new])
    refused = sum(1 for one in found if one.outcome == "refused")
    return {"new": len(new), "changed": len(changed), "refused": refused}


def _locate(act: Act, changed: list[Judged]) -> None:
    for one in changed:
        if isinstance(one.there, Point):
            locate(act, one.there.id, one.position)
