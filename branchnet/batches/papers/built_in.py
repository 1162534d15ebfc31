"""The agreement that comes with us, for a library that has no template of its own yet: a draft, to be changed.

Clauses say what is lent, for how long, and who answers for what. Each library has its own looked over before it signs.
"""

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt

from branchnet.batches.papers.word import HEADING, WIDTH, blank_paper, line, saved, table

FILE_NAME = "协议书.docx"

# An agreement between two Chinese bodies is in Chinese, whatever language its clerk reads.
_CLAUSES = (
    "一、甲方在乙方设立图书服务点，向乙方提供少儿图书，供师生和附近的孩子免费阅读。",
    "二、协议期限：{{ 期限 }}。期满前三十天内，双方没有异议的，另签新协议。",
    "三、甲方寄存在乙方的图书归甲方所有。每批图书交接时填写《图书交接单》，双方签字，各存一份；赠送的图书在交接单上写明。",
    "四、送书的图书每批在乙方放 {{ 送书天数 }} 天，到期由甲方取回或者轮换。",
    "五、乙方提供固定的场所和书架，指定专人管理，按时开放，每月如实上报阅览人次和外借册次，不记录孩子的个人信息。",
    "六、正常阅读造成的自然损耗，每个协议期不超过寄存册数的 {{ 损耗 }}，由甲方承担；超过的由双方协商补充或者赔偿。",
    "七、甲方负责图书的编目、配送和更换，每学期至少派人到乙方指导一次。",
    "八、乙方停止服务或者迁移时，提前三十天告知甲方，并把寄存的图书交回甲方。",
    "九、本协议一式两份，双方各存一份，自签字盖章之日起生效。没有约定的事项，由双方协商解决。",
)


def built_in() -> bytes:
    """The file."""
    paper = blank_paper()
    line(paper, "图书服务点共建协议书", 20, bold=True, align=ALIGN.CENTER, font=HEADING)
    line(paper, "协议编号：{{ 编号 }}", 12, align=ALIGN.RIGHT)
    line(paper, "甲方：{{ 甲方 }}", 12)
    line(paper, "乙方：{{ 乙方 }}（编号 {{ 乙方编号 }}）", 12)
    line(paper, "为了让孩子身边有书可读，甲乙双方经协商，达成以下协议：", 12).paragraph_format.first_line_indent = Pt(
        24
    )
    for clause in _CLAUSES:
        line(paper, clause, 12).paragraph_format.first_line_indent = Pt(24)
    line(paper, "", 12)
    signed = [
        ["甲方（盖章）：{{ 甲方 }}", "乙方（盖章）：{{ 乙方 }}"],
        ["负责人（签字）：", "负责人（签字）："],
        ["经办人（签字）：", "经办人（签字）："],
        ["日期：{{ 签订日期 }}", "日期：{{ 签订日期 }}"],
    ]
    table(paper, [WIDTH / 2, WIDTH / 2], signed, size=12, height=1.2)
    return saved(paper)
