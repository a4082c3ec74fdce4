"""The words of the model card, in English and Chinese."""

from __future__ import annotations

from typing import Final

CARD: Final[dict[str, tuple[str, str]]] = {
    "title": ("Model card: {name}", "模型卡：{name}"),
    "subtitle": (
        "Digest {digest}, valid from {valid_from}, format {format}",
        "摘要 {digest}，自 {valid_from} 起有效，格式 {format}",
    ),
    "purpose": ("Purpose", "用途"),
    "purpose_1": (
        "It tells for every company in cross-border trade how probable it is that the company "
        "breaks the next "
        "promise it makes: to deliver, to pay, to refund, to arrive, to settle. Each kind of "
        "promise is rated on "
        "its own; roles and the headline are mixes of them by value.",
        "对跨境贸易中的每家企业，给出其违背下一个承诺（交货、付款、退款、运抵、赔付等）的概率。"
        "各类承诺分别评级；"
        "角色评级与总评级按金额加权汇总。",
    ),
    "purpose_2": (
        "Every rating comes with an interval, the depth of the evidence, the points of each "
        "reason, and the way "
        "from each number back to the documents.",
        "每个评级都附有区间、证据等级、各项理由的分值，并可逐项追溯到原始单据。",
    ),
    "data": ("Data", "数据"),
    "data_1": (
        "Business documents of one book: orders, dispatches, receipts, invoices, payments, "
        "claims, registers. "
        "Each statement counts by who made it: one side, both, a marketplace, an independent "
        "witness (bank, "
        "carrier, customs, insurer, court, registry).",
        "一本账簿中的业务单据：订单、发运、收货、发票、付款、索赔、登记信息。每项陈述按来源计权："
        "单方、双方、平台、独立佐证方（银行、承运人、海关、保险、法院、登记机关）。",
    ),
    "data_fitted": (
        "The scorecards were fitted by Tallystick {version} to the evidence in the state "
        "{state}, up to {as_of}; "
        "what became of each promise was judged by what was known on the day before it was made.",
        "评分卡由 Tallystick {version} 以状态 {state}、截至 {as_of} 的证据拟合；"
        "每个承诺只用其作出前一日已知的信息。",
    ),
    "data_cold": (
        "Nothing was fitted: these are the constants of the method (cold start). What is "
        "expected of a "
        "company before its own record speaks is read from the book itself, each time it is rated.",
        "未经拟合：采用方法的默认常数（冷启动）。企业自身记录之前的预期，"
        "每次评级时由账簿数据得出。",
    ),
    "learnt_from": ("promises learnt from", "拟合所用承诺数"),
    "method": ("Method", "方法"),
    "method_1": (
        "A logistic scorecard per kind of promise. Its terms are what is expected of peers "
        "(averaged over "
        "companies, not promises), how far the own record moves that at four half-lives, how "
        "the market and "
        "newcomers fare lately, and alarms after a break. No weight but the intercept is "
        "negative, so a promise "
        "kept never makes a rating worse and a broken one never makes it better.",
        "每类承诺一张逻辑回归评分卡：同类预期（按企业而非承诺平均）、"
        "自身记录在四种半衰期下的修正、市场与新企业的近况、"
        "违约后的警示。除截距外权重不为负：履约不会使评级变差，违约不会使评级变好。",
    ),
    "method_2": (
        "Against forgery, evidence counts by corroboration and by value up to the usual one; "
        "what rests on one "
        "counterparty, or on counterparties that nobody independent knows, is capped; dealings "
        "of related "
        "parties weigh less. Country enters only through what is expected of peers, and fades "
        "as the own record "
        "grows.",
        "为防伪造，证据按佐证程度与金额（以通常金额为限）计权；"
        "来自单一交易方或无独立记录的交易方的证据设有上限；"
        "关联方往来降权。国别仅通过同类预期起作用，并随自身记录增加而消退。",
    ),
    "method_3": (
        "A grade is a range of probability, each twice as wide as the one before; X is "
        "sanctioned, NR not enough "
        "evidence.",
        "每个等级对应一个概率区间，逐级加倍；X 为受制裁，NR 为证据不足。",
    ),
    "parameters": ("Parameters", "参数"),
    "cards_below": (
        "Scorecards, one column per kind of promise (others: all kinds without one of their own):",
        "评分卡，每类承诺一列（others 用于没有单独评分卡的各类）：",
    ),
    "figures": ("Measured figures", "检验指标"),
    "figures_1": (
        "On promises that the fit had not seen, strictly later in time (log loss: lower is better):",
        "以拟合未见过且时间更晚的承诺检验（对数损失越低越好）：",
    ),
    "figures_edited": (
        "Numbers of this policy were changed by hand after the fit: these are the figures of the policy as it "
        "was fitted, not of this one.",
        "本参数在拟合后经人工修改：以下指标属于修改前的参数，而非本参数。",
    ),
    "figures_none": (
        "None were measured with this policy. Figures of another policy, or of the method on "
        "public data, say "
        "nothing certain about this one on this book.",
        "该参数未经检验。其他参数或公开数据上的指标，不能代表本参数在本账簿上的表现。",
    ),
    "limits": ("Limits", "局限"),
    "limits_1": (
        "It judges conduct that documents show. It knows nothing of solvency beyond insolvency "
        "notices, and no "
        "rating stops a company that first builds up trust and then betrays it: use the proven "
        "exposure as a "
        "limit, not the grade alone.",
        "只评判单据所反映的行为；除破产公告外不反映偿债能力。"
        "任何评级都无法阻止先积累信用再违约的企业："
        "应以已证实敞口为限额，而不仅看等级。",
    ),
    "limits_2": (
        "Weights of corroboration, caps and pools, and what related parties weigh, rest on "
        "simulation and "
        "principle, not on outcomes of real trade. Against an identity with no record, forged "
        "trade of small "
        "cost is not told from real trade.",
        "佐证权重、上限、关联方折扣源于模拟与原则，而非真实贸易结果。对无记录的新身份，"
        "低成本伪造的往来难以与真实往来区分。",
    ),
    "limits_3": (
        "Few promises ever stand behind the best grades: between AAA and A the evidence seldom "
        "tells apart. "
        "Markets drift; refit and validate at least monthly where there is enough evidence.",
        "最高等级背后的承诺数有限，AAA 至 A 之间往往难以区分。市场会变化："
        "证据充足时至少每月重新拟合与检验。",
    ),
    "fairness": ("Fairness", "公平"),
    "fairness_1": (
        "Size, age, language and ownership are no terms of the score. A company without a "
        "record is expected to "
        "do what its peers do, with a wide interval, and has no grade (NR) rather than a bad "
        "one where the "
        "evidence is below the floor of {floor}.",
        "规模、年限、语言、所有制均不计分。无记录的企业按同类预期估计并给出较宽的区间；"
        "证据低于 {floor} 时不评级（NR），"
        "而非给出差评。",
    ),
    "fairness_2": (
        "Before a policy is put in force, its dry run shows what it does to each country, to "
        "each depth of "
        "evidence and to newcomers. Whether probabilities hold in each of these groups is a "
        "matter of the "
        "validation report.",
        "参数生效前，试算会列出其对各国、各证据等级以及新企业的影响。各组概率是否准确，"
        "见检验报告。",
    ),
    "use": ("Who may use it, and for what", "适用对象与用途"),
    "use_1": (
        "For traders, marketplaces, insurers, banks and departments that decide on terms "
        "between companies: "
        "deposits, limits, inspection, cover. The grade with its interval is one ground among "
        "others; whoever "
        "is refused is told the reasons and can answer them with evidence.",
        "适用于贸易商、平台、保险、银行及主管部门，用于确定企业间的交易条件：定金、限额、检验、"
        "保险。"
        "等级及其区间只是依据之一；被拒绝者有权知悉理由并以证据申辩。",
    ),
    "use_2": (
        "Not for natural persons as consumers, not for employment, and not as the sole ground "
        "of an automatic "
        "refusal.",
        "不得用于自然人消费信贷或雇佣，不得作为自动拒绝的唯一依据。",
    ),
    "figure.cold": ("log loss of the cold start", "冷启动的对数损失"),
    "figure.fitted": ("log loss of the fitted card", "拟合后的对数损失"),
    "field": ("field", "参数"),
    "value": ("value", "数值"),
    "meaning": ("meaning", "含义"),
    "kind": ("kind of promise", "承诺类别"),
    "grade": ("grade", "等级"),
    "upto": ("breaks the next promise with up to", "违约概率至多"),
}
"""Key -> English and Chinese."""
