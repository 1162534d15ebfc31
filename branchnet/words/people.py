"""Errors about people and their links, and those that any form may meet."""

from typing import Any

from branchnet.language import _
from branchnet.words.fields import field_words
from branchnet.words.said import Said, Words


def of_fields(data: dict[str, Any]) -> Said:
    """What is wrong with the fields of a form, one sentence after another."""
    reasons = dict.fromkeys(field_words(reason) for reason in data.get("fields", {}).values())
    return " ".join(reasons) or _("有一项填得不对。"), _("请返回上一页改好再交；填过的内容都还在。")


PEOPLE: Words = {
    "forbidden": lambda _data: (_("您的岗位不能做这一步。"), _("需要的话，请找管理员开通。")),
    "sign_in_needed": lambda _data: (_("请先登录。"), _("登录后会回到这一页。")),
    "link_ended": lambda _data: (_("这个链接已经停用。"), _("请向图书馆要一个新链接。")),
    "no_device": lambda _data: (
        _("这台手机还没有打开过您的链接。"),
        _("请在微信里找到图书馆发来的链接，再点一次。"),
    ),
    "not_our_script": lambda _data: (_("这个页面不完整，没有记下任何东西。"), _("请刷新页面后再办一次。")),
    "of_another_link": lambda _data: (
        _("这一条是用另一位老师的链接填的，还存在这台手机上。"),
        _("再打开那位老师的链接，就会自动上传；打不开了，请复制成文字发给馆里。"),
    ),
    "slug_known": lambda data: (_("网络代号 %(slug)s 已经有了。", slug=data["slug"]), _("请换一个代号。")),
    "login_known": lambda data: (
        _("用户名 %(login)s 已经有人用了。", login=data["login"]),
        _("请换一个用户名。"),
    ),
    "link_revoked": lambda _data: (_("这位老师的链接已经停用。"), _("要再用，请换一个新链接。")),
    "link_unknown": lambda _data: (_("这位老师还没有链接。"), _("请先生成一个链接。")),
    "answers_already": lambda _data: (_("这个服务点那天已经归这位老师管了。"), _("请看看现在管着哪些点。")),
    "answers_no_more": lambda _data: (_("这个服务点已经不归这位老师管了。"), _("请看看现在管着哪些点。")),
    "handed_over": lambda _data: (_("您的服务点已经交给同事了。"), _("弄错了，就给馆里打个电话。")),
    "nothing_to_hand_over": lambda _data: (_("名下没有服务点，没有可以交的。"), _("请看看现在由谁负责。")),
    "succession_decided": lambda _data: (_("这件事已经定了，或者老师自己撤回了。"), _("请看看现在由谁负责。")),
    "proposal_decided": lambda _data: (_("老师说的这一条已经有人办了。"), _("请回到服务点，看看现在的样子。")),
    "too_many_proposals": lambda _data: (_("已经有十条等着馆里看，没有再记。"), _("着急的话，请给馆里打个电话。")),
    "too_many_requests": lambda _data: (_("现在要链接的人太多，没有记下。"), _("请直接给馆里打电话。")),
    "request_handled": lambda _data: (_("这一条已经有人办了。"), _("请看看还有没有别的老师在等链接。")),
    "not_found": lambda _data: (_("没有找到。"), _("它可能不在您的服务网络里，请回到首页再找。")),
    "invalid": of_fields,
    "in_the_future": of_fields,
    "reading": of_fields,
    "reason_missing": lambda _data: (_("请写明原因。"), _("更正要留下原因，日后才说得清。")),
    "form_incomplete": lambda _data: (_("这个页面不完整，没有记下任何东西。"), _("请刷新页面后再办一次。")),
    "busy": lambda _data: (_("现在同时办理的人太多。"), _("请过一会儿再点一次，不会重复记账。")),
    "same_id_other_body": lambda _data: (
        _("同一次提交的内容前后不一样，第一次的已经记下，这一次没有生效。"),
        _("请刷新页面，看看现在记的是什么，再改。"),
    ),
    "name": of_fields,
    "dates": lambda _data: (_("结束的日子早于开始的日子。"), _("请检查这两个日期。")),
    "too_early": lambda data: (
        _("日期太早：这些书最早可以记在 %(day)s。", day=data["earliest"].isoformat()),
        _("请把日期改成 %(day)s 或更晚。", day=data["earliest"].isoformat()),
    ),
}
"""Errors about people, and those of any form."""
