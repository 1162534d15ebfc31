"""What a full run of scripts/test found, written into docs/reliability.md.

Tests leave lines of JSON in the file that BRANCHNET_FIGURES names; each program of scripts/faults ends with one.
"""

import json
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path

from _setup import PYTHON, ROOT, say, stop

PAGE = ROOT / "docs" / "reliability.md"
FAULTS = (
    ("kill_worker.py",),
    ("kill_worker.py", "--postgresql", "--rq"),
    ("two_clerks.py",),
    ("two_clerks.py", "--postgresql"),
    ("double_taps.py",),
    ("double_taps.py", "--postgresql"),
)
BENCHES = ("batches", "coverage", "facts", "map", "overview", "readings", "returns")
APART = ("facts", "map", "overview")
"""Programs whose ratios have a table of their own."""
HEAD = """# 靠得住吗 · Reliability

`scripts/test --full` 写下这一页：它找什么、找了多少、找到了什么。
Written by `scripts/test --full`: what it looked for, how long, and what it found.

{day}，Python {python}，{system} {machine}，{cores} cores
"""
HISTORIES = """
## 随机历史 · Random histories

所有命令、被拒的尝试、重复提交和别馆的手，随机排成历史；每一步之后查全部不变的规则。
Every command, attempts that are refused, repetitions and another network's reach, in random order; after each step
every invariant is checked, and every holding is recomputed from the moves.

| 数据库 engine | 历史 × 步 histories × steps | 走过 steps taken | 办成 done | 被拒 refused | 违反 violations |
|---|---|---|---|---|---|
"""
WEAKENED = """
## 削弱的约束 · Weakened constraints

去掉一条约束，同样的尝试就会成功：没有别的东西替它守着，测试会发现。
Without the constraint the very same attempt succeeds, so that its test fails: nothing else stands guard in its place.

| 约束 constraint | 发现 caught on |
|---|---|
"""
KILLED = """
## 杀掉工人 · Workers killed

随时用 SIGKILL 杀掉工人；最后每条审计记录都封存一次，链是完整的，没有剩下的活。
Workers are killed with SIGKILL at any moment; in the end every record must be sealed
once, in a whole chain, with no job left.

| 程序 | 库 engine | 工人 worker | 杀掉 killed | 做到一半 in a job | 放回 put back | 封存 sealed | 剩下 left | 结果 |
|---|---|---|---|---|---|---|---|---|
"""
CLERKS = """
## 两个人抢同一批书 · Two clerks, the same copies

两位馆员同一刻发出同样的书：一位成功，另一位得知是哪几册、在哪里；每一轮以后查全部不变的规则。
Two clerks send the same copies at the same moment: one succeeds, the other is told which and where; every invariant
is checked after each round.

| 程序 | 库 engine | 轮 rounds | 册 copies | 一人成功 won by one | 另一人得知 told | 违反 violations | 结果 |
|---|---|---|---|---|---|---|---|
"""
TAPS = """
## 连着点很多次 · Double taps

同一份数同一刻连发很多次，表单和脚本各一半，发给真的 gunicorn：只记一次，回执一样，没有 5xx。
The same submission many times at the same moment to a real gunicorn, half as the form, half as the script: one effect,
the same receipt in every answer, no 5xx.

| 程序 | 库 engine | 键 keys | 次 taps | 回执一样 same answer | 记一次 one effect | 5xx | 对不上 flagged | 结果 |
|---|---|---|---|---|---|---|---|---|
"""
WAITED = """
## 手机上等了六十天 · Sixty days on a phone

真的浏览器，断了网，在同一台手机上报了这么多次，一次一次隔着日子，最早的六十天以前；网来了，每一份都收到一次，都有回执。
A real browser without a network, on one phone: so many reports on days apart, the first sixty days ago. The network
comes back, and each is received once, with a receipt of its own.

| 库 engine | 上报 reports | 天 days | 收到 received | 回执 receipts | 最久 oldest, days |
|---|---|---|---|---|---|
"""
RATIOS = """
## 快慢 · Ratios

办一件事用的时间，和同一次运行里同一个数据库上最少的几条 SQL 之比；账、经过、防重复都在内。覆盖和裸的 k-d 树比。
The time that something takes, against the least SQL on the same engine in the same run; the ledger, the events and the
guard against sending twice included. Coverage is compared with the bare k-d tree.

| 程序 | 库 engine | 什么 what | 多少 how many | 我们 ours ms | 裸 SQL bare ms | 倍 ratio |
|---|---|---|---|---|---|---|
"""
FACTS = """
## 事实重算 · Facts made anew

全部服务点、十二个月的事实删了重写，和只把册数按点、按月加起来的一条 SQL 之比；用了几条语句。
The facts of all points and of twelve months, deleted and written again, against one statement that only sums copies by
point and month; and the number of statements.

| 程序 | 库 engine | 服务点 points | 事实 facts | 我们 ours ms | 裸 SQL bare ms | 倍 ratio | 每秒 /s | 语句 statements |
|---|---|---|---|---|---|---|---|---|
"""
OVERVIEW = """
## 馆长的总览 · The director's page

`/manage/` 整页用的时间，和同一次运行里一条最少的 SQL（把同样的事实按月加起来）之比；一页几条 SQL。
The whole page, against one bare statement that adds up the same facts by month in the same run; its statements.

| 程序 | 库 engine | 时段 period | 服务点 points | 月 months | SQL | 我们 ours ms | 裸 SQL bare ms | 倍 ratio |
|---|---|---|---|---|---|---|---|---|
"""
WEIGHT = """
## 第一次打开 · A first visit

老师第一次打开链接，到填数的页面：页面、样式、脚本、图，压缩以后一共多少字节（上限 60,000）。
From the link to the form, everything included and gzipped, in bytes; at most 60,000.

| 程序 | 库 engine | 请求 requests | 字节 bytes |
|---|---|---|---|
"""
MAP = """
## 地图 · The map

图上的点从服务器取来的时间，和最少的 SQL 之比：一千、一万个点一个一个画；六十万个按格数，或只看一块。
The time of the answer that the map is drawn from, against the least SQL: points one by one, or of 600,000 counts by
H3 cell, of all of them and of a box.

| 程序 | 库 engine | 什么 what | 点 points | 我们 ours ms | 裸 SQL bare ms | 倍 ratio |
|---|---|---|---|---|---|---|
"""
MAP_WEIGHT = """
第一次打开地图，压缩以后的字节：页，数，连我们自己的文件一共（一万个点上限 60,000），再加 Leaflet 和 Bootstrap。
A first view of the map in gzipped bytes: the page, its data, with our own files in all (at most 60,000 at 10,000
points), and with Leaflet and Bootstrap too.

| 程序 | 库 engine | 点 points | 页 page | 数 data | 我们的一共 ours | 全部 all |
|---|---|---|---|---|---|---|
"""
COLUMNS = {
    "kill_worker.py": ("engine", "worker", "killed", "killed_in_a_job", "put_back", "sealed", "jobs_left"),
    "two_clerks.py": ("engine", "rounds", "copies", "won_by_one", "told_all", "violations"),
    "double_taps.py": ("engine", "keys", "taps", "same_answer", "one_effect", "failed", "flagged"),
}
"""What each program of scripts/faults is asked for, in the order of its table."""


def begin() -> Path:
    """Tell the tests where their figures go."""
    path = Path(tempfile.mkdtemp(prefix="branchnet-figures-")) / "figures.jsonl"
    path.touch()
    os.environ["BRANCHNET_FIGURES"] = str(path)
    return path


def read(path: Path) -> "list[dict[str, object]]":
    """The lines of the tests. Stops where they were cut short, so that half a run never looks like a whole one."""
    noted = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if {row["engine"] for row in noted if row["what"] == "histories"} != {"sqlite", "postgresql"}:
        stop(f"The histories did not run on both engines: {PAGE.name} stays as it is.")
    return noted


def faults() -> "list[dict[str, object]]":
    """Run each program of scripts/faults; its last line, with its name. One that printed none counts as not ok."""
    found: list[dict[str, object]] = []
    for name, *options in FAULTS:
        code, told = _told("faults", name, *options)
        found.append({**told, "program": name, "ok": code == 0 and bool(told.get("ok"))})
    return found


def ratios() -> "list[dict[str, object]]":
    """Run each program of scripts/bench; the rows of its last line, with its name."""
    found: list[dict[str, object]] = []
    for name in BENCHES:
        _code, told = _told("bench", name)
        rows = told.get("rows")
        found += [{**row, "program": name} for row in rows] if isinstance(rows, list) else []
    return found


def _told(folder: str, name: str, *options: str) -> "tuple[int, dict[str, object]]":
    """Run a program to its end: its exit code, and what its last line says."""
    say("Running scripts/{}/{}".format(folder, " ".join((name, *options))))
    done = subprocess.run(
        [str(PYTHON), str(ROOT / "scripts" / folder / name), *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}


def write(
    noted: "list[dict[str, object]]",
    faulted: "list[dict[str, object]]",
    measured: "list[dict[str, object]]",
    page: Path = PAGE,
) -> None:
    """Write the page."""
    histories = sorted((row for row in noted if row["what"] == "histories"), key=lambda row: str(row["engine"]))
    page.write_text(
        HEAD.format(
            day=time.strftime("%Y-%m-%d"),
            python=platform.python_version(),
            system=platform.system(),
            machine=platform.machine(),
            cores=os.cpu_count(),
        )
        + _table(HISTORIES, [_history(row) for row in histories])
        + _table(WEAKENED, _weakened(noted))
        + _table(KILLED, [_fault(row) for row in faulted if row["program"] == "kill_worker.py"])
        + _table(CLERKS, [_fault(row) for row in faulted if row["program"] == "two_clerks.py"])
        + _table(TAPS, [_fault(row) for row in faulted if row["program"] == "double_taps.py"])
        + _table(WAITED, [_waited(row) for row in noted if row["what"] == "waited"])
        + _table(RATIOS, [_ratio(row) for row in measured if "ratio" in row and row["program"] not in APART])
        + _table(FACTS, [_facts(row) for row in measured if row["program"] == "facts"])
        + _table(OVERVIEW, [_overview(row) for row in measured if row["program"] == "overview"])
        + _table(WEIGHT, [_weight(row) for row in measured if "bytes" in row and row["program"] != "map"])
        + _table(MAP, [_ratio(row) for row in measured if "ratio" in row and row["program"] == "map"])
        + _table(MAP_WEIGHT, [_map_weight(row) for row in measured if "bytes" in row and row["program"] == "map"]),
        encoding="utf-8",
    )
    say(f"The figures are in {page}.")


def _table(head: str, rows: "list[list[object]]") -> str:
    return head + "".join("| {} |\n".format(" | ".join(_cell(value) for value in row)) for row in rows)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _history(row: "dict[str, object]") -> "list[object]":
    return [
        "{} {}".format(row["engine"], row["version"]),
        "{} × {}".format(row["asked"], row["steps_asked"]),
        *(row[name] for name in ("steps", "done", "refused", "violations")),
    ]


def _waited(row: "dict[str, object]") -> "list[object]":
    return [row[name] for name in ("engine", "reports", "days", "received", "receipts", "oldest")]


def _weakened(noted: "list[dict[str, object]]") -> "list[list[object]]":
    caught: dict[str, list[str]] = {}
    for row in noted:
        if row["what"] == "weakened":
            caught.setdefault(str(row["name"]), []).append(str(row["engine"]))
    return [[f"`{name}`", ", ".join(sorted(set(engines)))] for name, engines in sorted(caught.items())]


def _fault(row: "dict[str, object]") -> "list[object]":
    names = COLUMNS[str(row["program"])]
    return ["`{}`".format(row["program"]), *(row.get(name, "—") for name in names), "ok" if row["ok"] else "NOT OK"]


def _ratio(row: "dict[str, object]") -> "list[object]":
    names = ("engine", "what", "copies", "ours_ms", "bare_ms", "ratio")
    return ["`{}`".format(row["program"]), *(row[name] for name in names)]


def _facts(row: "dict[str, object]") -> "list[object]":
    names = ("engine", "points", "copies", "ours_ms", "bare_ms", "ratio", "a_second", "statements")
    return ["`{}`".format(row["program"]), *(row[name] for name in names)]


def _overview(row: "dict[str, object]") -> "list[object]":
    names = ("engine", "what", "points", "months", "statements", "ours_ms", "bare_ms", "ratio")
    return ["`{}`".format(row["program"]), *(row[name] for name in names)]


def _weight(row: "dict[str, object]") -> "list[object]":
    return ["`{}`".format(row["program"]), *(row[name] for name in ("engine", "requests", "bytes"))]


def _map_weight(row: "dict[str, object]") -> "list[object]":
    names = ("engine", "copies", "page_bytes", "data_bytes", "bytes", "all_bytes")
    return ["`{}`".format(row["program"]), *(row[name] for name in names)]
