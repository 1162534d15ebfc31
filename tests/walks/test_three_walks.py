"""The three jobs in one story: the clerk sends books, the teacher takes them in and reports, the manager sees it."""

import os
import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from branchnet.calendar.rules import month_of, previous_month
from branchnet.jobs import runner
from tests.support.engines import ENGINES
from tests.support.world import World
from tests.walks.conftest import NEAR, Arrive
from tests.walks.walker import DESK, PHONE, Walker

POINT = "长岭小学流动服务点"
SCANNED = 3
COUNTED = 200
REPORTED = {"in_school_visits": 1205, "in_school_loans": 147, "community_visits": 26, "community_loans": 0}


@pytest.mark.parametrize("engine_name", ENGINES if os.environ.get("BRANCHNET_FULL") else ENGINES[1:])
def test_from_the_clerk_over_the_teacher_to_the_map(arrive: Arrive, app: Flask, world: World) -> None:
    clerk = arrive(viewport=DESK)
    clerk.sign_in(world.clerk_login, world.password)
    number = make_a_batch(clerk)
    pick_by_scanner(clerk, world.barcodes[:SCANNED])
    pick_a_counted_lot(clerk)
    send_it_off(clerk, number)

    teacher = arrive(viewport=PHONE, is_mobile=True, has_touch=True)
    open_the_link(teacher, world.token, number)
    take_the_boxes_in(teacher)
    month = report_the_month(teacher)

    with app.app_context():
        today = world.act.today()
        assert month == previous_month(month_of(today))
        assert runner.work_all() > 0

    manager = arrive(viewport=DESK)
    manager.sign_in(world.manager_login, world.password)
    find_the_point_on_the_map(manager, month, today.year)
    read_the_points_months(manager, month)


def make_a_batch(clerk: Walker) -> str:
    """From the day's page to a new batch for the school. Returns the batch's number."""
    page = clerk.page
    expect(page.get_by_role("heading", level=1)).to_have_text("今天")
    clerk.look()
    page.get_by_role("link", name="新建批次").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新建批次")
    clerk.look()
    page.get_by_label("送到哪里").select_option(label=f"{POINT} · 流动服务点")
    page.get_by_label("类型").select_option(label="分配")
    page.get_by_role("button", name="开始配书").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(POINT)
    clerk.look()
    return page.url.rsplit("/", 1)[1]


def pick_by_scanner(clerk: Walker, barcodes: tuple[str, ...]) -> None:
    """Each code and Enter, as a scanner types them: nobody touches the mouse between two books."""
    page = clerk.page
    page.get_by_role("button", name="开下一箱").click()
    expect(page.get_by_label("放进").first).to_have_value("1")
    expect(page.get_by_label("条码", exact=True)).to_be_focused()
    for barcode in barcodes:
        page.keyboard.type(barcode)
        page.keyboard.press("Enter")
    last = f"加入了《小人书 {barcodes[-1][-2:]}》{barcodes[-1]}，第 1 箱"
    expect(page.get_by_role("status")).to_contain_text(last)
    expect(page.get_by_label("条码", exact=True)).to_have_value("")
    expect(page.get_by_label("条码", exact=True)).to_be_focused()
    expect(figure(page, "图书")).to_contain_text(f"{SCANNED}册")
    for barcode in barcodes:
        expect(page.get_by_role("row").filter(has_text=barcode)).to_have_count(1)
    clerk.look()


def pick_a_counted_lot(clerk: Walker) -> None:
    """So many copies that nobody tells apart."""
    page = clerk.page
    page.get_by_text("加一批未编目的书").click()
    page.get_by_label("哪一种").fill("故事书一批")
    page.get_by_label("多少", exact=True).fill(str(COUNTED))
    clerk.look()
    page.get_by_role("button", name="加入这些书").click()
    expect(figure(page, "图书")).to_contain_text(f"{SCANNED + COUNTED}册")
    expect(figure(page, "图书")).to_contain_text(f"其中扫条码 {SCANNED} 册")


def send_it_off(clerk: Walker, number: str) -> None:
    """The one primary action of the page; then the batch is on the road, on its page and on the day's."""
    page = clerk.page
    page.get_by_role("button", name="发出这批书").click()
    expect(page.get_by_text("这批书已经发出，等对方签收。")).to_be_visible()
    clerk.look()
    with clerk.turning():
        page.get_by_role("link", name="今天").click()
    row = page.get_by_role("table", name="在路上").get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text(POINT)
    expect(row).to_contain_text(str(SCANNED + COUNTED))
    clerk.look()


def open_the_link(teacher: Walker, token: str, number: str) -> None:
    """The personal link opens the teacher's only point, and leaves the address."""
    page = teacher.page
    teacher.go(f"/t/{token}")
    assert token not in page.url
    expect(page.get_by_role("heading", level=1)).to_have_text(POINT)
    expect(page.get_by_role("listitem").filter(has_text=number)).to_contain_text("在路上")
    teacher.look()


def take_the_boxes_in(teacher: Walker) -> None:
    """They came, in one tap; later they are counted, and all is there."""
    page = teacher.page
    boxes = page.get_by_role("link", name=f"1 箱，{SCANNED + COUNTED} 册")
    counted = page.get_by_role("button", name="清点过，一本不差，收下")
    page.get_by_role("button", name=re.compile("的箱子到了，还没清点")).tap()
    expect(page.get_by_text("馆里知道箱子到了。")).to_be_visible()
    expect(boxes).to_contain_text(re.compile(r"请在 \d+月\d+日前清点"))
    teacher.look()
    boxes.tap()
    expect(counted).to_be_visible()
    expect(page.get_by_role("button", name="箱子到了，还没清点")).to_have_count(0)
    teacher.look()
    counted.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("收书回执")
    expect(page.get_by_text(f"收下了 {SCANNED + COUNTED} 册。")).to_be_visible()
    teacher.look()
    page.get_by_role("link", name="回到我的服务点").tap()
    expect(page.get_by_text("没有在路上的书")).to_be_visible()
    teacher.look()


def report_the_month(teacher: Walker) -> str:
    """Four numbers and one button, all on one screen; then a receipt that holds them. Returns the month."""
    page = teacher.page
    send = page.get_by_role("button", name="报上去")
    page.get_by_role("link", name="报这个月的数").tap()
    expect(send).to_be_in_viewport(ratio=1)
    month = page.url.rsplit("/", 1)[1]
    for name, value in REPORTED.items():
        field = page.locator(f"[name={name}]")
        expect(field).to_be_in_viewport()
        field.fill(str(value))
    teacher.look()
    send.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")
    expect(page.locator(".receipt-number")).to_have_text(re.compile(r"\S{6,}"))
    for value in REPORTED.values():
        expect(page.get_by_role("main")).to_contain_text(f"{value:,}")
    teacher.look()
    return month


def find_the_point_on_the_map(manager: Walker, month: str, year: int) -> None:
    """From the table to the map: the card holds the books, the reading and the villages within reach."""
    page = manager.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("总览")
    manager.look()
    with manager.turning():
        page.get_by_role("link", name="地图", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("哪里的孩子身边有书")
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    manager.look()
    page.get_by_role("button", name=f"在图上看：{POINT}").click()
    card = page.get_by_role("article")
    expect(card.get_by_role("heading")).to_have_text(POINT)
    said = re.sub(r"\s", "", card.inner_text())
    assert f"现有图书{SCANNED + COUNTED}册" in said
    assert f"最近一次月报{month}" in said
    # The year begins anew in January, when December is what was reported last.
    this_year = month.startswith(str(year))
    visits = REPORTED["in_school_visits"] + REPORTED["community_visits"]
    assert f"今年阅览{visits:,}人次" in said if this_year else "今年阅览没有数" in said
    assert f"3公里内的村、社区、学校{len(NEAR)}个" in said
    for village in NEAR:
        assert village in said
    assert "田头村" not in said
    manager.look()


def read_the_points_months(manager: Walker, month: str) -> None:
    """The point's own page repeats what the teacher reported, number by number."""
    page = manager.page
    with manager.turning():
        page.get_by_role("article").get_by_role("link", name="看这个服务点").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(POINT)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=month))
    assert row.get_by_role("cell").all_inner_texts()[-4:] == [f"{value:,}" for value in REPORTED.values()]
    manager.look()


def figure(page: Page, label: str) -> Locator:
    """A figure of the page by its label."""
    return page.locator(".figure").filter(has=page.get_by_text(label, exact=True))
