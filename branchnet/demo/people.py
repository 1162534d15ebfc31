"""The three networks and who works in them. Nobody here is a real person."""

from __future__ import annotations

from branchnet.demo.files import points
from branchnet.demo.world import Network, Person, Role, Teacher

NETWORKS = (
    Network("zhanjiang", "湛江市少年儿童图书馆", "4408", "440800", "湛江市少年儿童图书馆", "440802000000"),
    Network("hongshan", "赤峰市红山区少儿图书馆", "150402", "150402", "赤峰市红山区少儿图书馆", "150402000000"),
    Network("changping", "昌平区图书馆少儿部", "110114", "110114", "昌平区图书馆", "110114000000"),
)

_STAFF: dict[str, tuple[tuple[str, Role], ...]] = {
    "zhanjiang": (("黄馆员", "clerk"), ("梁馆长", "manager"), ("吴管理员", "admin")),
    "hongshan": (("赵馆员", "clerk"), ("孙馆长", "manager"), ("白管理员", "admin")),
    "changping": (("周馆员", "clerk"), ("郑馆长", "manager"), ("王管理员", "admin")),
}
_LOGIN_PREFIX = {"zhanjiang": "zj", "hongshan": "hs", "changping": "cp"}
_SURNAMES = "陈李林杨许何刘吴张郑蔡谢罗梁邓叶苏钟莫庞"
_SHARED = {"HS-B03": "HS-B02"}
"""A point answered for by the teacher of another: the kindergarten beside its primary school."""


def people() -> tuple[Person, ...]:
    """A clerk, a manager and an administrator of each network, with the names they sign in by."""
    return tuple(
        Person(network, f"{_LOGIN_PREFIX[network]}-{role}", name, role)
        for network, staff in _STAFF.items()
        for name, role in staff
    )


def teachers() -> tuple[Teacher, ...]:
    """One for each point, or for several where one person answers for them."""
    answered: dict[str, list[str]] = {}
    network_of = {}
    for point in points():
        answered.setdefault(_SHARED.get(point.code, point.code), []).append(point.code)
        network_of[point.code] = point.network
    return tuple(
        Teacher(network_of[first], first, f"{_SURNAMES[index % len(_SURNAMES)]}老师", tuple(codes))
        for index, (first, codes) in enumerate(answered.items())
    )
