"""What is committed names no machine, no other server to load from, and carries no third party's file."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What only this machine, or the one it was written on, would have; and who serves files to the world's pages.
MACHINE = re.compile(r"(?<![\w.])/(root|home/[a-z]+|tmp/[a-z]+)/")
CDN = re.compile(r"jsdelivr|unpkg|cdnjs|googleapis|gstatic|bootstrapcdn|code\.jquery", re.IGNORECASE)
TEXT = {
    "",
    ".cfg",
    ".css",
    ".csv",
    ".html",
    ".in",
    ".js",
    ".md",
    ".po",
    ".py",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def found(pattern: re.Pattern[str], ours: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in ours
        if path.suffix in TEXT and path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_path_of_one_machine() -> None:
    assert not found(MACHINE, tracked())
    assert not found(re.compile(rf"{re.escape(str(ROOT))}(?![\w-])"), tracked())


def test_no_page_loads_from_elsewhere() -> None:
    assert not found(CDN, [path for path in tracked() if "branchnet" in path.parts])


def test_nothing_collected_is_committed() -> None:
    collected = [path for path in tracked() if "vendor" in path.parts or path.suffix in {".gz", ".br", ".mo"}]
    assert not collected


def test_the_patterns_find_what_they_are_for() -> None:
    assert MACHINE.search("open('/home/li/x')")
    assert not MACHINE.search("/status/ready, https://example.org/work/")
    assert CDN.search("https://cdn.JSDelivr.net/npm/x")
