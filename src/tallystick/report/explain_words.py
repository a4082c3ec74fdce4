"""The words of explanations, in English and Chinese. Formulas keep their letters in both."""

from __future__ import annotations

from typing import Final

EXPLAINING: Final[dict[str, tuple[str, str]]] = {
    "x.titled": ("{name} ({code})", "{name}（{code}）"),
    "x.fact_decides": ("the fact below decides", "由下列事实决定"),
    "x.no_record": ("no record", "没有记录"),
    "x.struck": (
        "Documents about it that were struck: they count nowhere",
        "关于它的已剔除单据：不计入任何结果",
    ),
    "x.struck_one": ("{paper} {number}", "{paper} {number}"),
    "x.struck_why": (
        "struck by {by}: {why}; handed in by {contributor}",
        "由 {by} 剔除：{why}；提交方 {contributor}",
    ),
    "x.none": ("No promise of it is in the book.", "账簿中没有其承诺。"),
    "x.gate": (
        "The grade follows from the fact below, not from this chance.",
        "等级由下列事实决定，而非由此概率决定。",
    ),
    "x.decides": ("{title} decides the grade", "{title}（决定等级）"),
    "x.mix": ("p = Σ share × p(kind)", "p = Σ 占比 × p(种类)"),
    "x.role": ("role {role}", "角色：{role}"),
    "x.kind": ("{kind}: {text}", "{kind}：{text}"),
    "x.shares": (
        "share {role} in the role, {whole} in the headline; more: explain {code}/{kind}",
        "在该角色中占 {role}，在总评中占 {whole}；详见 explain {code}/{kind}",
    ),
    "x.peers": ("m: what is expected of its peers now", "m：目前对同类企业的预期"),
    "x.peers_formula": (
        "logit m = logit(own country) + logit(market lately) − logit(all companies)",
        "logit m = logit(所在国) + logit(近期市场) − logit(全部企业)",
    ),
    "x.peers_numbers": (
        "own country {country} {group}, market lately {level}, all companies {root}",
        "所在国 {country} {group}，近期市场 {level}，全部企业 {root}",
    ),
    "x.range": ("{low} to {high}", "{low} 至 {high}"),
    "x.normal": (
        "log-odds normal about {middle}, where p is their mean probability, with the spread {spread}; "
        "evidence {level}",
        "对数几率服从正态分布：中心 {middle}（使平均概率为 p），标准差 {spread}；证据等级 {level}",
    ),
    "x.points": ("{points} points", "{points} 分"),
    "x.score": ("{formula} with p = {p}", "{formula}，其中 p = {p}"),
    "x.own": ("its own record", "自身记录"),
    "x.own_formula": (
        "sums over counterparties and pools; {n} promises: {counts}",
        "按交易方与合并计入部分加总；共 {n} 项承诺：{counts}",
    ),
    "x.count": ("{n} {what}", "{what} {n} 项"),
    "x.more_parties": ("{n} more counterparties", "其余 {n} 个交易方"),
    "x.more_promises": ("{n} more promises", "其余 {n} 项承诺"),
    "x.towards": ("towards {name}", "对方：{name}"),
    "x.known": (
        "q = {credibility} × u² / (u² + {half}²) = {q}: how well it is known to others, "
        "u = {reach} − {tie} towards this company − {within} among this company's own partners = {u}",
        "q = {credibility} × u² / (u² + {half}²) = {q}：其为他人所知的程度，"
        "u = {reach} − {tie}（与本企业之间）− {within}（与本企业的其他伙伴之间）= {u}",
    ),
    "x.pool": ("all counterparties together: {pool}", "全部交易方合并计入：{pool}"),
    "x.pool.seen": ("what an independent witness saw", "独立见证所见"),
    "x.pool.told": (
        "what both sides, a marketplace or a witness tell",
        "双方、电商平台或见证所述",
    ),
    "x.pool.word": ("what anybody says", "任何一方所言"),
    "x.waiting": (
        "not counted: open, excused, under dispute or not yet due",
        "不计入：未到期、免责或存在争议",
    ),
    "x.half.30": ("half-life 30 days", "半衰期 30 天"),
    "x.half.180": ("half-life 180 days", "半衰期 180 天"),
    "x.half.730": ("half-life 730 days", "半衰期 730 天"),
    "x.half.all": ("whole record", "全部记录"),
    "x.terms": ("the terms and their sum", "各项及其总和"),
    "x.intercept": ("constant", "常数"),
    "x.term.prior": ("what is expected of its peers, logit m", "对同类企业的预期，logit m"),
    "x.term.half_30": (
        "own record, half-life 30 days: logit p30 − logit m",
        "自身记录，半衰期 30 天：logit p30 − logit m",
    ),
    "x.term.half_180": (
        "own record, half-life 180 days: logit p180 − logit m",
        "自身记录，半衰期 180 天：logit p180 − logit m",
    ),
    "x.term.half_730": (
        "own record, half-life 730 days: logit p730 − logit m",
        "自身记录，半衰期 730 天：logit p730 − logit m",
    ),
    "x.term.half_all": (
        "whole own record: logit pall − logit m",
        "自身全部记录：logit pall − logit m",
    ),
    "x.term.level": (
        "the market, last 30 days against last 180",
        "市场近 30 天与近 180 天之差",
    ),
    "x.term.entrants": ("newcomers against all", "新企业与全部企业之差"),
    "x.term.week": (
        "days since the last break, e^(−days / 7)",
        "距最近一次违约的天数，e^(−天数 / 7)",
    ),
    "x.term.day": (
        "days since the last break, e^(−days)",
        "距最近一次违约的天数，e^(−天数)",
    ),
    "x.term.last": ("the last outcome was a break", "最近一项承诺为违约"),
    "x.term.others": (
        "promises of other kinds: log of breaks to breaks that were expected",
        "其他种类的承诺：实际违约与预期违约之比的对数",
    ),
    "x.term.standing": (
        "standing: registered for years, certified, lapsed, insolvent once",
        "主体状况：登记年限、认证、失效登记、曾经破产",
    ),
    "x.term.kin": (
        "related companies that began earlier broke more than was expected; × 3 / (3 + promises kept)",
        "先成立的关联企业违约多于预期；乘以 3 / (3 + 已履行承诺)",
    ),
    "x.unknown": ("an unknown party", "未知企业"),
    "x.pair": (
        "E {e}, of which broken B {b}; that both sides or a witness stand for: F {f}, broken FB {fb}; "
        "{formula}",
        "E {e}，其中违约 B {b}；双方或见证佐证：F {f}，违约 FB {fb}；{formula}",
    ),
    "x.late": ("{outcome} by {days} days", "{outcome} {days} 天"),
    "x.partial": ("{outcome}, {kept} of it kept", "{outcome}，履行 {kept}"),
    "x.first": (" (first {day})", "（原定 {day}）"),
    "x.fault": ("; at fault: {who}", "；责任方：{who}"),
    "x.dates": (
        "made {made}, due {due}{moved}, done {done}; worth {worth}{fault}",
        "作出 {made}，到期 {due}{moved}，完成 {done}；金额 {worth}{fault}",
    ),
    "x.inferred": (" × {ppm} for a link that was inferred", " × {ppm}（推断的关联）"),
    "x.speaks_for": ("related to {who} and counts as its word", "与{who}有关联，视同其自述"),
    "x.related": (" × {left} for parties that are related", " × {left}（关联方）"),
    "x.strength": (
        "confirmed by {who}{link}: strength {strength}",
        "佐证来源：{who}{link}；强度 {strength}",
    ),
    "x.not_counted": (
        "does not count: it is open, excused, disputed or not yet due",
        "不计入：未到期、免责或存在争议",
    ),
    "x.worth_unknown": ("unknown", "未知"),
    "x.weighs": (
        "weighs {strength} × {factor} (value {worth}), {age} days old {decays}; {share} of it broken",
        "权重 {strength} × {factor}（金额 {worth}），{age} 天前 {decays}；其中违约占 {share}",
    ),
    "x.due": ("due {day}", "到期 {day}"),
    "x.place": (
        "{where}, batch {batch} of {who} ({kind})",
        "{where}，批次 {batch}，提交方 {who}（{kind}）",
    ),
    "x.to": ("{promisor} to {promisee}", "{promisor} → {promisee}"),
    "x.told": ("{who}: {what}", "{who}：{what}"),
    "x.also": ("{who}; {what}", "{who}；{what}"),
    "x.promises": ("{n} promises", "{n} 项承诺"),
    "x.deal": ("deal {code}", "交易 {code}"),
    "x.deal_value": (
        "{papers} documents, {promises} promises, {breaks} disagreements",
        "{papers} 份单据，{promises} 项承诺，{breaks} 处矛盾",
    ),
    "x.break": ("{kind}: {between}", "{kind}：{between}"),
    "x.caused": ("{said} (by {who})", "{said}（可能责任方：{who}）"),
    "x.against": ("{first} against {second}", "{first} 对 {second}"),
    "x.group.promises": ("promises", "承诺"),
    "x.group.breaks": ("documents disagree", "单据之间的矛盾"),
    "x.group.documents": ("documents", "单据"),
    "x.source.1": ("the seller", "卖方"),
    "x.source.2": ("the buyer", "买方"),
    "x.source.4": ("a marketplace", "电商平台"),
    "x.source.8": ("a bank or payment service", "银行或支付机构"),
    "x.source.16": ("a carrier", "承运人"),
    "x.source.32": ("an insurer", "保险公司"),
    "x.source.64": ("customs", "海关"),
    "x.source.128": ("a court", "法院"),
    "x.source.256": ("a registry", "登记机关"),
    "x.source.512": ("an inspector", "检验机构"),
    "x.source.1024": ("a warehouse", "仓库"),
    "x.source.2048": ("another firm", "其他企业"),
    "x.source.none": ("one side", "一方"),
    "x.party.seller": ("seller", "卖方"),
    "x.party.buyer": ("buyer", "买方"),
    "x.party.carrier": ("carrier", "承运人"),
    "x.party.insurer": ("insurer", "保险公司"),
    "x.party.bank": ("bank", "银行"),
    "x.party.warehouse": ("warehouse", "仓库"),
    "x.party.platform": ("platform", "平台"),
    "x.party.customs": ("customs", "海关"),
    "x.party.force_majeure": ("force majeure", "不可抗力"),
    "x.party.subject": ("subject", "所涉企业"),
    "x.party.unknown": ("unknown", "不明"),
}
"""Key -> (English, Chinese); see `phrases`."""
