"""Opening ledgers for the walk over every page: one that is good, one that is wrong."""

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches.lists import commands
from branchnet.batches.lists.commands import Brought
from branchnet.extensions import db, transaction
from branchnet.jobs.runner import work_all
from branchnet.models import FileList
from branchnet.stock.lists import read_table
from tests.opening.ledgers import made

SHELF = {"服务点": "青草坡村农家书屋", "书名或类别": "绘本", "册数": "300余", "单价": "12.5"}
GOOD = {"服务点": [{"名称": "青草坡村农家书屋", "类型": "农家书屋"}], "在架图书": [SHELF]}
WRONG = {"在架图书": [SHELF, {**SHELF, "册数": "很多"}]}


def ledgers(network_id: int) -> list[int]:
    """Their ids; they are made the first time."""
    known = (
        select(FileList.id)
        .where(FileList.network_id == network_id, FileList.purpose == "opening")
        .order_by(FileList.id)
    )
    if not db.session.scalars(known).all():
        act = Act(network_id)
        with transaction():
            for sheets in (GOOD, WRONG):
                content = made(**sheets)
                options = {"day": act.today().isoformat(), "note": "台账"}
                table = read_table("台账.xlsx", content)
                commands.bring(act, Brought("opening", "台账.xlsx", content, table, options=options))
        work_all()
    return list(db.session.scalars(known))
