"""The columns of a file of places. The first heading of each is what the template says."""

from collections.abc import Mapping

from branchnet.stock.lists.headings import Names

COLUMNS: Names = {
    "code": ("代码", "统计用区划代码", "区划代码", "编号", "服务点编号", "标识码", "code"),
    "name": ("名称", "村名", "学校名称", "服务点", "服务点名称", "单位名称", "name"),
    "kind": ("类型", "类别", "kind"),
    "county": ("县", "县区", "区县", "县市区", "所属县区", "county"),
    "town": ("乡镇", "乡镇街道", "街道", "镇", "所属乡镇", "town"),
    "urban_rural": ("城乡", "城乡分类", "城乡分类代码", "urbanrural"),
    "children": ("孩子", "孩子人数", "儿童人数", "儿童", "儿童数", "少儿人数", "学生数", "学生人数", "children"),
    "lon": ("经度", "东经", "longitude", "lon", "lng"),
    "lat": ("纬度", "北纬", "latitude", "lat"),
    "datum": ("坐标系", "坐标", "坐标来源", "datum"),
    "quality": ("准不准", "位置准不准", "准确程度", "quality"),
}
QUALITIES: Mapping[str, str] = {
    **dict.fromkeys(("准确", "准", "exact"), "exact"),
    **dict.fromkeys(("大约", "约", "approximate"), "approximate"),
}
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("县", "区", "县区", "县市区", "county"), "county"),
    **dict.fromkeys(("乡镇", "镇", "乡", "街道", "乡镇街道", "乡镇、街道", "town"), "town"),
    **dict.fromkeys(("村", "行政村", "自然村", "village"), "village"),
    **dict.fromkeys(("社区", "居委会", "居民区", "residential"), "residential"),
    **dict.fromkeys(("学校", "小学", "中学", "幼儿园", "完小", "教学点", "school"), "school"),
}
URBAN_RURAL: Mapping[str, str] = {
    **dict.fromkeys(("111", "主城区"), "111"),
    **dict.fromkeys(("112", "城乡结合区"), "112"),
    **dict.fromkeys(("121", "镇中心区"), "121"),
    **dict.fromkeys(("122", "镇乡结合区"), "122"),
    **dict.fromkeys(("123", "特殊区域"), "123"),
    **dict.fromkeys(("210", "乡中心区"), "210"),
    **dict.fromkeys(("220", "村庄"), "220"),
}
