"""All words of the report, in English and Chinese, and nothing else; those of advice,
explanations, searches and timelines lie beside.

>>> Phrases("en")("kept"), Phrases("zh")("kept")
('kept', '已履行')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tallystick.promises.kinds import PROMISES
from tallystick.report.advice_words import ADVISING
from tallystick.report.break_words import BREAKING
from tallystick.report.curve_words import CURVES
from tallystick.report.explain_words import EXPLAINING
from tallystick.report.find_words import FINDING
from tallystick.report.papers import paper
from tallystick.report.struck_words import STRIKING
from tallystick.report.timeline_words import TIMING
from tallystick.report.validation_words import VALIDATING
from tallystick.report.who_words import ASKING

LANGUAGES: Final = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words in one language; calling it fills in the blanks of a phrase."""

    lang: str

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ValueError(f"reports come in {' and '.join(LANGUAGES)}, not in {self.lang!r}")

    def __call__(self, key: str, **blanks: object) -> str:
        return WORDS[key][LANGUAGES.index(self.lang)].format(**blanks)

    def either(self, prefix: str, key: str) -> str:
        """The words for `prefix.key`, or the key itself where it has none."""
        return self(f"{prefix}.{key}") if f"{prefix}.{key}" in WORDS else key.replace("_", " ")

    def kind(self, kind: str) -> str:
        """What a company does that keeps such promises."""
        known = PROMISES[kind]
        return known.chinese if self.lang == "zh" else known.english

    def paper(self, kind: str) -> str:
        """What a kind of document is called."""
        return paper(kind, self.lang)

    def between(self, kinds: str) -> str:
        """The two documents of a break: `invoice and order`, or what they say of each other."""
        if f"between.{kinds}" in WORDS:
            return self(f"between.{kinds}")
        kind, _, currencies = kinds.partition(" in ")
        first, both, second = kind.partition(" and ")
        if currencies:
            one, _, other = currencies.partition(" and in ")
            return self("between_currencies", kind=self.paper(kind), one=one, other=other)
        if both:
            return self("between_two", first=self.paper(first), second=self.paper(second))
        return self.paper(kind)

    def role(self, role: str) -> str:
        """A role as the program writes it; in Chinese what it means."""
        return self.either("role", role) if self.lang == "zh" else role

    def joined(self, words: list[str]) -> str:
        """Words as a list."""
        return ("、" if self.lang == "zh" else ", ").join(words)


WORDS: Final[dict[str, tuple[str, str]]] = {
    # what the page is called and how it is laid out
    "brand": ("Tallystick", "Tallystick"),
    "chance_short": ("Chance", "违约概率"),
    "late_short": ("Days late", "迟延天数"),
    "late_note": ("days late: median / nine in ten", "迟延天数：中位数 / 九成以内"),
    "title": ("Credit report", "信用报告"),
    "tagline": (
        "A rating out of promises kept, with every number explained",
        "以履约记录为依据，每个数字均可追溯",
    ),
    "chance": ("Chance that it breaks its next promise", "下一项承诺违约的概率"),
    "chance.not_enough_evidence": ("What is expected of companies like it", "同类企业的预期违约概率"),
    "chance_note": (
        "late, short or not at all; {coverage} interval {low} to {high}",
        "包括迟延、短缺或未履行；{coverage}区间 {low} 至 {high}",
    ),
    "interval": ("{coverage} interval", "{coverage}区间"),
    "evidence": ("Evidence", "证据"),
    "evidence_note": (
        "weighs as much as {weight} fully confirmed promises",
        "相当于 {weight} 项充分佐证的承诺",
    ),
    "exposure": ("Proven exposure", "已验证敞口"),
    "exposure_note": (
        "what it has shown it can be trusted with",
        "以往记录所能支持的授信规模",
    ),
    "as_of": ("As of", "截至"),
    "known_at": ("Evidence known at", "证据截止时间"),
    "grade": ("Grade", "等级"),
    "titled": ("{what}: {title}", "{what}：{title}"),
    "meaning": ("What it means", "意味着什么"),
    "reason": ("Reason", "原因"),
    "reasons": ("Why", "原因"),
    "drawn": ("Drawn", "图示"),
    "company": ("Company", "企业"),
    "reasons_note": (
        "The base and the reasons add up to the score. 600 points stand for a chance of 5 %; "
        "20 points more halve the odds.",
        "基准分与各项原因之和即为得分。600 分对应 5 % 的违约概率；每增加 20 分，违约赔率减半。",
    ),
    "score": ("Score", "得分"),
    "base": ("Base", "基准"),
    "points": ("points", "分"),
    "track_record": ("Track record", "履约记录"),
    "roles": ("By role", "按角色"),
    "role_name": ("Role", "角色"),
    "promise": ("Promise", "承诺"),
    "kinds": ("By kind of promise", "按承诺种类"),
    "kept_rate": ("Kept", "履约率"),
    "peers": ("peers", "同类"),
    "counterparties": ("Counterparties", "交易方"),
    "quarters": ("Kept rate by quarter", "各季度履约率"),
    "horizon": ("Chance that it breaks any promise", "任一承诺违约的概率"),
    "horizon.all": ("all kinds of promise", "全部承诺"),
    "horizon.days": ("in {days} days", "{days} 天内"),
    "horizon.expected": ("expected", "预计项数"),
    "horizon_note": (
        "From the next promise on to so many days after it: how many are expected, the chance that at least "
        "one is broken, and its {coverage} interval. Who promises more has more occasions to break a promise.",
        "自下一项承诺起若干天内：预计承诺项数、至少违约一次的概率及其{coverage}区间。承诺越多，违约机会越多。",
    ),
    "promises": ("Promises", "承诺明细"),
    "promises_note": (
        "{shown} of {total} promises are shown.",
        "共 {total} 项，显示 {shown} 项。",
    ),
    "against": ("What weighs most against it", "最不利的承诺"),
    "newest": ("The newest", "最新的承诺"),
    "strip": (
        "Each mark is a promise: when it was due, and how many days later it was kept",
        "每个标记为一项承诺：横轴为到期日，纵轴为迟延天数",
    ),
    "days_late": ("days late", "迟延天数"),
    "early": ("early", "提前"),
    "never": ("never", "未履行"),
    "to": ("To", "对方"),
    "due": ("Due", "到期"),
    "done": ("Done", "完成"),
    "outcome": ("Outcome", "结果"),
    "value": ("Value", "金额"),
    "strength": ("Confirmed", "佐证"),
    "counts_now": ("Weighs now", "现权重"),
    "documents": ("Documents", "单据"),
    "counterparty_n": ("counterparty {n}", "交易方 {n}"),
    "unknown_party": ("not known", "未知"),
    "breaks": ("Where documents disagree or are missing", "单据之间的矛盾与缺失"),
    "breaks_note": ("{shown} of {total}.", "共 {total} 处，显示 {shown} 处。"),
    "breaks_none": (
        "The documents of its deals agree, and none that they name is missing.",
        "其交易的单据相互一致，所提及的单据也无缺失。",
    ),
    "deal": ("Deal", "交易"),
    "between": ("Between", "涉及单据"),
    "expected": ("First says", "前者"),
    "found": ("Second says", "后者"),
    "related": ("Related parties", "关联方"),
    "related_note": (
        "{shown} of {total}. Promises to a related party weigh less by so much, and from a half on its word "
        "counts as the company's own.",
        "共 {total} 项，显示 {shown} 项。对关联方的承诺按该比例降低权重；"
        "关联程度达一半以上时，其证言视同本企业自述。",
    ),
    "related_how": ("How related", "关联方式"),
    "related_weight": ("Weighs less by", "权重降低"),
    "related_since": ("Since", "起始日期"),
    "related.owner": ("its owner", "股东"),
    "related.head": ("its ultimate parent", "最终母公司"),
    "related.owned": ("owned by it", "被投资企业"),
    "related.member": ("of its group", "集团成员"),
    "related.sister": ("same ultimate parent", "同一最终母公司"),
    "related.account": ("same bank account", "同一银行账户"),
    "related.domain": ("same domain", "同一域名"),
    "related.address": ("same address", "同一地址"),
    "outlook": ("What would change it", "如何改善"),
    "what_if": (
        "Where it would help most, if the next promises were kept: {kind}",
        "改善效果最大的一类承诺，若今后均如约履行：{kind}",
    ),
    "what_if_kind": ("This kind", "此类承诺"),
    "what_if_all": ("All promises", "全部承诺"),
    "what_if_now": ("now", "现在"),
    "what_if_kept": ("{n} more kept", "再履行 {n} 项"),
    "what_if_note": (
        "Each in full, to another counterparty that others know well, before an independent witness, "
        "at today's mix of kinds. What has been broken stays in the record and loses weight with time.",
        "每项均足额履行、面向不同的、广为人知的交易方、并有独立见证，各类承诺占比不变。"
        "既往违约保留在记录中，权重随时间减少。",
    ),
    "provenance": ("Where it comes from", "数据来源"),
    "provenance_note": (
        "{documents} documents of its deals, by who handed them in.",
        "其交易共有 {documents} 份单据，按提交方列示。",
    ),
    "contributor": ("Contributor", "提交方"),
    "source_kind": ("Kind", "类别"),
    "note_number": ("No.", "编号"),
    "document": ("Document", "单据"),
    "place": ("Place in the file", "文件中的位置"),
    "batch": ("Batch", "批次"),
    "source": ("Source", "来源"),
    "row": ("row", "行"),
    "sources": ("Documents behind the promises above", "上述承诺所依据的单据"),
    "versions": ("Versions", "版本"),
    "versions_note": (
        "The same versions give the same report, to the byte.",
        "相同版本必然生成完全相同的报告。",
    ),
    "policy": ("Policy", "评级规则"),
    "rates": ("Exchange rates", "汇率"),
    "code": ("Code", "程序"),
    "cut": ("Cut", "数据切面"),
    "identifiers": ("Identifiers", "标识"),
    "also": ("also known as", "又名"),
    "country_by": (
        "the country is told by {ref} alone: no document states one",
        "国家仅由 {ref} 推知：没有单据写明",
    ),
    "none": ("none", "无"),
    "no_promises": ("There is no promise in the book.", "账簿中没有其承诺。"),
    "skip": ("Skip to the report", "跳到报告正文"),
    # grades in words
    "grade.AAA": ("exceptional", "极佳"),
    "grade.AA": ("very strong", "优异"),
    "grade.A": ("strong", "优良"),
    "grade.BBB": ("good", "良好"),
    "grade.BB": ("fair", "尚可"),
    "grade.B": ("mixed", "一般"),
    "grade.CCC": ("weak", "偏弱"),
    "grade.CC": ("very weak", "很弱"),
    "grade.C": ("poor", "差"),
    "grade.D": ("breaks most of its promises", "多数承诺违约"),
    "grade.D.default": ("in formal default", "正式违约"),
    "grade.X": ("on a sanctions list", "列入制裁名单"),
    "grade.NR": ("not enough evidence", "证据不足"),
    "sentence.rated": (
        "Of 100 promises like its next one, about {n} would be broken or late.",
        "每 100 项类似的承诺中，预计约有 {n} 项违约或迟延。",
    ),
    "sentence.few": (
        "Of 1,000 promises like its next one, about {n} would be broken or late.",
        "每 1,000 项类似的承诺中，预计约有 {n} 项违约或迟延。",
    ),
    "sentence.not_enough_evidence": (
        "Too little is known to grade it. That says nothing against it.",
        "已知信息不足以评级，这并不意味着任何负面判断。",
    ),
    "sentence.no_record": (
        "It is known by name, but no promise of its own is in the book. That says nothing against it.",
        "账簿中只有其名称，没有其承诺，这并不意味着任何负面判断。",
    ),
    "sentence.sanctioned": (
        "It stands on a sanctions list. The record below does not change that.",
        "该企业列入制裁名单，下述履约记录不改变这一事实。",
    ),
    "sentence.default": (
        "Insolvency was opened or the company was dissolved. The record below does not change that.",
        "该企业已进入破产程序或已注销，下述履约记录不改变这一事实。",
    ),
    "meaning.rated": ("Terms that fit", "适宜的交易条件"),
    "meaning.not_enough_evidence": ("Not enough evidence is not a bad mark", "证据不足不等于信用不良"),
    "meaning.no_record": ("No record is not a bad mark", "没有记录不等于信用不良"),
    "meaning.sanctioned": ("Do not deal before the listing is cleared up", "核实制裁名单之前请勿交易"),
    "meaning.default": ("Its promises can no longer be relied on", "其承诺已不可依赖"),
    "fact.sanction": ("sanctions entry", "制裁条目"),
    "fact.insolvency": ("insolvency", "破产"),
    "fact.registration": ("registration", "登记"),
    "fact": (
        "{what}: {status}, {day}, said by {who} ({where})",
        "{what}：{status}，{day}，来源 {who}（{where}）",
    ),
    # evidence levels
    "level.E0": ("almost none", "几乎没有"),
    "level.E1": ("thin", "薄弱"),
    "level.E2": ("moderate", "有限"),
    "level.E3": ("solid", "充分"),
    "level.E4": ("rich", "丰富"),
    # outcomes
    "outcome.kept": ("kept", "已履行"),
    "outcome.late": ("late", "迟延"),
    "outcome.partial": ("in part", "部分履行"),
    "outcome.broken": ("broken", "违约"),
    "outcome.excused": ("excused", "免责"),
    "outcome.disputed": ("disputed", "争议中"),
    "outcome.open": ("open", "未到期"),
    "kept": ("kept", "已履行"),
    # roles
    "role.selling": ("as a seller", "作为卖方"),
    "role.buying": ("as a buyer", "作为买方"),
    "role.carrying": ("as a carrier", "作为承运人"),
    "role.insuring": ("as an insurer", "作为保险人"),
    "role.settling": ("as a bank or payment service", "作为银行或支付机构"),
    "role.warehousing": ("as a warehouse", "作为仓库"),
    "role.running_a_platform": ("as a platform", "作为平台"),
    # who hands evidence in
    "who.firm": ("trading company", "贸易企业"),
    "who.marketplace": ("marketplace", "电商平台"),
    "who.bank": ("bank", "银行"),
    "who.payment_service": ("payment service", "支付机构"),
    "who.carrier": ("carrier", "承运人"),
    "who.insurer": ("insurer", "保险公司"),
    "who.customs": ("customs", "海关"),
    "who.registry": ("registry", "登记机关"),
    "who.court": ("court", "法院"),
    "who.inspector": ("inspector", "检验机构"),
    "who.warehouse": ("warehouse", "仓库"),
    "who.operator": ("operator of the book", "账簿管理人"),
    # outlook
    "outlook.level": (
        "Evidence weighs {now} now ({level}). {next} starts at {floor}: at least {strong} more promises "
        "confirmed by two independent sources, each towards another counterparty that is known to others.",
        "现有证据权重为 {now}（{level}）。达到 {next} 需 {floor}：至少还需 {strong} 项经两个独立来源佐证的"
        "承诺，且面向不同的、为他人所知的交易方。",
    ),
    "outlook.top": (
        "Evidence weighs {now}: the highest level. Further evidence narrows the interval slowly.",
        "证据权重为 {now}，已达最高级；更多证据只会缓慢收窄区间。",
    ),
    "outlook.against": (
        "What costs it most: {what} ({points} points).",
        "扣分最多的原因：{what}（{points} 分）。",
    ),
    "outlook.recent": (
        "Broken promises that make up half of what weighs against it: {n}; the newest fell due on {day}.",
        "不利权重的一半来自 {n} 项未履行的承诺，最近一项于 {day} 到期。",
    ),
    "outlook.disputed": (
        "Under dispute, and not counted until there is a ruling: {n}.",
        "有 {n} 项承诺存在争议，裁决之前不计入。",
    ),
    "outlook.gate": (
        "The grade follows from standing, not from the record: only a change of that fact changes it.",
        "等级取决于企业状态而非履约记录，唯有该事实改变，等级才会改变。",
    ),
    "outlook.first": (
        "Any first documents of a deal in which it promised something would start a record.",
        "只要有一笔含其承诺的交易单据，即可建立记录。",
    ),
} | ADVISING | BREAKING | CURVES | EXPLAINING | FINDING | ASKING | STRIKING | TIMING | VALIDATING  # fmt: skip
"""Key -> (English, Chinese)."""
