"""Submissions that waited up to sixty days on one phone: each has exactly one revision, and a receipt."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from branchnet.models import ReadingRevision
from tests.phones.conftest import Phone
from tests.support import figures

SUBMISSIONS = 1000 if os.environ.get("BRANCHNET_FULL") else 20
DAYS = 60
# The form's own script does the rest: as if a thumb had typed and pressed.
PRESS = """(number) => {
  const form = document.querySelector("form[data-kept]");
  form.elements.in_school_visits.value = number;
  form.elements.in_school_loans.value = 0;
  form.elements.in_school_visits.dispatchEvent(new Event("input", { bubbles: true }));
  form.requestSubmit();
}"""


def test_nothing_is_lost_of_what_waited_sixty_days(
    a_phone: Callable[..., Phone], windows: list[str], revisions: Callable[[], list[ReadingRevision]]
) -> None:
    """Filled in over sixty days without a network; then it comes back."""
    phone = a_phone()
    begun = datetime.now(UTC) - timedelta(days=DAYS)
    # The network is gone for what is sent; the forms come up, as they do from the worker's store.
    phone.context.route(
        "**/my/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    phone.page.clock.install(time=begun)
    each = len(windows)
    for window in windows[:SUBMISSIONS]:
        phone.open(window)
        for number in range(windows.index(window), SUBMISSIONS, each):
            phone.page.clock.set_fixed_time(begun + timedelta(days=DAYS) * number / SUBMISSIONS)
            phone.page.evaluate(PRESS, 1000 + number)
            expect(phone.page.locator("#said")).to_contain_text("已存在这台手机上")
    phone.waits(SUBMISSIONS)
    assert revisions() == []
    phone.context.unroute("**/my/**")
    phone.page.close()
    phone.page = phone.another_tab("/my")
    expect(phone.page.locator("#unsent")).to_be_hidden(timeout=SUBMISSIONS * 1000)
    rows = revisions()
    ages = sorted((row.submitted_at - row.claimed_at).days for row in rows if row.claimed_at)
    receipts = {row.receipt for row in rows}
    figures.note(
        "waited",
        engine="sqlite",
        reports=SUBMISSIONS,
        days=DAYS,
        received=len(rows),
        receipts=len(receipts),
        oldest=ages[-1],
    )
    assert sorted(row.in_school_visits or 0 for row in rows) == [1000 + number for number in range(SUBMISSIONS)]
    assert {row.outcome for row in rows} == {"applied"}
    assert len(receipts) == SUBMISSIONS
    assert len(ages) == SUBMISSIONS
    assert ages[0] <= DAYS // 10
    assert ages[-1] >= DAYS - 3
