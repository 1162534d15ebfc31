"""Coverage as data: both definitions, what is in operation, and the gaps, for programs."""

from collections.abc import Sequence
from typing import Any

from branchnet.coverage.counted import Tally
from branchnet.coverage.covered import Coverage
from branchnet.coverage.register import Listed
from branchnet.coverage.rules import Gap, Operation, Outcome


def told(found: Coverage, gaps: int) -> dict[str, Any]:
    """Counts are places (个) and children (人), distances km along the geodesic; null is not known, never zero."""
    tallies = found.tallies
    reach = found.reach
    return {
        "month": found.month,
        "as_of": found.as_of.isoformat(),
        "administrative": {
            of_what: {**_tally(tally), "only_by_deliveries": tally.deliveries, "points_nowhere": len(tally.lost)}
            for (definition, of_what), tally in tallies.items()
            if definition == "administrative"
        },
        "points_without_area": found.without_area,
        "reach": {
            "within_km": reach.threshold.within_km,
            "detour_percent": reach.threshold.detour_percent,
            **_tally(tallies["reach", "community"]),
            "only_by_deliveries": found.by_boxes,
            "children_covered": reach.children_covered,
            "children_known": reach.children_known,
        },
        "in_operation": _operation(found),
        "gaps": [_gap(found, gap) for gap in found.gaps.shown(0, gaps)],
    }


def _tally(tally: Tally) -> dict[str, Any]:
    share = tally.share
    left = {
        name: [_named(tally.rows[index]) for index in tally.picked([outcome])]
        for name, outcome in (("not", Outcome.NOT_COVERED), ("untold", Outcome.WITHOUT_POSITION))
        if outcome in tally.counted
    }
    return {
        "covered": share.covered,
        "known": share.known,
        "not_covered": share.others,
        "cannot_tell": share.untold,
        "whole": share.whole,
        "others": left["not"],
        "without_position": left.get("untold", []),
    }


def _operation(found: Coverage) -> dict[str, Any]:
    """Of each of the others what stands against it; apart from M the points of which no month was due yet."""
    tally = found.tallies["in_operation", "point"]
    return {
        **_tally(tally),
        "others": [_stopped(tally, found.operations, index) for index in tally.picked([Outcome.NOT_COVERED])],
        "not_due_yet": [_named(tally.rows[index]) for index in tally.picked([Outcome.WITHOUT_POSITION])],
        "delivery_schools": found.by_stay,
    }


def _stopped(tally: Tally, operations: Sequence[Operation], index: int) -> dict[str, Any]:
    one = operations[index]
    return {**_named(tally.rows[index]), "paused": one.paused, "missing": one.missing, "not_open": one.not_open}


def _gap(found: Coverage, gap: Gap) -> dict[str, Any]:
    nearest = found.reach.reached(gap.index)
    return {
        **_named(found.tallies["reach", "community"].rows[gap.index]),
        "rank": gap.rank,
        "children": gap.children,
        "would_reach": gap.communities,
        "children_would_reach": gap.children_reached,
        "nearest_point": None if nearest.point_id is None else found.points[nearest.point_id].code,
        "km": nearest.km,
    }


def _named(row: Listed) -> dict[str, Any]:
    return {"kind": row.kind, "code": row.code, "name": row.name, "town": row.town, "county": row.county}
