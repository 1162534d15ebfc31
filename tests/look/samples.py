"""Contexts that fill every page of the visual language once plainly and once with all that can go wrong."""

from collections.abc import Mapping
from typing import Any

LONG_NAME = "昌平区图书馆少儿部驻流村镇中心小学长峪城完全小学暨村文化活动中心联合分馆"
HOSTILE_NAME = "<script>alert(1)</script>\"'`${1}小学"
MONTH = "2026-03"
NUMBERS = ("in_school_visits", "in_school_loans", "community_visits", "community_loans", "days_open")

_POINTS = [
    {
        "name": "长岭小学流动服务点",
        "href": "/t/1",
        "month_href": "/t/1/m",
        "month_state": "due",
        "boxes": 3,
        "boxes_href": "/t/1/b",
    },
    {
        "name": LONG_NAME,
        "href": "/t/2",
        "month_href": "/t/2/m",
        "month_state": "overdue",
        "boxes": 0,
        "boxes_href": None,
    },
    {
        "name": HOSTILE_NAME,
        "href": "/t/3",
        "month_href": "/t/3/m",
        "month_state": "received",
        "boxes": 0,
        "boxes_href": None,
    },
]
_BATCHES = [
    {
        "number": "ZJ-2026-0031",
        "sent_on": "2026-03-05",
        "boxes": 3,
        "copies": 300,
        "state": "dispatched",
        "href": "/t/1/b/31",
    },
    {
        "number": "ZJ-2026-0028",
        "sent_on": "2026-02-24",
        "boxes": 12,
        "copies": 1200,
        "state": "arrived",
        "href": "/t/1/b/28",
    },
]
_READING = {
    "point": {"name": "长岭小学流动服务点", "open_to_community": True},
    "month": MONTH,
    "back_href": "/t",
    "values": {},
    "errors": {},
    "last": dict(zip(NUMBERS, (1474, 268, 86, None, 18), strict=True)),
    "based_on": "",
    "state": "due",
    "question": None,
    "op_ids": {"report": "a", "not_open": "b"},
}
_BATCH = {"number": "ZJ-2026-0031", "sent_on": "2026-03-05", "copies": 300, "state": "dispatched"}
_RECEIVE = {
    "point": {"name": "长岭小学流动服务点"},
    "back_href": "/t/1",
    "batch": _BATCH,
    "boxes": [{"number": n, "copies": 100} for n in (1, 2, 3)],
    "op_ids": {"arrived": "a", "confirm": "b", "count": "c"},
    "values": {},
    "errors": {},
}
_RECEIPT = {
    "receipt": {"number": "3K7-Q42", "at": "2026-04-02 16:05"},
    "held": False,
    "not_open": False,
    "about": "长岭小学流动服务点，2026年3月",
    "lines": [
        {"label": "校内来看书", "value": 1474, "unit": "人次"},
        {"label": "校外借出去", "value": None, "unit": "册次"},
    ],
    "warnings": [],
    "back_href": "/t",
    "change_href": "/t/1/m",
}
_POINT = {
    "point": {"name": "长岭小学流动服务点"},
    "back_href": "/t",
    "month": MONTH,
    "month_state": "due",
    "month_href": "/t/1/m",
    "question": None,
    "batches": _BATCHES,
    "earlier": [
        {"month": "2026-02", "state": "not_open", "href": "/t/1/m2"},
        {"month": "2026-01", "state": "received", "href": "/t/1/m1"},
    ],
}
_WRONG = {"in_school_visits": ["这里要写数字，比如 120。"], "days_open": "三月只有 31 天。"}

PAGES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "gallery": ("gallery.html", {}),
    "sign_in": ("account/sign_in.html", {"values": {}, "errors": {}, "next_href": "/batches"}),
    "sign_in_wrong": (
        "account/sign_in.html",
        {
            "values": {"login": HOSTILE_NAME},
            "errors": {"form": ["用户名或密码不对。"], "password": ["请填写密码。"]},
        },
    ),
    "points": ("teacher/points.html", {"teacher_name": "陈", "month": MONTH, "points": _POINTS}),
    "points_empty": ("teacher/points.html", {"teacher_name": "陈", "month": MONTH, "points": []}),
    "point": ("teacher/point.html", _POINT),
    "point_question": (
        "teacher/point.html",
        {
            **_POINT,
            "point": {"name": LONG_NAME},
            "back_href": None,
            "month_state": "question",
            "batches": [],
            "earlier": [],
            "question": "三月来看书的比二月多了十倍，是多按了一个零吗？",
        },
    ),
    "receive": ("teacher/receive.html", _RECEIVE),
    "receive_wrong": (
        "teacher/receive.html",
        {
            **_RECEIVE,
            "values": {"box-2": "九十八", "word": "少了两本"},
            "errors": {"box-2": "这里要写数字，比如 98。"},
        },
    ),
    "receive_whole": (
        "teacher/receive.html",
        {**_RECEIVE, "boxes": [], "batch": {**_BATCH, "state": "arrived"}},
    ),
    "reading": ("teacher/reading.html", _READING),
    "reading_wrong": (
        "teacher/reading.html",
        {
            **_READING,
            "values": {"in_school_visits": "十二", "days_open": "40", "note": "停电三天"},
            "errors": _WRONG,
        },
    ),
    "reading_first": (
        "teacher/reading.html",
        {**_READING, "point": {"name": LONG_NAME, "open_to_community": False}, "last": None, "state": "held"},
    ),
    "receipt": ("teacher/receipt.html", _RECEIPT),
    "receipt_held": (
        "teacher/receipt.html",
        {**_RECEIPT, "held": True, "not_open": True, "lines": [], "warnings": ["比上月多了十倍。"]},
    ),
    "link_ended": ("teacher/link_ended.html", {"library_phone": "0759-2200000"}),
    "lost": ("teacher/lost.html", {}),
    **{f"error_{code}": ("errors/error.html", {"code": code}) for code in (400, 403, 404, 409, 410, 429, 500)},
    "error_spoken": (
        "errors/error.html",
        {
            "code": 500,
            "title": HOSTILE_NAME,
            "what": LONG_NAME,
            "todo": LONG_NAME,
            "reference": "7F2A",
            "href": "/t",
            "label": "回去",
        },
    ),
}
