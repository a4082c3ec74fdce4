"""Words of the search and of lists that are looked up."""

from __future__ import annotations

from typing import Final

FINDING: Final[dict[str, tuple[str, str]]] = {
    # narrowing a search
    "w.f.title": ("Narrow it down", "筛选"),
    "w.f.country": ("Country", "国家"),
    "w.f.role": ("Role", "角色"),
    "w.f.grade": ("Grade", "等级"),
    "w.f.level": ("Evidence", "证据"),
    "w.f.fresh": ("Newest promise", "最近承诺"),
    "w.f.within": ("within {n} days", "{n} 天内"),
    "w.f.older": ("longer than {n} days ago", "{n} 天以前"),
    "w.f.none.country": ("not known", "未知"),
    "w.f.none.role": ("no record", "无记录"),
    "w.f.none.grade": ("no record", "无记录"),
    "w.f.none.level": ("no record", "无记录"),
    "w.f.none.fresh": ("no record", "无记录"),
    "w.f.selling": ("selling", "销售"),
    "w.f.buying": ("buying", "采购"),
    "w.f.carrying": ("carrying", "承运"),
    "w.f.insuring": ("insuring", "承保"),
    "w.f.settling": ("settling", "结算"),
    "w.f.warehousing": ("warehousing", "仓储"),
    "w.f.running_a_platform": ("running a platform", "经营平台"),
    "w.f.drop": ("Show all again", "取消筛选"),
    "w.f.nothing": (
        "Nothing of what was found is left with these choices.",
        "按所选条件没有符合的企业。",
    ),
    "w.f.over": (
        "Counted over the {n} companies that fit what was asked.",
        "在与查询相符的 {n} 家企业中统计。",
    ),
    # a list
    "w.l.title": ("Look up a list", "批量查询"),
    "w.l.lead": (
        "Paste names or numbers, one a line, or hand in a table: suppliers of a year, bidders, a mailing list. "
        "Nothing of it is kept.",
        "粘贴名称或号码，每行一个，或上传表格：全年供应商、投标人、客户名单均可。系统不保存名单。",
    ),
    "w.l.link": ("Many at once? Look up a list", "要查多家？批量查询"),
    "w.l.label": ("Companies", "企业"),
    "w.l.list": ("The list", "名单"),
    "w.l.change": ("Change the list", "修改名单"),
    "w.l.hint": (
        "Up to {n} lines. A header such as name, country, lei tells which column is what; a number is believed "
        "before a name, and the country decides between firms of the same name.",
        "最多 {n} 行。可用表头（如 名称、国家、税号）说明各列；号码优先于名称，同名时以国家区分。",
    ),
    "w.l.file": ("or a file (CSV, Excel or text)", "或上传文件（CSV、Excel 或文本）"),
    "w.l.do": ("Look them up", "查询"),
    "w.l.csv": ("All as CSV", "下载 CSV"),
    "w.l.json": ("All as JSON", "下载 JSON"),
    "w.l.empty": ("Paste a list or choose a file first.", "请先粘贴名单或选择文件。"),
    "w.l.result": ("Lines {first} to {last} of {total}", "第 {first} 至 {last} 行，共 {total} 行"),
    "w.l.next": ("Next lines", "下一页"),
    "w.l.back": ("Lines before", "上一页"),
    "w.l.asked": ("Asked", "查询内容"),
    "w.l.company": ("Company", "企业"),
    "w.l.found": ("found", "已找到"),
    "w.l.ambiguous": ("several", "多家同名"),
    "w.l.similar": ("not sure", "不确定"),
    "w.l.none": ("not found", "未找到"),
    "w.l.n_found": ("{n} found", "找到 {n} 家"),
    "w.l.n_ambiguous": ("{n} that may mean several", "{n} 行可能指多家"),
    "w.l.n_similar": ("{n} that only resemble a name", "{n} 行仅名称相近"),
    "w.l.n_none": ("{n} not found", "{n} 行未找到"),
    "w.l.may_mean": ("It may mean:", "可能指："),
    "w.l.sure": (
        "Where it is not sure which company is meant, no rating is shown: open the right one, or put its code "
        "in the list.",
        "无法确定所指企业时不显示评级：请打开正确的一家，或在名单中写入其代码。",
    ),
    "w.l.none_text": (
        "No document in this book. That says nothing against it.",
        "本账簿中没有单据，不代表任何负面判断。",
    ),
    "w.l.disputed": ("in dispute", "争议中"),
}
"""Key -> (English, Chinese)."""
