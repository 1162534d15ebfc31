"""Numbers that look like chance and are the same on every machine."""

from __future__ import annotations

from zlib import crc32


def between(key: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included, that depends on nothing but the key."""
    return low + crc32(key.encode()) % (high - low + 1)
