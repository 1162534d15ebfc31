"""One policy: which role may do what. Pure."""

from collections.abc import Iterable

POLICY: dict[str, frozenset[str]] = {
    "account.own": frozenset({"clerk", "manager", "admin"}),
    "batch.see": frozenset({"clerk", "manager", "admin"}),
    "batch.write": frozenset({"clerk"}),
    "point.see": frozenset({"clerk", "manager", "admin"}),
    "stock.open": frozenset({"clerk", "admin"}),
    "point.write": frozenset({"clerk", "admin"}),
    "agreement.write": frozenset({"clerk", "admin"}),
    "map.see": frozenset({"clerk", "manager", "admin"}),
    "coverage.publish": frozenset({"manager", "admin"}),
    "community.write": frozenset({"clerk", "admin"}),
    "link.manage": frozenset({"clerk", "admin"}),
    "reading.see": frozenset({"clerk", "manager", "admin"}),
    "reading.write": frozenset({"clerk"}),
    "calendar.write": frozenset({"clerk", "admin"}),
    "month.lock": frozenset({"manager", "admin"}),
    "people.manage": frozenset({"admin"}),
}

SEES_BELOW = frozenset({"manager", "admin"})
"""Roles that see the networks below their own; a clerk sees their own only."""


def may(roles: Iterable[str], action: str) -> bool:
    """Whether any of the roles allows the action. An action nobody wrote down is allowed to nobody."""
    return bool(POLICY.get(action, frozenset()) & set(roles))
