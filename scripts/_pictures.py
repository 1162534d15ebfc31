"""What scripts/pictures runs inside .venv: serves the demo, walks through it, and takes the pictures."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
LARGEST = 200_000
"""Bytes that a picture may have: a README loads them all."""
RESCANNED = 3
DESK = {"width": 1280, "height": 800}
WALL: ViewportSize = {"width": 1280, "height": 960}
PHONE = {"width": 360, "height": 640}

Who = dict[str, dict[str, str]]


class Camera:
    """Opens the demo's pages for somebody and takes pictures of them."""

    def __init__(self, browser: Browser, url: str, who: Who) -> None:
        self.browser, self.url, self.who = browser, url, who

    def desk(self, role: str) -> Page:
        """Somebody signed in at a desk."""
        page = self._page(viewport=DESK)
        page.goto(f"{self.url}/sign-in")
        page.get_by_label("用户名").fill(self.who[role]["login"])
        page.get_by_label("密码").fill(self.who[role]["password"])
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda address: "sign-in" not in address)
        return page

    def phone(self) -> Page:
        """The teacher, whose link was opened on a phone."""
        page = self._page(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
        page.goto(self.url + self.who["teacher"]["path"])
        return page

    def _page(self, **options: Any) -> Page:
        options |= {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
        return self.browser.new_context(**options).new_page()


def take_all(camera: Camera) -> None:
    """Every picture, in the order of the README."""
    clerk = camera.desk("clerk")
    take(clerk, "today")
    pick(clerk)
    take(clerk, "picking")
    teacher = camera.phone()
    teacher.get_by_role("link", name="册").first.click()
    expect(teacher.get_by_role("button", name="清点过，一本不差，收下")).to_be_visible()
    take(teacher, "receive")
    teacher.get_by_role("link", name=camera.who["teacher"]["point"]).click()
    teacher.get_by_role("link", name="报这个月的数").click()
    fill_in(teacher)
    take(teacher, "reading")
    manager = camera.desk("manager")
    manager.set_viewport_size(WALL)
    for plot in manager.locator("figure img").all()[:3]:
        expect(plot).to_have_js_property("complete", True)
    take(manager, "overview")
    manager.goto(f"{camera.url}/manage/map")
    expect(manager.locator("[data-map]")).to_have_attribute("data-ready", "true")
    take(manager, "map")
    show_the_point(manager, camera.who["teacher"]["point"])
    take(manager, "point")


def pick(page: Page) -> None:
    """The batch that is being picked: three books are taken out of its list and scanned again."""
    page.get_by_role("table", name="还在配书").get_by_role("link").first.click()
    batch, codes = page.url.partition("?")[0], []
    for _ in range(RESCANNED):
        page.goto(f"{batch}/lines?q=4408")
        codes.append(page.locator("td.barcode").first.inner_text())
        page.get_by_role("row").filter(has_text=codes[-1]).get_by_role("button").click()
        expect(page.get_by_role("heading", name="配书")).to_be_visible()
    page.get_by_label("条码", exact=True).focus()
    for code in codes:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page.get_by_role("row").filter(has_text=code)).to_have_count(1)


def fill_in(page: Page) -> None:
    """Numbers like the ones of the month before."""
    numbers = {"in_school_visits": 1260, "in_school_loans": 152, "community_visits": 31, "community_loans": 88}
    for name, number in numbers.items():
        page.locator(f"[name={name}]").fill(str(number))


def show_the_point(page: Page, name: str) -> None:
    """One point's card, and the circle within its reach."""
    page.get_by_role("button", name=f"在图上看：{name}").click()
    expect(page.get_by_role("article")).to_be_visible()
    page.evaluate("window.scrollTo(0, 0)")


def take(page: Page, name: str) -> None:
    """Take the picture; stops where it is too large to be in a README."""
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size // 1000} kB", flush=True)
    if size > LARGEST:
        raise SystemExit(f"{path} has {size} bytes, and {LARGEST} is the most: show less of the page.")


def main(who: Who) -> None:
    from tests.support.browser import ARGUMENTS, chromium  # noqa: PLC0415 - found once ROOT is on the path
    from tests.support.server import serve  # noqa: PLC0415 - as above

    PICTURES.mkdir(parents=True, exist_ok=True)
    log = Path(tempfile.mkdtemp()) / "gunicorn.log"
    with serve(os.environ["BRANCHNET_DATABASE_URL"], log) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        take_all(Camera(browser, server.url, who))
        browser.close()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(json.loads(sys.argv[1]))
