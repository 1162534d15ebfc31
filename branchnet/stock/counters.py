"""Running numbers of a network: batches of a year, boxes of a batch, receipts of a day."""

from sqlalchemy import Executable, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from branchnet.access.acts import Act
from branchnet.extensions import db
from branchnet.models import Counter

_COUNT_UP: dict[str, Executable] = {
    name: dialect.insert(Counter.__table__)
    .values(network_id=bindparam("network"), series=bindparam("name"), last=bindparam("step"))
    .on_conflict_do_update(
        index_elements=["network_id", "series"], set_={"last": Counter.__table__.c.last + bindparam("step")}
    )
    .returning(Counter.__table__.c.last)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def count_up(act: Act, series: str, by: int = 1) -> int:
    """The next number of a series, or the last of the next so many; two askers never get the same one."""
    statement = _COUNT_UP[db.session.get_bind().dialect.name]
    values = {"network": act.network_id, "name": series, "step": by}
    return int(db.session.execute(statement, values).scalar_one())
