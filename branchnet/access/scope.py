"""Whose rows one may see: one filter, here."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select

from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Network, NetworkParent


def parents_on(day: date) -> dict[int, int | None]:
    """By network the one it stands under on a day, or None; a network that has no place in the tree yet is left out."""
    latest = (
        select(NetworkParent.network_id, func.max(NetworkParent.valid_from).label("valid_from"))
        .where(NetworkParent.valid_from <= day)
        .group_by(NetworkParent.network_id)
        .subquery()
    )
    rows = db.session.execute(
        select(NetworkParent.network_id, NetworkParent.parent_id).join(
            latest,
            (latest.c.network_id == NetworkParent.network_id) & (latest.c.valid_from == NetworkParent.valid_from),
        )
    )
    return dict(rows.all())


def below(network_id: int, on: date) -> frozenset[int]:
    """A network and all networks under it on a day."""
    parents = parents_on(on)
    found = {network_id}
    grown = True
    while grown:
        more = {network for network, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return frozenset(found)


def within(query: Rows, model: Any, networks: Iterable[int]) -> Rows:
    """Keep only the rows of these networks."""
    return query.where(model.network_id.in_(sorted(networks)))


def networks_named(networks: Iterable[int]) -> list[Network]:
    """The networks themselves, by slug."""
    return list(db.session.scalars(select(Network).where(Network.id.in_(sorted(networks))).order_by(Network.slug)))
