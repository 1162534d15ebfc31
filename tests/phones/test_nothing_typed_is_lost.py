"""The network is taken away at every step of a month's report, and nothing that was typed is lost."""

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from branchnet.access.commands import make_link, renew_link
from branchnet.extensions import db, transaction
from branchnet.models import ReadingRevision
from tests.phones.conftest import PHONE, Phone
from tests.support.world import World

# One process serves one library to all of them; each test has months of its own.

Rows = Callable[[], list[ReadingRevision]]
MakePhone = Callable[..., Phone]
WITH_AND_WITHOUT = pytest.mark.parametrize("workers", ["allow", "block"])


def _numbers(rows: list[ReadingRevision]) -> list[tuple[int | None, str]]:
    return [(row.in_school_visits, row.outcome) for row in rows]


def _always(answer: dict[str, Any]) -> Callable[[Route], None]:
    return lambda route: route.fulfill(**answer)


def _ready(phone: Phone) -> None:
    """The worker has the page that is open, the list of points, and what belongs to them."""
    for holds in (
        "navigator.serviceWorker.controller",
        "await caches.match(location.href)",
        "await caches.match('/my')",
        "(await (await caches.open('branchnet assets')).keys()).length >= 6",
    ):
        phone.until(holds)


def test_before_opening(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    """No network when the link is tapped: the form comes up from the phone, and is sent later."""
    phone = a_phone()
    phone.open(windows[0])
    _ready(phone)
    phone.context.set_offline(True)
    old, phone.page = phone.page, phone.context.new_page()
    old.close()
    phone.open("/t/whatever-the-link-is")
    assert phone.page.url.endswith("/my#away") or "/my/" in phone.page.url
    expect(phone.page.get_by_text("没有网，那一页还打不开，先回到这里。")).to_be_visible()
    phone.open(windows[0])
    phone.type(11, 2)
    phone.press()
    expect(phone.page.locator("#said")).to_contain_text("已存在这台手机上，有网就自动上传")
    phone.waits(1)
    assert revisions() == []
    phone.context.set_offline(False)
    phone.waits(0)
    expect(phone.page.locator("#arrived")).to_contain_text(f"回执号 {revisions()[0].receipt}")
    assert _numbers(revisions()) == [(11, "applied")]
    assert phone.complaints == []


def test_lessons_noted_without_a_network_are_each_of_them_kept(a_phone: MakePhone, world: World) -> None:
    """From the point's page and from their own; the same numbers twice are two lessons, one tapped twice is one."""
    phone = a_phone()
    point = f"/my/{world.point_codes[0]}"
    phone.open(f"{point}/lesson")
    phone.context.set_offline(True)
    for count, visits in enumerate(("45", "45", "31"), 1):
        phone.page.locator("[name=visits]").fill(visits)
        phone.page.get_by_role("button", name="＋ 这节课").dblclick()
        phone.waits(count)
        expect(phone.page.locator("#said")).to_contain_text("已存在这台手机上")
        expect(phone.page.locator("[name=visits]")).to_have_value("")
    # A second tap that comes when the form is free again takes nobody to the browser's own page.
    phone.page.get_by_role("button", name="＋ 这节课").click()
    phone.waits(3)
    expect(phone.page.locator("#said")).to_contain_text("已存在这台手机上")
    phone.page.locator("#unsent summary").click()
    expect(phone.page.locator("#unsent-text")).to_have_value(re.compile("记一节课：来看书 31（"))
    phone.context.set_offline(False)
    phone.waits(0)
    expect(phone.page.locator("#arrived")).to_contain_text("记一节课：来看书 31：记下了")
    rows = phone.page.locator("li.lesson")
    expect(rows).to_have_count(3)
    expect(rows).to_contain_text(["31 人次", "45 人次", "45 人次"])
    phone.open(point)
    phone.page.get_by_text("＋ 这节课").first.click()
    phone.page.locator("[name=visits]").fill("28")
    phone.page.get_by_role("button", name="＋ 这节课").click()
    expect(phone.page.locator("main")).to_contain_text("记下了：28 人次")
    expect(phone.page.locator("li.lesson")).to_have_count(4)
    assert phone.complaints == []


def test_a_lesson_that_cannot_be_comes_back_into_its_form(a_phone: MakePhone, world: World) -> None:
    """With a network beside its field, at once; without one, when the network has come back."""
    phone = a_phone()
    phone.open(f"/my/{world.point_codes[0]}/lesson")
    phone.page.locator("[name=visits]").fill("四十")
    phone.page.get_by_role("button", name="＋ 这节课").click()
    expect(phone.page.locator("#f-visits-error")).to_be_visible()
    expect(phone.page.locator("[name=visits]")).to_have_value("四十")
    phone.waits(0)
    phone.context.set_offline(True)
    phone.page.locator("[name=visits]").fill("40册")
    phone.page.get_by_role("button", name="＋ 这节课").click()
    expect(phone.page.locator("#said")).to_contain_text("来看书：请填整数，没有统计就留空。")
    phone.waits(0)
    phone.page.locator("[name=visits]").fill("40000人次")
    phone.page.get_by_role("button", name="＋ 这节课").click()
    phone.waits(1)
    phone.context.set_offline(False)
    phone.page.locator("#unsent summary").click()
    expect(phone.page.locator("#unsent")).to_contain_text("这个数太大了")
    phone.page.get_by_role("link", name="打开改一改").click()
    expect(phone.page.locator("[name=visits]")).to_have_value("40000人次")
    phone.page.locator("[name=visits]").fill("40")
    phone.page.get_by_role("button", name="＋ 这节课").click()
    expect(phone.page.locator("main")).to_contain_text("记下了：40 人次")
    phone.waits(0)


def test_a_number_that_is_none_is_told_without_a_network(a_phone: MakePhone, windows: list[str]) -> None:
    """Before it waits for days; with its own unit it is a number, and is kept as it was typed."""
    phone = a_phone()
    phone.open(windows[0])
    phone.context.set_offline(True)
    phone.type("85册", "４０ 本")
    phone.press()
    expect(phone.page.locator("#said")).to_contain_text("来看书：请填整数，没有统计就留空。")
    expect(phone.page.locator("[name=in_school_visits]")).to_be_focused()
    expect(phone.page.locator("[name=in_school_visits]")).to_have_value("85册")
    phone.waits(0)
    # And where the phone thinks that there is one: the send fails, and nothing that will be refused is left waiting.
    phone.context.set_offline(False)
    phone.page.route("**/report/**", lambda route: route.abort())
    phone.press()
    expect(phone.page.locator("#said")).to_contain_text("来看书：请填整数，没有统计就留空。")
    expect(phone.page.locator("[name=in_school_visits]")).to_have_value("85册")
    phone.waits(0)
    phone.type("85人次", "４０ 本")
    phone.press()
    phone.waits(1)


def test_a_form_that_is_not_kept_stays_as_it_is(a_phone: MakePhone, world: World) -> None:
    """A wish is not kept for later; but it is not swallowed either."""
    phone = a_phone()
    phone.open(f"/my/{world.point_codes[0]}/change")
    phone.context.set_offline(True)
    form = phone.page.locator("main form[method=post]").first
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_contain_text("没有网，还没有记下")
    assert phone.complaints == []


def test_a_phone_that_may_keep_nothing_stays_on_its_form(
    a_phone: MakePhone, windows: list[str], revisions: Rows
) -> None:
    """Its store is full, or forbidden: without a network the numbers stay where they are, and go when it is back."""
    phone = a_phone()
    phone.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    for address, field, button in (
        (windows[38], "in_school_visits", "报上去"),
        ("/my/K-09/lesson", "visits", "＋ 这节课"),
    ):
        phone.open(address)
        phone.page.locator(f"[name={field}]").fill("33")
        phone.context.set_offline(True)
        phone.page.get_by_role("button", name=button).click()
        expect(phone.page.locator("#said")).to_contain_text("没有网，还没有记下")
        expect(phone.page.locator(f"[name={field}]")).to_have_value("33")
        phone.context.set_offline(False)
        phone.page.get_by_role("button", name=button).click()
        expect(phone.page.locator("main")).to_contain_text(re.compile("收到了|记下了：33"))
    assert _numbers(revisions()) == [(33, "applied")]


@WITH_AND_WITHOUT
def test_while_typing(a_phone: MakePhone, windows: list[str], revisions: Rows, workers: Any) -> None:
    """Reload, back and a closed tab keep what was typed; so does the network that comes and goes."""
    window = windows[1] if workers == "allow" else windows[19]
    phone = a_phone(service_workers=workers)
    phone.open(window)
    phone.type(21)
    phone.context.set_offline(True)
    phone.type(21, 4)
    phone.context.set_offline(False)
    phone.page.reload()
    expect(phone.page.locator("[name=in_school_loans]")).to_have_value("4")
    expect(phone.page.locator("#said")).to_contain_text("还没有报上去")
    phone.open("/my")
    phone.page.go_back()
    expect(phone.page.locator("[name=in_school_visits]")).to_have_value("21")
    phone.page.close()
    phone.page = phone.another_tab(window)
    expect(phone.page.locator("[name=in_school_visits]")).to_have_value("21")
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    assert [(row.in_school_visits, row.in_school_loans) for row in revisions()][:1] == [(21, 4)]
    phone.open(window)
    phone.type(22)
    phone.page.reload()
    phone.page.get_by_role("button", name="不要了，用原来的").click()
    expect(phone.page.locator("[name=in_school_visits]")).to_have_value("21")


@WITH_AND_WITHOUT
def test_at_pressing_and_the_context_closed(
    a_phone: MakePhone,
    windows: list[str],
    revisions: Rows,
    workers: Any,
    new_context: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """Pressed without a network, WeChat closed, opened days later: the storage of the phone is all there is."""
    window = windows[2] if workers == "allow" else windows[3]
    phone = a_phone(service_workers=workers)
    phone.open(window)
    phone.type(31, 5, 0)
    phone.context.set_offline(True)
    phone.press()
    phone.waits(1)
    kept = tmp_path / "phone.json"
    phone.context.storage_state(path=kept)
    phone.context.close()
    context = new_context(viewport=PHONE, storage_state=kept, service_workers=workers)
    again = Phone(context, phone.url, context.new_page())
    again.open("/my")
    expect(again.page.locator("#arrived")).to_contain_text("回执号", timeout=20_000)
    again.waits(0)
    assert _numbers(revisions()) == [(31, "applied")]


def test_a_list_that_sent_what_waited_says_how_it_stands_now(a_phone: MakePhone, windows: list[str]) -> None:
    """The page came before the month was sent: it does not go on saying that nobody has reported it."""
    phone, window = a_phone(service_workers="block"), windows[37]
    phone.open(window)
    phone.type(37, 3)
    phone.context.set_offline(True)
    phone.press()
    phone.waits(1)
    old, phone.page = phone.page, phone.context.new_page()
    old.close()
    phone.context.set_offline(False)
    phone.open(window.partition("/report/")[0])
    expect(phone.page.locator("#arrived")).to_contain_text("回执号", timeout=20_000)
    expect(phone.page.locator(f'a[href="{window}"]')).to_contain_text("收到了")


def test_what_waits_is_told_beside_its_month(a_phone: MakePhone, windows: list[str]) -> None:
    """Whoever has several points sees which of them are filled in."""
    phone, window = a_phone(service_workers="block"), windows[39]
    posts = "**/report/**"
    phone.context.route(posts, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    phone.open(window)
    phone.type(36, 3)
    phone.press()
    phone.waits(1)
    phone.open(window.partition("/report/")[0])
    row = phone.page.locator(f'main a.row-link[href="{window}"]')
    expect(row).to_contain_text("填好了，还没上传")
    expect(row.get_by_text("过期还没报")).to_be_hidden()
    phone.context.unroute(posts)
    phone.page.reload()
    expect(row).to_contain_text("收到了", timeout=20_000)
    expect(row).not_to_contain_text("还没上传")


@WITH_AND_WITHOUT
def test_between_commit_and_answer(a_phone: MakePhone, windows: list[str], revisions: Rows, workers: Any) -> None:
    """The server has committed and the answer is lost, again and again: one revision, and its receipt."""
    window = windows[4] if workers == "allow" else windows[5]
    phone = a_phone(service_workers=workers)
    lost: list[str] = []
    back = Event()

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not back.is_set():
            lost.append(route.fetch(max_redirects=0).text())
            route.abort()
        else:
            route.continue_()

    phone.open(window)
    phone.type(41)
    phone.context.route("**/my/**", lose)
    phone.press()
    expect(phone.page.locator("#said")).to_contain_text("已存在这台手机上")
    assert len(lost) >= 2
    assert _numbers(revisions()) == [(41, "applied")]
    back.set()
    phone.page.reload()
    phone.waits(0)
    expect(phone.page.locator("#arrived")).to_contain_text(f"回执号 {revisions()[0].receipt}")
    assert _numbers(revisions()) == [(41, "applied")]


def test_at_sending_from_the_queue(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    """The network goes again while the queue is being sent; broken servers and foreign pages confirm nothing."""
    phone = a_phone()
    for number, window in enumerate(windows[6:9]):
        phone.open(window)
        phone.type(50 + number)
        phone.context.set_offline(True)
        phone.press()
        phone.waits(number + 1)
        phone.context.route("**/send", lambda route: route.abort())
        phone.context.set_offline(False)
        phone.waits(number + 1)
    answers = iter(
        [
            {"status": 500, "body": "broken"},
            {"status": 200, "body": "<h1>请先登录无线网</h1>", "content_type": "text/html"},
            {"status": 200, "json": {"welcome": True}},
            {"status": 429, "json": {"title": "too_often"}},
        ]
    )
    phone.context.unroute("**/send")
    for answer in answers:
        phone.context.route("**/send", _always(answer))
        phone.open(windows[6])
        phone.page.wait_for_timeout(300)
        phone.waits(3)
        phone.context.unroute("**/send")
    assert revisions() == []
    sent = iter([True, False, False])
    phone.context.route("**/send", lambda route: route.continue_() if next(sent, False) else route.abort())
    phone.open("/my")
    phone.waits(2)
    phone.context.unroute("**/send")
    phone.page.locator("#unsent summary").click()
    phone.page.get_by_role("button", name="现在就上传").click()
    phone.waits(0)
    assert _numbers(revisions()) == [(50, "applied"), (51, "applied"), (52, "applied")]


def test_two_tabs_and_double_taps(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    """Two tabs show the same numbers under the same id; however often it is pressed, it is one."""
    phone = a_phone()
    phone.open(windows[9])
    other = phone.another_tab(windows[9])
    phone.type(61)
    expect(other.locator("[name=in_school_visits]")).to_have_value("61")
    phone.context.set_offline(True)
    phone.press()
    phone.press()
    phone.waits(1)
    other.get_by_role("button", name="报上去").click()
    expect(other.locator("#unsent summary")).to_have_text("未上传 1 条")
    # Both presses have come to their end: one still trying would go on to the receipt by itself.
    for tab in (phone.page, other):
        expect(tab.locator("#said")).to_contain_text("已存在这台手机上")
    phone.context.set_offline(False)
    phone.waits(0)
    other.get_by_role("button", name="报上去").click()
    expect(other.get_by_role("heading", name="收到了")).to_be_visible()
    assert _numbers(revisions()) == [(61, "applied")]
    phone.open(windows[10])
    phone.type(62)
    phone.page.get_by_role("button", name="报上去").dblclick()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    phone.page.go_back()
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    assert [row.in_school_visits for row in revisions()] == [61, 62]


def test_corrections_without_a_network_follow_each_other(
    a_phone: MakePhone, windows: list[str], revisions: Rows
) -> None:
    """Typed again before the first was sent: both are revisions, the last one holds, none is stale."""
    phone = a_phone()
    phone.open(windows[11])
    phone.context.set_offline(True)
    for number in (71, 72, 73):
        phone.type(number)
        phone.press()
    phone.waits(3)
    phone.context.set_offline(False)
    phone.waits(0)
    assert _numbers(revisions()) == [(71, "applied"), (72, "applied"), (73, "applied")]
    assert [row.based_on for row in revisions()] == [None, 1, 2]
    phone.type(74)
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    assert [row.outcome for row in revisions()] == ["applied"] * 4


def test_what_waits_is_what_the_next_press_corrects(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    """The page was made before the first press: its older numbers must not come back with the second."""
    phone = a_phone()
    phone.open(windows[15])
    phone.type(1260, 85)
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    phone.open(windows[15])
    phone.context.set_offline(True)
    phone.type(1300, 95)
    phone.press()
    phone.waits(1)
    phone.page.reload()
    expect(phone.page.locator("[name=in_school_visits]")).to_have_value("1300")
    expect(phone.page.locator("#said")).to_contain_text("还没上传的是这一份")
    phone.page.locator("[name=days_open]").fill("21")
    phone.press()
    phone.waits(2)
    phone.context.set_offline(False)
    phone.waits(0)
    assert [(row.in_school_visits, row.days_open) for row in revisions()] == [(1260, None), (1300, None), (1300, 21)]
    assert revisions()[-1].outcome == "applied"


def test_not_open_over_numbers_is_asked_about_first(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    """A thumb that slips takes nothing back: neither what was reported nor what was typed."""
    phone = a_phone()
    phone.open(windows[16])
    phone.type(700, 300)
    said: list[str] = []
    phone.page.once("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    phone.page.get_by_role("button", name="这个月没有开放").click()
    assert said == ["填的数还没有报。真的没有开放？"]
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    phone.open(windows[16])
    phone.page.get_by_role("button", name="这个月没有开放").click()
    expect(phone.page.get_by_text("这里已经报过数；报没有开放，那些数就不算了。")).to_be_visible()
    expect(phone.page.locator("[name=in_school_visits]")).to_have_value("700")
    assert [row.not_open for row in revisions()] == [False]
    phone.page.get_by_role("button", name="真的没有开放").click()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    assert [(row.not_open, row.warnings) for row in revisions()] == [(False, None), (True, ["over_numbers"])]


def test_a_refusal_stays_with_its_words_until_it_is_mended(
    a_phone: MakePhone, windows: list[str], revisions: Rows
) -> None:
    phone = a_phone()
    phone.open(windows[12])
    phone.type(81)
    phone.page.locator("[name=days_open]").fill("99")
    phone.context.set_offline(True)
    phone.press()
    phone.waits(1)
    phone.context.set_offline(False)
    strip = phone.page.locator("#unsent")
    strip.locator("summary").click()
    expect(strip).to_contain_text("开放天数不能超过这个月的天数。")
    phone.waits(1)
    strip.get_by_role("link", name="打开改一改").click()
    expect(phone.page.locator("#said")).to_contain_text("开放天数不能超过这个月的天数。")
    expect(phone.page.locator("[name=in_school_visits]")).to_have_value("81")
    phone.page.locator("[name=days_open]").fill("9")
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    phone.waits(0)
    assert [(row.in_school_visits, row.days_open) for row in revisions()] == [(81, 9)]


def test_online_a_refusal_stands_beside_its_field(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    phone = a_phone()
    phone.open(windows[13])
    phone.type(82)
    phone.page.locator("[name=days_open]").fill("99")
    phone.press()
    expect(phone.page.locator("#f-days_open-error")).to_be_visible()
    phone.waits(0)
    phone.page.locator("[name=days_open]").fill("8")
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    assert [(row.in_school_visits, row.days_open) for row in revisions()] == [(82, 8)]


def test_not_open_waits_like_any_other(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    phone = a_phone()
    phone.open(windows[14])
    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="这个月没有开放").click()
    phone.waits(1)
    phone.page.locator("#unsent summary").click()
    expect(phone.page.locator("#unsent-text")).to_have_value(re.compile("没有开放"))
    phone.context.set_offline(False)
    phone.waits(0)
    assert [row.not_open for row in revisions()] == [True]


def test_a_form_whose_session_is_long_gone_is_sent(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    """The token of a form from the phone's own store belongs to no session any more."""
    phone = a_phone()
    phone.open(windows[15])
    phone.context.clear_cookies(name="session")
    phone.type(91)
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    assert _numbers(revisions()) == [(91, "applied")]


def test_a_link_that_was_renewed_meanwhile(
    app: Flask, world: World, a_phone: MakePhone, windows: list[str], revisions: Rows
) -> None:
    """What waited on the old link is handed in for staff; the pages of the old link are gone from the phone."""
    phone = a_phone()
    phone.open(windows[16])
    _ready(phone)
    phone.type(101)
    phone.context.set_offline(True)
    phone.press()
    phone.waits(1)
    with app.app_context(), transaction():
        renew_link(world.act, world.teacher_id)
    phone.context.set_offline(False)
    phone.waits(0)
    expect(phone.page.locator("#arrived")).to_contain_text("等工作人员看过再用")
    assert [(row.in_school_visits, row.held_reason) for row in revisions()] == [(101, "revoked_link")]
    phone.open(windows[16])
    expect(phone.page.get_by_role("heading", name="请从您的专用链接进")).to_be_visible()
    phone.until("!(await caches.keys()).some((name) => name.startsWith('branchnet pages'))")
    phone.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        phone.open(windows[16])
    # The next test's phone opens the new link.
    with app.app_context(), transaction():
        object.__setattr__(world, "token", make_link(world.act, world.teacher_id))
        db.session.remove()


def test_what_is_typed_is_lost_by_no_full_store(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    """Where the phone keeps nothing, the form is sent as it is without a script."""
    phone = a_phone()
    phone.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    phone.open(windows[17])
    phone.type(111)
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    assert _numbers(revisions()) == [(111, "applied")]


def test_without_a_script_all_is_as_it_was(a_phone: MakePhone, windows: list[str], revisions: Rows) -> None:
    phone = a_phone(java_script_enabled=False)
    phone.open(windows[18])
    phone.type(121)
    expect(phone.page.locator("#unsent")).to_be_hidden()
    phone.press()
    expect(phone.page.get_by_role("heading", name="收到了")).to_be_visible()
    assert _numbers(revisions()) == [(121, "applied")]
