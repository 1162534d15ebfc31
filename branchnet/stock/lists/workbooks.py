"""Excel and OpenDocument files, looked at from outside first and then read by a process of their own.

A file of 300 kB can unpack to gigabytes, or name one cell at the far end of a sheet so that its reader lays out all
between. What the outside tells is checked here; the rest meets the limits of memory and time that the other process
sets itself, and dies alone.
"""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from branchnet.errors import Invalid

if TYPE_CHECKING:
    from branchnet.stock.lists.reading import Cell, Limits

CHILD = Path(__file__).with_name("sheets.py")
_BOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_OLD_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))


def read_packed(content: bytes, limits: "Limits") -> "list[tuple[str, list[list[Cell]]]]":
    """The sheets of .xlsx, .xlsm without macros, .xlsb and .ods."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Invalid("list_broken") from error
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise Invalid("list_locked")
    if not names & {*_BOOKS}:
        raise Invalid("list_not_a_table", kind="Word" if "word/document.xml" in names else "ZIP")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Invalid("list_macros")
    if sum(member.file_size for member in members) > limits.unpacked:
        raise Invalid("list_large", megabytes=limits.size // 1_000_000)
    return _read(content, limits)


def read_old(content: bytes, limits: "Limits") -> "list[tuple[str, list[list[Cell]]]]":
    """The sheets of .xls; its envelope is also that of a locked .xlsx and of an old Word file."""
    if _ENCRYPTED in content:
        raise Invalid("list_locked")
    if not any(name in content for name in _OLD_BOOKS):
        raise Invalid("list_not_a_table", kind="Word")
    if _MACROS in content:
        raise Invalid("list_macros")
    return _read(content, limits)


def _read(content: bytes, limits: "Limits") -> "list[tuple[str, list[list[Cell]]]]":
    wanted = json.dumps({name: getattr(limits, name) for name in ("sheets", "rows", "columns", "cells", "memory")})
    try:
        # -I: neither the environment nor the working folder decides what is imported.
        done = subprocess.run(  # noqa: S603 - our own file by its own path; the list comes in as bytes
            [sys.executable, "-I", str(CHILD), wanted],
            input=content,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid("list_large", megabytes=limits.size // 1_000_000) from error
    if done.returncode < 0:
        raise Invalid("list_large", megabytes=limits.size // 1_000_000)
    if done.returncode > 0:
        raise Invalid("list_broken")
    return _told(json.loads(done.stdout), limits)


def _told(answer: dict[str, Any], limits: "Limits") -> "list[tuple[str, list[list[Cell]]]]":
    if (code := answer.get("problem")) is None:
        return [(name, rows) for name, rows in answer["sheets"]]
    if code == "list_large":
        raise Invalid(code, megabytes=limits.size // 1_000_000)
    raise Invalid(code, **answer["data"])
