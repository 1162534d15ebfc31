"""The ways to a point: on foot, by bicycle, by vehicle, each with its own threshold."""

from branchnet.coverage.rules import Threshold
from branchnet.models import Network

WAYS = {"foot": "reach_km", "bicycle": "cycling_km", "vehicle": "vehicle_km"}
"""By way the network's choice of km."""


def threshold_of(network: Network, way: str = "foot", within_km: float | None = None) -> Threshold:
    """How far is near enough in this network; ``within_km``: as somebody asks, in place of its own choice."""
    return Threshold(within_km or float(getattr(network, WAYS[way])), network.detour_percent)
