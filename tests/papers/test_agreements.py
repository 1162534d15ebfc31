"""The register of agreements: what binds a point on a day, what runs out, and the paper that is signed."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.batches.papers import built_in
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, PaperTemplate
from branchnet.points import agreements
from branchnet.points.agreements import Terms
from branchnet.points.life.commands import rename
from tests.pages.desk import Desk, clerk_of, days_ago, sit_down, words
from tests.papers.test_template import written
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world


def said_in_word(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_what_binds_a_point_is_signed_and_inside_its_term(app: Flask, world: World) -> None:
    with app.app_context():
        today = world.act.today()
        point, other = world.point_ids

        def day(days: int) -> date:
            return today + timedelta(days=days)

        def agree(number: str, begins: int, ends: int | None, signed: bool = True, at: int = point) -> int:
            terms = Terms(number, day(begins), None if ends is None else day(ends), today if signed else None, 7, 0)
            return agreements.agree(world.act, at, terms)

        with transaction():
            agree("旧", -100, -1)
            agree("现", -50, 30)
            agree("没签", -10, None, signed=False)
            agree("别处", -10, 10, at=other)

        def binding(on: int) -> str | None:
            found = agreements.agreement_in_force(world.network_id, point, day(on))
            return found.number if found else None

        assert [binding(on) for on in (-101, -100, -51, -50, -1, 0, 30, 31)] == [None, "旧", "旧", *["现"] * 4, None]
        assert agreements.running_out(world.network_id, today) == 2
        assert agreements.running_out(world.network_id, day(-30)) == 1
        with transaction():
            agree("续", 31, None)
        assert agreements.running_out(world.network_id, today) == 1
        rows, count = agreements.agreements_listed(world.network_id, today)
        assert [row.number for row in rows] == ["别处", "续", "没签", "现", "旧"]
        assert [row.standing(today) for row in rows] == ["running_out", "coming", "unsigned", "in_force", "ended"]
        assert count == 5
        for word in ("unsigned", "coming", "in_force", "running_out", "ended"):
            narrowed, _count = agreements.agreements_listed(world.network_id, today, word, point)
            told = {"in_force", "running_out"} if word == "in_force" else {word}
            wanted = [row.number for row in rows if row.standing(today) in told and row.point_id == point]
            assert [row.number for row in narrowed] == wanted, word
        with pytest.raises(Conflict, match="agreement_known"), transaction():
            agree("旧", 0, None)


def test_a_delivery_stays_as_its_signed_agreement_says(app: Flask, world: World) -> None:
    with app.app_context():
        day = world.act.today()

        def due() -> date | None:
            with transaction():
                batch = batches.draft(world.act, NewBatch("delivery", day, world.place_ids[0]))
                batches.add_lines(world.act, batch.id, [NewLine(world.counted_lot_id, 1)])
                batches.dispatch(world.act, batch.id, day)
                return batch.due_back_on

        with transaction():
            made = agreements.agree(world.act, world.point_ids[0], Terms("协1", day, stay_days=12))
        assert due() == day + timedelta(days=30)
        with transaction():
            agreements.correct(world.act, made, Terms("协1", day, signed_on=day, stay_days=12))
        assert due() == day + timedelta(days=12)


def test_what_is_signed_stands(app: Flask, world: World) -> None:
    with app.app_context():
        day = world.act.today()
        ends = day + timedelta(days=100)
        with transaction():
            made = agreements.agree(world.act, world.point_ids[0], Terms("协1", day, ends))
            with pytest.raises(Conflict, match="agreement_unsigned"):
                agreements.keep(world.act, made, "档1", None)
            agreements.correct(world.act, made, Terms("协2", day, ends, signed_on=day))
        with pytest.raises(Conflict, match="agreement_signed"), transaction():
            agreements.correct(world.act, made, Terms("协3", day))
        for last, code in (
            (None, "until_later"),
            (ends + timedelta(1), "until_later"),
            (day - timedelta(1), "until_before"),
        ):
            with pytest.raises(Invalid) as raised, transaction():
                agreements.keep(world.act, made, "档1", last)
            assert raised.value.data["fields"] == {"valid_until": code}
        with transaction():
            agreements.keep(world.act, made, "档1", day)
        row = agreements.one_agreement(world.network_id, made)
        assert (row.number, row.archive_number, row.valid_until) == ("协2", "档1", day)
        trail = db.session.scalars(
            select(AuditRecord.action).where(AuditRecord.subject == "agreement").order_by(AuditRecord.id)
        ).all()
        assert list(trail) == ["agreement.entered", "agreement.corrected", "agreement.kept"]


def test_an_agreement_from_its_form_to_its_paper(app: Flask, world: World, clerk: Desk) -> None:
    assert "还没有协议" in clerk.text("/work/agreements")
    day, ends = days_ago(app, world, 10), days_ago(app, world, -30)
    wrong = clerk.post(
        "/work/agreements/new",
        point="CL-01",
        number="x" * 41,
        valid_from="",
        stay_days="一个月",
        allowance_permille="1001",
    )
    assert wrong.status_code == 422
    for name in ("number", "valid_from", "stay_days", "allowance_permille"):
        assert f'id="f-{name}-error"' in wrong.text
    assert 'value="一个月"' in wrong.text
    sent = {
        "point": "CL-01",
        "number": "协〔2026〕3号",
        "valid_from": day,
        "valid_until": ends,
        "allowance_permille": "２０",
    }
    path = clerk.post("/work/agreements/new", **sent).location
    page = clerk.text(path)
    assert "还没签" in page
    assert "不超过寄存册数的 20‰" in page
    assert "放 30 天" in page
    assert clerk.post("/work/agreements/new", **sent).status_code == 409
    again = clerk.post(
        path, **{**sent, "seen": clerk.seen(path), "number": "协〔2026〕5号", "signed_on": day, "stay_days": "45"}
    )
    assert again.status_code == 303
    said = said_in_word(clerk.get(f"{path}/agreement.docx").data)
    for one in ("协〔2026〕5号", "试验少年儿童图书馆", "长岭小学流动服务点", "放 45 天", "20‰"):
        assert one in said
    assert "请看 60 天内有 1 份协议到期" in clerk.text("/work/agreements")
    assert "协〔2026〕5号" in clerk.text("/work/agreements?standing=running_out&point=CL-01")
    assert "没有这样的协议" in clerk.text("/work/agreements?standing=ended")
    seen = clerk.seen(path)
    late = clerk.post(path, archive_number="XY-1", valid_until=days_ago(app, world, -31), seen=seen)
    assert "只能提前结束" in words(late)
    assert clerk.post(path, archive_number="XY-1", valid_until=ends, seen=seen).status_code == 303
    assert "档号：XY-1" in clerk.text(path)
    foreign = clerk_of(app, build_world(app, "bieguan"))
    assert foreign.get(path).status_code == foreign.get(f"{path}/agreement.docx").status_code == 404
    assert foreign.post(path, archive_number="1").status_code == 404


def test_two_who_correct_an_agreement_do_not_lose_what_the_first_one_wrote(
    app: Flask, world: World, clerk: Desk
) -> None:
    day, ends = days_ago(app, world, 10), days_ago(app, world, -30)
    with app.app_context(), transaction():
        made = agreements.agree(world.act, world.point_ids[0], Terms("协1", date.fromisoformat(day)))
    path = f"/work/agreements/{made}"
    seen = clerk.seen(path)
    sent = {"number": "协1", "valid_from": day, "seen": seen}
    assert clerk.post(path, **sent, stay_days="45").status_code == 303
    late = clerk.post(path, **sent, allowance_permille="20")
    assert late.status_code == 409
    assert "协1 有人刚改过" in words(late)
    assert "送书放多久 45 天" in words(late)
    assert 'value="20"' in late.text
    # Signed meanwhile: what was typed into the other form does not end it early.
    seen = clerk.seen(path)
    assert clerk.post(path, **sent | {"seen": seen}, signed_on=day).status_code == 303
    late = clerk.post(path, **sent | {"seen": seen}, valid_until=ends)
    assert late.status_code == 409
    assert f"签订日期 {day}" in words(late)
    seen = clerk.seen(path)
    assert clerk.post(path, archive_number="档1", seen=seen).status_code == 303
    assert clerk.post(path, archive_number="档2", seen=seen).status_code == 409
    assert "档号：档1" in clerk.text(path)


def test_the_librarys_own_template_is_used_from_then_on(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context(), transaction():
        rename(world.act, world.point_ids[0], "{{7*7}}<b>&小学", world.begun_on + timedelta(days=1))
        made = agreements.agree(world.act, world.point_ids[0], Terms("协1", world.begun_on))
    page = clerk.text("/work/agreements/template")
    assert "{{ 送书天数 }}" in page
    assert "自带的模板" in page

    def put(content: bytes, name: str = "本馆协议.docx") -> str:
        answer = clerk.post("/work/agreements/template", file=(BytesIO(content), name))
        return (
            words(clerk.get(answer.location)) if answer.status_code == 303 else f"{answer.status_code} {words(answer)}"
        )

    assert put(written("{{ 乙方 }} {{ 丙方 }}")).startswith("422")
    assert "占位符“丙方”，系统不认识" in put(written("{{ 乙方 }} {{ 丙方 }}"))
    assert "“{{ 7*7 }}”不是单独一个占位符" in put(written("{{ 7*7 }}"))
    assert "另存为 .docx" in put(b"x")
    assert "这个文件里没有占位符" in put(written("我馆与贵校约定"))
    assert "请填写这一项" in words(clerk.post("/work/agreements/template"))
    assert "认出 2 个占位符" in put(written("我馆与{{ 乙方 }}约定：{{ 编号 }}"))
    assert "我馆与{{7*7}}<b>&小学约定：协1" in said_in_word(clerk.get(f"/work/agreements/{made}/agreement.docx").data)
    assert "我馆与{{7*7}}&lt;b&gt;&amp;小学约定：协1" in clerk.get(f"/work/agreements/{made}").text
    assert clerk.get("/work/agreements/template/in-use.docx").data[:2] == b"PK"
    assert said_in_word(clerk.get("/work/agreements/template/built-in.docx").data) == said_in_word(built_in.built_in())
    manager = sit_down(app, world.manager_login, world.password)
    assert "换成这个模板" not in manager.text("/work/agreements/template")
    with app.app_context():
        assert db.session.scalars(select(PaperTemplate.file_name)).all() == ["本馆协议.docx"]


def test_the_register_asks_no_more_for_many_agreements(
    app: Flask, world: World, clerk: Desk, query_counter: QueryCounter
) -> None:
    def enter(first: int, last: int) -> None:
        with app.app_context(), transaction():
            for number in range(first, last):
                terms = Terms(f"协{number}", world.begun_on, signed_on=world.begun_on)
                agreements.agree(world.act, world.point_ids[number % 2], terms)

    asked = []
    for first, last in ((0, 2), (2, 60)):
        enter(first, last)
        query_counter.reset()
        page = clerk.text("/work/agreements")
        asked.append(query_counter.count)
    assert asked[0] == asked[1]
    assert "第 1 页，共 2 页" in page
