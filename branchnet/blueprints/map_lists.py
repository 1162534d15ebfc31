"""What the figures under the map count, in words, and the lists that they open."""

from typing import Any

from flask import url_for

from branchnet.blueprints.coverage_words import what_words
from branchnet.coverage.drawn import Asked
from branchnet.coverage.view import MapView
from branchnet.coverage.ways import WAYS


def held(view: MapView) -> str:
    """What is counted: of villages, residential areas and schools those that the register holds."""
    return what_words({one.kind for one in view.communities})["community"]


def lists(found: Asked, view: MapView) -> dict[str, dict[str, str]]:
    """Where the figures under the map open: who is covered, and all. In a box, and by a way of no name, nowhere."""
    if found.box is not None:
        return {}
    here: dict[str, Any] = {"network": found.network.slug, "month": found.month}
    way = ways_by_km(found).get(found.within_km)
    asked_for: dict[str, dict[str, Any]]
    asked_for = {kind: {"definition": "administrative", "of_what": kind} for kind in view.administrative.by_kind}
    asked_for |= {"reach": {"definition": "reach", "of_what": "community", "way": way}} if way else {}
    return {
        name: {
            "covered": url_for("manager.coverage_list", outcome="covered", **here, **one),
            "all": url_for("manager.coverage_list", **here, **one),
        }
        for name, one in asked_for.items()
    }


def ways_by_km(found: Asked) -> dict[float, str]:
    """By km the way that goes so far."""
    return {float(getattr(found.network, column)): way for way, column in reversed(WAYS.items())}
