"""Books for papers: with prices and without, with long and with hostile titles."""

from branchnet.stock.rules import NewLot

HOSTILE = ("{{ 7*7 }}<b>粗</b>", "=cmd|' /C calc'!A0", "+86&\"'<>", "恐龙\x0b与\x00化石")
LONG = "少年儿童百科全书：恐龙与远古生物大图鉴（珍藏版，附彩色挂图、音频与老师导读手册）" * 3


def books(number: int, first: int = 0, price: int | None = 1980, title: str = "动物的家") -> list[NewLot]:
    """So many copies, each with a barcode of its own; every ninth has no price."""
    return [
        NewLot(
            f"{title} {at}",
            barcode=f"4409{at:08d}",
            call_number=f"Q95/{at}",
            price_fen=None if price is None or at % 9 == 0 else price + at,
        )
        for at in range(first, first + number)
    ]
