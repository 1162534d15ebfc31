"""Running numbers of a network: batches of a year, boxes of a batch, receipts of a day."""

from sqlalchemy.dialects import postgresql, sqlite

from branchnet.access.acts import Act
from branchnet.extensions import db
from branchnet.models import Counter


def count_up(act: Act, series: str, by: int = 1) -> int:
    """The next number of a series, or the last of the next so many; two askers never get the same one."""
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Counter).values(network_id=act.network_id, series=series, last=by)
    return int(
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["network_id", "series"], set_={"last": Counter.last + by}
            ).returning(Counter.last)
        ).scalar_one()
    )
