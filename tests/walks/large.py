"""A network as large as its pages get: batches of 3,300 copies in 66 boxes, and names as long as names are."""

import os
from dataclasses import dataclass, replace

from flask import Flask

from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.batches.lists import commands as lists
from branchnet.batches.lists.commands import Brought
from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.extensions import transaction
from branchnet.jobs.runner import work_all
from branchnet.stock.lists import read_table
from branchnet.stock.lists.headings import guess
from branchnet.stock.lists.rows import Columns
from branchnet.stock.rules import NewLot
from tests.support.world import CHINESE, World, build_world

COPIES, BOXES = 3_300, 66
POINT = "遂溪县岭北镇调丰村民委员会黄屋自然村农家书屋暨少年儿童图书馆流动服务点（原岭北中心小学第二分校旧址）"
TITLE = "青少年海洋科学普及读物大系：海洋生物多样性保护与可持续发展丛书第十三辑，" * 3
GONE = COPIES if os.environ.get("BRANCHNET_FULL") else 330
"""Copies that are missing at a stocktake: closing 3,000 differences takes half the time of all the rest."""
LEFT_OUT = 11
"""Every eleventh copy of what was received never came."""


@dataclass(frozen=True, slots=True)
class Large:
    """The world, and the numbers of its large batches; the list is one of 3,300 rows of which 2,200 are refused."""

    world: World
    draft: str
    half_there: str
    """33 boxes of it are received, short of 150 copies by name; 33 are on the road."""
    coming_back: str
    list_id: int
    stocktake: str
    """All but three of `GONE` copies were not there; nine in ten are lost and stand on a list to be disposed of."""
    disposal: str


def build_large(app: Flask) -> Large:
    """Make it, by the commands that people's work goes through."""
    world = build_world(app, "daguan", replace(CHINESE, mobile_point=POINT, branch=POINT))
    with app.app_context():
        with transaction():
            access.answers_for(world.act, world.teacher_id, world.point_ids[1], world.begun_on)
        point, branch = world.place_ids
        draft = _picked(world, "A", NewBatch("allocation", world.begun_on, point))
        half_there = _picked(world, "B", NewBatch("allocation", world.begun_on, point))
        delivered = _picked(world, "C", NewBatch("delivery", world.begun_on, branch))
        with transaction():
            for batch_id, _number in (half_there, delivered):
                batches.dispatch(world.act, batch_id, world.begun_on)
            came = [barcode for at, barcode in enumerate(_barcodes("B")[: COPIES // 2]) if at % LEFT_OUT]
            batches.receive_scanned(world.act, half_there[0], world.begun_on, came, note="淋湿了" * 60, complete=True)
            batches.receive(world.act, delivered[0], world.begun_on)
            coming_back = batches.collect(world.act, delivered[0], world.begun_on).number
        gone = _gone(world, _picked(world, "D", NewBatch("allocation", world.begun_on, branch), GONE)[0], branch)
        return Large(world, draft[1], half_there[1], coming_back, _tried(world.act), *gone)


def _gone(world: World, batch_id: int, place_id: int) -> tuple[str, str]:
    """Nearly all of a batch is missing at a stocktake, and most of what is missing is lost: the numbers of both."""
    act, day = world.act, world.begun_on
    with transaction():
        batches.dispatch(act, batch_id, day)
        batches.receive(act, batch_id, day)
        stocktake = stocktaking.begin(act, place_id, "scan", day)
        stocktaking.count_list(act, stocktake.id, _barcodes("D")[:3], day)
        cases = stocktaking.close(act, stocktake.id, day)
        batches.resolve_alike(act, cases[: GONE * 9 // 10], "lost", day, "谁也没见过")
        return stocktake.number, batches.draft_disposal(act, day).number


def _barcodes(run: str) -> list[str]:
    return [f"GDZJ-{run}-20260801-ZSTM-{number:010}" for number in range(COPIES)]


def _picked(world: World, run: str, new: NewBatch, copies: int = COPIES) -> tuple[int, str]:
    """A draft with so many copies in its boxes. Returns its id and number."""
    with transaction():
        lots = [
            NewLot(f"{TITLE if number % 3 else '童话'} {run}{number}", barcode=barcode, author="作者与译者" * 8)
            for number, barcode in enumerate(_barcodes(run)[:copies])
        ]
        taken = batches.take_in(world.act, "accession", lots, world.begun_on)
        batch = batches.draft(world.act, new)
        batches.open_boxes(world.act, batch.id, BOXES)
        per_box = copies // BOXES
        batches.add_lines(
            world.act, batch.id, [NewLine(lot_id, 1, at // per_box + 1) for at, lot_id in enumerate(taken.lot_ids)]
        )
        return batch.id, batch.number


def _tried(act: Act) -> int:
    """A list that was tried: every third row is good, the others have no title or a price in dollars."""
    rows = [f"GDZJ-L-{n:010},{'' if n % 3 == 1 else TITLE},{'USD9' if n % 3 == 2 else '25'}" for n in range(COPIES)]
    content = "\n".join(["条码,题名,价格", *rows]).encode()
    table = read_table("清单.csv", content)
    with transaction():
        brought = lists.bring(act, Brought("accession", "秋季新书编目导出" * 12 + ".csv", content, table))
        lists.try_out(act, brought.id, 0, Columns(1, guess(table.sheets[0]).columns))
        list_id = brought.id
    work_all()
    return list_id
