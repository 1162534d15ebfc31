"""A library of forty points starts mid-life from one workbook."""

from collections import defaultdict
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from branchnet.batches.checks import violations
from branchnet.batches.commands import collect
from branchnet.extensions import db, transaction
from branchnet.jobs import runner
from branchnet.models import Batch, Holding, Lot, Person, PointMonth
from branchnet.points.queries import points_on
from tests.opening.ledgers import Ledgers, made
from tests.pages.desk import Desk, days_ago, words
from tests.support.world import World

NEW = 38
"""Points that the ledger opens, beside the two that the books know."""


def the_ledger(day: date) -> dict[str, list[dict[str, Any]]]:
    """Forty points, what stands at each, three deliveries that are out, and sixty copies with barcodes."""
    points: list[dict[str, Any]] = [
        {
            "名称": "红庙子小学" if number < 3 else f"第{number}小学分馆",
            "编号": f"HM-{number}" if number < 3 else None,
            "类型": "分馆" if number % 2 else "流动服务点",
            "设在": "小学",
            "经度": 110.3 + number / 100,
            "纬度": 21.2,
            "坐标系": "GPS" if number % 3 else "高德",
            "开放日期": day - timedelta(days=400),
            "学生人数": 100 + number,
            "老师": f"老师{number}" if number < 5 else None,
            "老师电话": "13800000000" if number in (3, 4) else None,
        }
        for number in range(1, NEW + 1)
    ]
    points += [{"名称": "雷州分馆"}, {"名称": "长岭小学流动服务点", "编号": "CL-01"}]
    names = [{"编号": row["编号"]} if row.get("编号") else {"服务点": row["名称"]} for row in points]
    shelves = [
        {**name, "书名或类别": title, "册数": count, "单价": price}
        for number, name in enumerate(names, start=1)
        for title, count, price in (("绘本", 50 + number, "12.50"), ("故事书", f"{number * 10}余册", None))
    ]
    shelves.append({"服务点": "总馆", "书名或类别": "库存", "册数": "约2,000", "单价": None})
    sent, due = day - timedelta(days=45), day - timedelta(days=15)
    deliveries = [
        {"学校": "第7小学分馆", "送书日期": sent, "应还日期": due, "册数": 300, "书名": "童话"},
        {"学校": "第7小学分馆", "送书日期": sent, "应还日期": due, "册数": 120, "书名": "科普"},
        {"学校": "第8小学分馆", "送书日期": sent, "应还日期": None, "册数": 80, "书名": "童话"},
        {
            "学校": "第9小学分馆",
            "送书日期": day - timedelta(days=5),
            "应还日期": day + timedelta(days=25),
            "册数": 60,
            "书名": "童话",
        },
    ]
    copies = [
        {
            "条码": f"0012345{number:05d}",
            "书名": f"好书{number}",
            "作者": "某人",
            "定价": "20",
            "在哪里": "总馆书架" if number % 3 == 0 else "第10小学分馆",
        }
        for number in range(60)
    ]
    return {"服务点": points, "在架图书": shelves, "未还送书": deliveries, "带条码图书": copies}


def copies_by_place(app: Flask, world: World) -> dict[str, int]:
    """Copies (册) where they stand, by name; the shelf has none."""
    with app.app_context():
        names = {point.place_id: point.name for point in points_on([world.network_id], world.act.today())}
        names |= {place_id: f"{names[place_id]}" for place_id in names}
        rows = db.session.execute(
            select(Holding.place_id, func.sum(Holding.quantity)).where(Holding.quantity > 0).group_by(Holding.place_id)
        ).all()
    held: dict[str, int] = defaultdict(int)
    for place_id, copies in rows:
        held[names.get(place_id, "")] += int(copies)
    return dict(held)


def expected(ledger: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    """The same, by hand from the workbook."""
    names = {row["编号"]: row["名称"] for row in ledger["服务点"] if row.get("编号")}
    held: dict[str, int] = defaultdict(int)
    for row in [*ledger["在架图书"], *ledger["未还送书"]]:
        name = names.get(row.get("编号"), row.get("服务点") or row.get("学校"))
        held["" if name == "总馆" else name] += int("".join(filter(str.isdigit, str(row["册数"]))))
    for row in ledger["带条码图书"]:
        held["" if row["在哪里"] == "总馆书架" else row["在哪里"]] += 1
    return dict(held)


def test_starting_mid_life(app: Flask, world: World, clerk: Desk, ledgers: Ledgers) -> None:
    """Dry run, the sheet to sign, taken in once; every sum is the workbook's, and only deliveries were ever sent."""
    before = copies_by_place(app, world)
    ledger = the_ledger(ledgers.day)
    wanted = expected(ledger)
    page = ledgers.tried(made(**ledger))
    said = clerk.text(page)
    assert "打印总账核对单" in said, said
    assert f"图书 {sum(wanted.values()):,} 估 册" in said
    assert "未还送书 560 册 3 批" in said
    assert f"服务点 40 个 新开 {NEW} 个" in said
    assert copies_by_place(app, world) == before

    sums = CalamineWorkbook.from_filelike(BytesIO(clerk.get(f"{page}/sums.xlsx").data)).get_sheet_by_index(0)
    rows = {str(row[1]): row for row in sums.to_python() if row[5] != ""}
    assert rows["合计"][2:6] == [sum(wanted.values()) - 560.0, 60.0, 560.0, float(sum(wanted.values()))]
    assert rows["第10小学分馆"][2:6] == [float(wanted["第10小学分馆"]), 40.0, 0.0, float(wanted["第10小学分馆"])]
    fen = sum(50 + number for number in range(1, 41)) * 1250 + 60 * 2000
    assert rows["合计"][7] == fen / 100
    printed = clerk.text(f"{page}/sums")
    assert "经办人" in printed
    assert f"{fen / 100:,.2f}" in printed

    assert clerk.post(f"{page}/apply").status_code == 303
    ledgers.work()
    assert f"入账了：新开服务点 {NEW} 个，期初 41 批，未还送书 3 批，老师 4 位。" in clerk.text(page)
    held = copies_by_place(app, world)
    assert {name: held[name] - before.get(name, 0) for name in held} == wanted
    assert clerk.post(f"{page}/apply").status_code == 409
    ledgers.work()
    assert copies_by_place(app, world) == held
    assert "这本台账已经入账了" in words(ledgers.bring(made(**ledger), "台账 另存.xlsx"))
    ledger["在架图书"].append({"服务点": "第10小学分馆", "书名或类别": "杂志", "册数": 1})
    again = ledgers.said(made(**ledger))
    assert "这里已经有期初批次" in again
    assert "签好字了，入账" not in again
    assert copies_by_place(app, world) == held

    shown_on_pages(app, world, clerk)
    told_to_the_ledger(app, world)


def shown_on_pages(app: Flask, world: World, clerk: Desk) -> None:
    """Points on the list and on the map; what is late among the batches."""
    points = clerk.text("/work/points")
    assert "第38小学分馆" in points
    assert points.count("红庙子小学") == 2
    mapped = clerk.text("/manage/map")
    assert "第38小学分馆" in mapped
    late = clerk.text("/work/batches?state=overdue")
    assert "第7小学分馆" in late
    assert days_ago(app, world, 25) in late


def told_to_the_ledger(app: Flask, world: World) -> None:
    """Nothing of a ledger was ever sent but its deliveries; one can be collected, and then counts once."""
    with app.app_context():
        assert violations(world.network_id) == []
        sent = db.session.scalars(select(Batch).where(Batch.kind == "delivery").order_by(Batch.id)).all()
        assert [(batch.dispatched_on, batch.state) for batch in sent] == [
            (world.act.today() - timedelta(days=ago), "closed") for ago in (55, 55, 15)
        ]
        assert db.session.scalar(select(func.sum(PointMonth.batches_in))) == 0
        assert db.session.scalar(select(func.count(Person.id)).where(Person.phone == "13800000000")) == 2
        worst = select(func.count(Lot.id)).where(Lot.quality == "at_least")
        assert db.session.scalar(worst) == NEW + 2
        ids = [batch.id for batch in sent]
        db.session.rollback()
        with transaction():
            for batch_id in ids:
                collect(world.act, batch_id, world.act.today())
        runner.work_all()
        assert db.session.scalar(select(func.sum(PointMonth.batches_in))) == len(ids)
