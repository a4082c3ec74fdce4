"""All words of the pages, in English and Chinese, and nothing else; those of reports lie in `report.phrases`.

>>> Words("en")("w.search"), Words("zh")("w.search"), Words("zh")("kept")
('Search', '查询', '已履行')
"""

from __future__ import annotations

from typing import Final

from tallystick.doors.web.words_failing import FAILING
from tallystick.doors.web.words_finding import FINDING
from tallystick.doors.web.words_inside import INSIDE
from tallystick.doors.web.words_redress import REDRESS
from tallystick.report.phrases import LANGUAGES, Phrases

__all__ = ["LANGUAGES", "Words"]


class Words(Phrases):
    """The words of a page: its own (`w.`), and those of the reports."""

    __slots__ = ()

    def __call__(self, key: str, **blanks: object) -> str:
        own = WORDS.get(key)
        if own is None:
            return super().__call__(key, **blanks)
        return own[LANGUAGES.index(self.lang)].format(**blanks)

    def either(self, prefix: str, key: str) -> str:
        """The words for `prefix.key`, or the key itself where it has none."""
        return (
            self(f"{prefix}.{key}") if f"{prefix}.{key}" in WORDS else super().either(prefix, key)
        )


PUBLIC: Final[dict[str, tuple[str, str]]] = {
    # the frame
    "w.brand": ("Tallystick", "Tallystick"),
    "w.home": ("Tallystick, first page", "Tallystick 首页"),
    "w.search": ("Search", "查询"),
    "w.compare": ("Compare", "比较"),
    "w.model": ("How it works", "评级方法"),
    "w.me": ("My page", "我的页面"),
    "w.console": ("Hand in", "提交数据"),
    "w.sign_in": ("Sign in", "登录"),
    "w.sign_out": ("Sign out", "退出"),
    "w.skip": ("Skip to the content", "跳到正文"),
    "w.menu": ("Pages", "页面"),
    "w.other_language": ("中文", "English"),
    "w.signed_in": ("{name}, {role}", "{name}（{role}）"),
    "w.state": (
        "As of {as_of} · policy {policy} · {documents} documents about {companies} companies",
        "截至 {as_of} · 评级规则 {policy} · {companies} 家企业的 {documents} 份单据",
    ),
    "w.not_rated": ("This book has not been rated yet.", "本账簿尚未评级。"),
    "w.json": ("This page as JSON", "本页 JSON"),
    "w.api": ("API description", "API 说明"),
    "w.free": (
        "Nothing on these pages is for sale. No rating can be bought, and neither can its removal.",
        "本站不出售任何内容：评级不能购买，也不能付费删除。",
    ),
    "w.role.company": ("company", "企业"),
    "w.role.contributor": ("contributor", "数据提供方"),
    "w.role.analyst": ("analyst", "分析员"),
    "w.role.operator": ("operator", "运营方"),
    "w.role.auditor": ("auditor", "审计方"),
    # the first page
    "w.landing.title": ("Credit is promises kept", "信用，就是守约"),
    "w.landing.lead": (
        "Look up any company in cross-border e-commerce: how likely it is to break its next promise, how sure "
        "that is, and why.",
        "查询跨境电商中的任何一家企业：下一项承诺违约的概率、把握有多大，以及原因。",
    ),
    "w.search.label": ("Company, tax number, LEI or code", "企业名称、税号、LEI 或代码"),
    "w.search.hint": (
        "In any script: shenzhen huaqiang finds 深圳市华强电子有限公司 too.",
        "不限文字：输入 shenzhen huaqiang 也能找到深圳市华强电子有限公司。",
    ),
    "w.search.placeholder": ("Name or number", "名称或号码"),
    "w.landing.1": ("Out of what you did", "依据实际行为"),
    "w.landing.1_text": (
        "Orders, shipments, invoices and payments show who promised what, and whether it came: goods on "
        "the day, "
        "in full; money on the date. That record is the rating. Size, age and country count only until "
        "it speaks.",
        "订单、运单、发票、付款记录了谁承诺了什么、是否兑现：货物按期足量，货款按时到账。评级就是这份记录；"
        "规模、年限、国别只在记录不足时起作用。",
    ),
    "w.landing.2": ("A chance, not a mystery", "是概率，不是谜"),
    "w.landing.2_text": (
        "A grade stands for a chance with an interval. The reasons are listed with points that add up to the "
        "score, and every number leads to the documents behind it.",
        "等级对应一个概率及其区间。每项原因附有分数，相加即为得分；每个数字都能追溯到所依据的单据。",
    ),
    "w.landing.3": ("New is not bad", "新企业不等于差"),
    "w.landing.3_text": (
        "Too little evidence is an answer of its own, never a bad grade. The page then says what would "
        "be enough.",
        "证据不足是独立的结论，绝不等于低评级；页面会说明还需要哪些证据。",
    ),
    "w.landing.4": ("Yours to see and to answer", "自己的记录自己看得到"),
    "w.landing.4_text": (
        "A company sees all that is held about it and who looked at it, for free. Each cause of a "
        "change is told, "
        "and what would improve the grade is worked out.",
        "企业可免费查看关于自己的全部记录，以及谁查看过。每次变化都注明原因，并给出改善等级的途径。",
    ),
    "w.landing.scale": ("What the grades stand for", "等级的含义"),
    "w.landing.scale_text": (
        "Each grade is a range of the chance that the next promise is broken or late; each is about "
        "twice as wide "
        "as the one before.",
        "每个等级对应下一项承诺违约或迟延的概率区间，逐级约加倍。",
    ),
    "w.landing.example": (
        "Drawn above it: a company at {mean}, between {low} and {high}.",
        "上方所示：某企业概率为 {mean}，区间 {low} 至 {high}。",
    ),
    "w.landing.more": ("How the rating works, in full", "查看完整的评级方法"),
    # search
    "w.found.title": ("Search: {q}", "查询：{q}"),
    "w.found.empty_title": ("Search", "查询企业"),
    "w.found.n": ("Companies found: {n}", "找到 {n} 家企业"),
    "w.found.most": ("The {n} that fit best are shown.", "显示最相符的 {n} 家。"),
    "w.found.similar": (
        "No company is called exactly so. Did you mean one of these?",
        "没有完全同名的企业。您要找的是否为：",
    ),
    "w.found.compare": ("Compare", "比较"),
    "w.found.no_name": ("Name not known", "名称未知"),
    "w.found.none": ("Nothing found for “{q}”", "没有找到“{q}”"),
    "w.found.none_1": (
        "Try fewer words, another script, or a number: LEI, tax number, 统一社会信用代码, or the id in "
        "a shop's "
        "address.",
        "可减少词语、换一种文字，或改用号码：LEI、税号、统一社会信用代码，或店铺网址中的编号。",
    ),
    "w.found.none_2": (
        "A company that is not here has left no document in this book. That says nothing against it: "
        "ask it for "
        "papers of past deals, or agree on terms that need no record, such as payment against documents.",
        "未收录只表示本账簿中没有其单据，并不意味着任何负面判断：可请对方提供以往交易的单据，"
        "或采用无需信用记录的条件，如付款交单。",
    ),
    "w.found.none_3": (
        "Whoever traded with it can hand documents in: an account as a contributor is made by the operator.",
        "与其有过交易的一方可提交单据：由运营方开通数据提供方账户。",
    ),
    "w.no_record": ("no record", "无记录"),
    # signing in
    "w.login": ("Login", "用户名"),
    "w.password": ("Password", "密码"),
    "w.sign_in.wrong": ("Login and password do not fit each other.", "用户名与密码不匹配。"),
    "w.sign_in.elsewhere": ("Sign in with your organisation's account", "使用机构账户登录"),
    "w.sign_in.again": (
        "That attempt to sign in is over, or this browser keeps no cookies. Begin again.",
        "该次登录已失效，或浏览器未启用 Cookie。请重新开始。",
    ),
    "w.sign_in.refused": (
        "Your organisation's sign-in service refused. Begin again, or sign in with a password.",
        "机构登录服务拒绝了请求。请重新开始，或使用密码登录。",
    ),
    "w.sign_in.unreached": (
        "Your organisation's sign-in service does not answer. Try again in a few minutes.",
        "机构登录服务没有响应，请几分钟后再试。",
    ),
    "w.sign_in.token": (
        "What your organisation's sign-in service said cannot be trusted. Tell the operator of this service.",
        "机构登录服务返回的信息无法确认，请告知本服务的运营方。",
    ),
    "w.sign_in.uninvited": (
        "You are known there, but have no account here. The operator of this service makes accounts.",
        "机构已确认您的身份，但您在此没有账户；账户由本服务的运营方开通。",
    ),
    "w.password.title": ("Another password", "更改密码"),
    "w.password.old": ("Password until now", "当前密码"),
    "w.password.new": ("New password", "新密码"),
    "w.password.note": (
        "At least {n} characters. Wherever else you are signed in, you are signed out; keys for programs go on "
        "working until you end them.",
        "至少 {n} 个字符。其他地方的登录将全部退出；程序密钥在撤销前仍然有效。",
    ),
    "w.password.wrong": ("That is not the password until now.", "当前密码不正确。"),
    "w.password.short": ("A password has at least {n} characters.", "密码至少 {n} 个字符。"),
    "w.sign_in.need": ("Sign in to see this page.", "请登录后查看此页。"),
    "w.sign_in.why": (
        "Ratings need no account. Who speaks for a company, hands evidence in or looks at evidence "
        "signs in; the "
        "operator of this service makes accounts.",
        "查看评级无需账户。代表企业、提交数据或查看证据者需登录；账户由本服务的运营方开通。",
    ),
    # the page of a company
    "w.c.inside": ("On this page", "本页内容"),
    "w.c.json": ("Report as JSON", "报告 JSON"),
    "w.c.file": ("Report as one file", "单文件报告"),
    "w.c.compare": ("Compare with another", "与另一家比较"),
    "w.c.print": ("Print", "打印"),
    "w.c.merged": (
        "{code} was joined to this company: both are one.",
        "{code} 已并入本企业：两者为同一家。",
    ),
    "w.c.disputed": (
        "Under dispute: {n}. The company objects to entries in its record; until that is decided, read "
        "the rating "
        "with that in mind.",
        "争议中：{n} 项。企业对其记录中的条目提出异议；裁决之前，请谨慎参考本评级。",
    ),
    "w.c.stale": (
        "Nothing new fell due since {day}. What is known fades with time, and the interval widens.",
        "自 {day} 以来没有新的到期承诺。已有证据的权重随时间减少，区间变宽。",
    ),
    "w.c.whole": (
        "You see the evidence with names and amounts. This look was logged: {purpose}.",
        "您看到的是含名称与金额的完整证据。本次查看已记录，目的：{purpose}。",
    ),
    "w.c.own": ("own data", "本企业数据"),
    "w.c.ask": (
        "You may see the evidence behind this with names and amounts. Say for which purpose: it is "
        "logged, and the "
        "company can read it.",
        "您可以查看含名称与金额的证据。请说明目的：该查看将被记录，企业可以读到。",
    ),
    "w.c.purpose": ("Purpose", "查看目的"),
    "w.c.purpose_hint": ("such as: credit decision on an order", "例如：某订单的授信决定"),
    "w.c.show": ("Show the evidence", "查看证据"),
    "w.c.discreet": (
        "Counterparties are numbered and amounts of single promises left out: two public pages with the "
        "same deal "
        "on them would tell who trades with whom.",
        "交易方以编号代替，单项承诺的金额不公开：否则从两份公开页面即可推知谁与谁交易。",
    ),
    "w.c.history": ("What changed it", "评级变化"),
    "w.c.history_none": (
        "The rating has not changed since this service began to show it ({day}).",
        "自本服务开始展示（{day}）以来，评级没有变化。",
    ),
    "w.c.then": ("See it as of another day", "查看其他日期的评级"),
    "w.c.then_day": ("Day", "日期"),
    "w.c.then_known": ("only what was known then", "仅计当时已知内容"),
    "w.c.then_show": ("Show", "显示"),
    "w.c.then_wait": (
        "A day that nobody asked for before is worked out anew, which takes as long as a rating of all.",
        "首次查看的日期须重新计算，用时与全体评级相同。",
    ),
    "w.c.then_today": (
        "The report as of {day}, by all that is known today.",
        "截至 {day} 的报告，计入今天已知的全部内容。",
    ),
    "w.c.then_then": (
        "The report as of {day}, by what was known on that day.",
        "截至 {day} 的报告，仅计当日已知内容。",
    ),
    "w.c.then_back": ("To the report of today", "返回今天的报告"),
    "w.c.history_when": ("When (UTC)", "时间（UTC）"),
    "w.c.history_what": ("What happened", "变化"),
    "w.c.history_cause": ("Cause", "原因"),
    "w.c.history_first": ("First rated {grade}", "首次评级 {grade}"),
    "w.c.history_moved": ("{before} → {after}", "{before} → {after}"),
    "w.c.history_same": ("{grade} as before", "维持 {grade}"),
    "w.cause.evidence": ("new evidence about the company", "该企业有新证据"),
    "w.cause.market": ("the market around it moved", "市场整体变化"),
    "w.cause.time": (
        "a day passed: evidence aged, promises fell due",
        "时间推移：证据老化、承诺到期",
    ),
    "w.cause.policy": ("another policy came into force", "评级规则变更"),
    "w.cause.dispute": ("a dispute was decided", "争议已裁决"),
    "w.c.identity": ("Who it is", "企业身份"),
    "w.c.names": ("Names in the evidence", "证据中的名称"),
    "w.c.ids": ("Identifiers", "标识"),
    "w.c.code": ("Code", "代码"),
    "w.c.country": ("Country", "国家"),
    "w.c.country_by": (
        "{country}, told by {ref} alone: no document states a country",
        "{country}，仅由 {ref} 推知：没有单据写明国家",
    ),
}

WORDS: Final[dict[str, tuple[str, str]]] = PUBLIC | FAILING | FINDING | INSIDE | REDRESS
"""Key -> (English, Chinese)."""
