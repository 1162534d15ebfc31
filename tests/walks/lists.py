"""Lists from files for the walk over every page: one that asks for its columns, one that was tried."""

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches.lists import commands
from branchnet.batches.lists.commands import Brought
from branchnet.extensions import db, transaction
from branchnet.jobs.runner import work_all
from branchnet.models import FileList
from branchnet.stock.lists import read_table
from branchnet.stock.lists.headings import guess
from branchnet.stock.lists.rows import Columns

CONTENT = "条码,题名,价格\n{0}01,红楼梦,25.00\n{0}02,,12\n4.4E+11,西游记,USD9\n{0}03,水浒传,USD9\n"


def lists(network_id: int) -> list[int]:
    """Their ids; they are made the first time."""
    known = (
        select(FileList.id)
        .where(FileList.network_id == network_id, FileList.purpose == "accession")
        .order_by(FileList.id)
    )
    if not db.session.scalars(known).all():
        content = CONTENT.format("990000").encode()
        table, act = read_table("清单.csv", content), Act(network_id)
        columns = Columns(1, guess(table.sheets[0]).columns)
        with transaction():
            commands.bring(act, Brought("accession", "清单.csv", content, table))
            tried = commands.bring(act, Brought("accession", "清单.csv", content, table))
            commands.try_out(act, tried.id, 0, columns)
        work_all()
    return list(db.session.scalars(known))
