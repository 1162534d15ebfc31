"""Contexts that fill every page of the visual language once plainly and once with all that can go wrong."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from branchnet.batches.queries import BoxRow, TakenIn

LONG_NAME = "昌平区图书馆少儿部驻流村镇中心小学长峪城完全小学暨村文化活动中心联合分馆"
HOSTILE_NAME = "<script>alert(1)</script>\"'`${1}小学"
MONTH = "2026-03"
NUMBERS = ("in_school_visits", "in_school_loans", "community_visits", "community_loans", "days_open")

_LOST = {
    "libraries": [("one", "湛江市少年儿童图书馆"), ("two", HOSTILE_NAME)],
    "values": {},
    "errors": {},
    "op_id": "l",
    "href": "/l",
    "ask_href": "/l",
    "library_phone": "0759-2200000",
}
_HANDING = {
    "back_href": "/my",
    "points": [HOSTILE_NAME, LONG_NAME],
    "href": "/h",
    "withdraw_href": "/w",
    "op_ids": ["h", "w"],
    "values": {},
    "errors": {},
}
_CHANGE = {
    "point": {"name": HOSTILE_NAME},
    "back_href": "/my",
    "href": "/c",
    "hand_over_href": "/h",
    "kinds": [("moved", "搬了"), ("other", "其他")],
    "said": [
        ("搬了", {"words": HOSTILE_NAME, "from_on": "2026-03-05", "accepted": None}),
        ("改名", {"words": LONG_NAME, "accepted": True, "reply": HOSTILE_NAME}),
        ("其他", {"words": "门口修路", "accepted": False}),
    ],
    "op_id": "c",
    "values": {},
    "errors": {},
}
_STAY = {"number": "26-007", "first": "2026-03-05", "last": "2026-04-02", "state": "overdue", "href": "/t/3/s"}
_POINTS = [
    {
        "name": "长岭小学流动服务点",
        "href": "/t/1",
        "month_href": "/t/1/m",
        "month_state": "due",
        "month": MONTH,
        "batches": 3,
        "boxes_href": "/t/1/b",
        "stays": [],
    },
    {
        "name": LONG_NAME,
        "href": "/t/2",
        "month_href": "/t/2/m",
        "month_state": "overdue",
        "month": MONTH,
        "batches": 0,
        "boxes_href": "/t/2",
        "stays": [],
        "late": [{"month": "2026-01", "state": "overdue", "href": "/t/2/1"}] * 2,
    },
    {
        "name": HOSTILE_NAME,
        "href": "/t/3",
        "month_href": None,
        "month_state": None,
        "month": None,
        "batches": 0,
        "boxes_href": "/t/3",
        "stays": [_STAY],
    },
]
_BATCHES = [
    {
        "number": "ZJ-2026-0031",
        "sent_on": "2026-03-05",
        "boxes": 3,
        "copies": 300,
        "state": "dispatched",
        "due": None,
        "late": 0,
        "href": "/t/1/b/31",
        "op_id": "d",
    },
    {
        "number": "ZJ-2026-0028",
        "sent_on": "2026-02-24",
        "boxes": 12,
        "copies": 1200,
        "state": "arrived",
        "due": "3月3日",
        "late": 12,
        "href": "/t/1/b/28",
        "op_id": "e",
    },
]
_LESSONS = [{"on": "3月5日", "said": "40 人次，12 册次", "href": "/t/1/l/4", "op_id": "g"}]
_LESSON = {
    "point": {"name": HOSTILE_NAME},
    "back_href": "/t/1",
    "href": "/t/1/l",
    "in_school": True,
    "op_id": "h",
    "values": {},
    "errors": {},
    "lessons": _LESSONS,
}
_READING = {
    "point": {"name": "长岭小学流动服务点", "open_to_community": True},
    "title": "2026年3月",
    "window_kind": "month",
    "back_href": "/t",
    "values": {},
    "errors": {},
    "last": dict(zip(NUMBERS, (1474, 268, 86, None, 18), strict=True)),
    "based_on": "",
    "state": "due",
    "question": None,
    "op_ids": {"report": "a", "not_open": "b"},
    "methods": [("exact", "一个一个数的"), ("estimated", "估计的")],
    "doubts": [],
    "doubted": {},
    "offered": None,
    "lessons": [],
}
_BATCH = {"number": "ZJ-2026-0031", "sent_on": "2026-03-05", "boxes": 3, "copies": 300, "state": "dispatched"}
_RECEIVE = {
    "point": {"name": "长岭小学流动服务点"},
    "back_href": "/t/1",
    "batch": _BATCH,
    "boxes": [{"number": n, "copies": 100} for n in (1, 2, 3)],
    "broken_typed": False,
    "loose": None,
    "op_ids": {"arrived": "a", "confirm": "b", "count": "c"},
    "values": {},
    "errors": {},
}
_CASE = {
    "what": "少 2 册",
    "about": ["第 1 箱", f"《{HOSTILE_NAME}》"],
    "on": "3月5日",
    "number": "ZJ-2026-0031",
    "note": LONG_NAME * 5,
    "ended": None,
    "ended_on": None,
}
_CASES = [_CASE, {**_CASE, "what": "破 1 册", "ended": "馆里收回处理", "ended_on": "3月9日", "note": None}]
_RECEIVED = {
    "point": {"name": LONG_NAME},
    "number": "ZJ-2026-0031",
    "said": "收下了 98 册。少了 2 册，馆里已经知道，会来问清楚。还有 1 箱没有清点。",
    "at": "2026-03-05 16:05",
    "person": HOSTILE_NAME,
    "taken": TakenIn(
        (BoxRow(1, 100, date(2026, 3, 5), date(2026, 3, 5), 98), BoxRow(2, 100), BoxRow(0, 5)),
        (),
        date(2026, 3, 5),
        datetime(2026, 3, 5, 8, 5, tzinfo=UTC),
        HOSTILE_NAME,
    ),
    "cases": _CASES,
    "back_href": "/t/1",
    "go_on_href": "/t/1/b/31",
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
_STAYING = {
    "number": "26-012",
    "copies": 1234,
    "due": "3月20日",
    "asked": True,
    "ready": False,
    "said": None,
    "decided": False,
    "accepted": False,
    "reply": None,
    "href": "/t/1/f/12",
    "op_id": "f",
}
_SAID = {**_STAYING, "number": "26-013", "said": "想留到4月20日", "decided": True, "reply": HOSTILE_NAME}
_WISHES = [
    {"said": "二年级，科普，40 册", "note": HOSTILE_NAME, "href": "/t/1/w/1", "batch": None},
    {"said": LONG_NAME, "note": None, "href": None, "batch": "26-012"},
    {"said": "绘本", "note": None, "href": None, "batch": None},
]
_FETCH = {
    "point": {"name": LONG_NAME},
    "back_href": "/t/1",
    "stay": _SAID,
    "today": "2026-03-05",
    "longer": "2026-04-19",
    "op_ids": {"ready": "a", "another_day": "b", "longer": "c"},
    "values": {},
    "errors": {},
}
_WISH = {
    "point": {"name": LONG_NAME},
    "back_href": "/t/1",
    "href": "/t/1/w",
    "op_id": "w",
    "values": {},
    "errors": {},
}
_POINT = {
    "point": {"name": "长岭小学流动服务点"},
    "back_href": "/t",
    "month": MONTH,
    "month_state": "due",
    "month_href": "/t/1/m",
    "batches": _BATCHES,
    "cases": _CASES,
    "staying": [_STAYING, _SAID, {**_STAYING, "asked": False, "number": "26-014"}],
    "wishes": _WISHES,
    "wish_href": "/t/1/w",
    "received": [{"number": "ZJ-2026-0020", "copies": 1200, "on": "3月1日", "href": "/t/1/r/20"}],
    "stays": [_STAY, {**_STAY, "state": "received"}],
    "questions": [{"month": "2025-12", "state": "question", "href": "/t/1/m12"}],
    "all_href": "/t/1?all=1",
    "lesson_href": "/t/1/l",
    "lesson_op_id": "i",
    "in_school": True,
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
    "points": ("teacher/points.html", {"teacher_name": "陈老师", "points": _POINTS}),
    "points_empty": ("teacher/points.html", {"teacher_name": "陈老师", "points": []}),
    "point": ("teacher/point.html", _POINT),
    "point_bare": (
        "teacher/point.html",
        {
            **_POINT,
            "point": {"name": LONG_NAME},
            "back_href": None,
            "month": None,
            "batches": [],
            "cases": [],
            "staying": [],
            "wishes": [],
            "received": [],
            "stays": [],
            "earlier": [],
        },
    ),
    "fetch": ("teacher/fetch.html", _FETCH),
    "fetch_wrong": (
        "teacher/fetch.html",
        {
            **_FETCH,
            "values": {"answer": "longer", "wanted_on": "2026-03-01", "note": HOSTILE_NAME},
            "errors": {"wanted_on": "这一天已经过了，请选今天或以后的日子。"},
        },
    ),
    "wish": ("teacher/wish.html", _WISH),
    "wish_wrong": (
        "teacher/wish.html",
        {**_WISH, "values": {"kind": HOSTILE_NAME, "number": "很多"}, "errors": {"number": "请填整数。"}},
    ),
    "receive": ("teacher/receive.html", _RECEIVE),
    "received": ("teacher/received.html", _RECEIVED),
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
        {**_RECEIVE, "boxes": [], "loose": 300, "batch": {**_BATCH, "boxes": 0, "state": "arrived"}},
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
    "reading_stay": (
        "teacher/reading.html",
        {
            **_READING,
            "title": "2026-03-05 到 2026-04-02 送书（批次 26-007）",
            "window_kind": "stay",
            "last": None,
            "state": "locked",
            "question": "三月来看书的比二月多了十倍，是多按了一个零吗？",
        },
    ),
    "reading_doubted": (
        "teacher/reading.html",
        {
            **_READING,
            "values": {"in_school_visits": "9000", "borrowers": "9999"},
            "doubts": ["校内来看书：比平常多很多，平常大约 1,474。", "借书的人：比借出去的册次还多。"],
            "doubted": {"in_school_visits": "比平常多很多，平常大约 1,474。", "borrowers": "比借出去的册次还多。"},
            "offered": "按记的课填：120 人次，35 册次（4 节课）",
            "lessons": _LESSONS,
        },
    ),
    "lesson": ("teacher/lesson.html", _LESSON),
    "lesson_wrong": (
        "teacher/lesson.html",
        {**_LESSON, "in_school": False, "values": {"visits": HOSTILE_NAME}, "errors": {"visits": "请填整数。"}},
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
    "receipt_set_aside": ("teacher/receipt.html", {**_RECEIPT, "set_aside": HOSTILE_NAME}),
    "receipt_applied": ("teacher/receipt.html", {**_RECEIPT, "applied": True}),
    "link_ended": ("teacher/link_ended.html", {"library_phone": "0759-2200000", "ask_href": "/l"}),
    "lost": ("teacher/lost.html", _LOST),
    "lost_wrong": (
        "teacher/lost.html",
        {**_LOST, "values": {"network": "two", "said": HOSTILE_NAME}, "errors": {"said": "太长了，请写短一些。"}},
    ),
    "hand_over": ("teacher/hand_over.html", {**_HANDING, "said": None}),
    "hand_over_waits": (
        "teacher/hand_over.html",
        {**_HANDING, "said": {"name": HOSTILE_NAME, "accepted": None}, "errors": {"name": "请填写这一项。"}},
    ),
    "hand_over_declined": ("teacher/hand_over.html", {**_HANDING, "said": {"accepted": False, "withdrawn": False}}),
    "handed_over": ("teacher/handed_over.html", {"ask_href": "/l"}),
    **{f"pin_{word}": ("teacher/pin.html", {"problem": word}) for word in ("needed", "wrong", "spent", "unset")},
    "change": ("teacher/change.html", {**_CHANGE, "said": []}),
    "change_said": ("teacher/change.html", {**_CHANGE, "errors": {"words": "请填写这一项。", "form": "没有记下。"}}),
    "link_asked": ("teacher/link_asked.html", {"code": "0417", "waits": True}),
    "link_answered": ("teacher/link_asked.html", {"code": "0417", "waits": False}),
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
