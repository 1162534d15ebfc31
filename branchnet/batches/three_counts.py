"""Counted in (归还), scanned (过电脑), restocked (入库): three counts, and what their differences mean. Pure.

Why a difference opens in one case and not in another is in docs/decisions/0015.
"""

Off = tuple[str, int]
"""A kind of difference and its copies (册)."""


def scanned_off(counted: int | None, scanned: int, missing: int, strangers: int, *, one_by_one: bool) -> Off | None:
    """What is different between the count at the door and the scan, beyond the copies that are missing by name.

    ``missing``: copies of the return that were not scanned, ``strangers``: books found among them that are in no
    books of ours. Scanned one by one, the scan is the better count: fewer at the door were counted wrong, and nothing
    is open. Scanned by one press, nobody has seen each copy: then the count at the door is all there is.
    """
    if counted is None:
        return None
    more = counted - scanned - strangers
    if more > missing:
        return "over", more - missing
    if more < 0 and not one_by_one:
        return "short", -more
    return None


def restocked_off(standing: int, restocked: int | None) -> Off | None:
    """What is different between the copies that wait in the workroom and those counted onto the shelf."""
    if restocked is None or restocked == standing:
        return None
    return ("short", standing - restocked) if restocked < standing else ("over", restocked - standing)
