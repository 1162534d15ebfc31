"""What a teacher's first visit weighs: the pages on the way and every file that they name, each compressed."""

import gzip
import re
from collections.abc import Callable

from werkzeug.test import TestResponse

FILES = re.compile(r'(?:href|src|data-worker)="(/static/[^"]+|/sw\.js)"|"(/static/[^"]+)"')
MOST = 60_000
"""Bytes that a first visit may weigh."""


def first_visit(get: Callable[[str], TestResponse], link: str, form: str) -> dict[str, int]:
    """By address the gzipped bytes of the link's redirects, the list or the point, the form, and all files of these.

    Pages count twice, for the worker fetches them once more. ``get`` asks for an address and follows no redirect.
    """
    weighed: dict[str, int] = {}
    answer, address = get(link), link
    while answer.status_code == 303:
        weighed[address] = _gzipped(answer.data)
        address = answer.headers["Location"]
        answer = get(address)
    weighed[address] = 2 * _gzipped(answer.data)
    told = answer.text
    page = get(form)
    weighed[form] = 2 * _gzipped(page.data)
    told += page.text
    worker = get("/sw.js")
    for named in FILES.findall(told + worker.text):
        file = next(filter(None, named))
        if file not in weighed:
            weighed[file] = _gzipped(get(file).data)
    return weighed


def _gzipped(body: bytes) -> int:
    return len(gzip.compress(body, 6))
