"""Words of the validation report, in English and Chinese."""

from __future__ import annotations

from typing import Final

VALIDATING: Final[dict[str, tuple[str, str]]] = {
    "v.title": ("Validation", "验证报告"),
    "v.tagline": (
        "Does the rating come true? Every figure is out of time, with its interval",
        "评级是否应验？所有数字均为样本外，并附置信区间",
    ),
    "v.hero": ("{model} on {subject}", "{subject}：{model}"),
    "v.sentence": (
        "{promises} promises of {parties} companies, made from {first} to {last}, each foretold by a "
        "model that "
        "had learned only from what was known before its block. {broken} of them were broken.",
        "{first} 至 {last} 期间 {parties} 家企业的 {promises} 项承诺；每一项均由仅学习其所在区段之前已知信息的"
        "模型作出预测。其中 {broken} 未履行。",
    ),
    "v.interval_note": ("95 % interval {low} to {high}", "95 % 区间 {low} 至 {high}"),
    "v.findings": ("Findings", "结论"),
    "v.holds": ("holds", "成立"),
    "v.fails": ("does not hold", "不成立"),
    "v.figure": ("Figure", "指标"),
    "v.all": ("All promises", "全部承诺"),
    "v.thin": ("Thin files", "薄档案"),
    "v.thin_note": (
        "Thin: no more than {n} outcomes of the company were known; {promises} promises.",
        "薄档案：该企业已知结果不超过 {n} 项；共 {promises} 项承诺。",
    ),
    "v.discrimination": ("Ranking and error", "区分能力与误差"),
    "v.m.auc": (
        "AUC: how often a promise that broke had the higher chance of two",
        "AUC：违约承诺的预测概率高于守约承诺的比例",
    ),
    "v.m.gini": ("Gini: 2 AUC − 1", "Gini：2 AUC − 1"),
    "v.m.ks": (
        "KS: largest distance between kept and broken",
        "KS：守约与违约分布的最大距离",
    ),
    "v.m.brier": ("Brier: mean squared error", "Brier：均方误差"),
    "v.m.log_loss": ("Log loss", "对数损失"),
    "v.m.ece": (
        "ECE: mean distance of stated and observed share",
        "ECE：预测与实际比例的平均差距",
    ),
    "v.m.observed_expected": ("Observed over expected breaks", "实际/预期违约比"),
    "v.short.auc": ("AUC", "AUC"),
    "v.short.log_loss": ("Log loss", "对数损失"),
    "v.short.ece": ("Calibration error (ECE)", "校准误差（ECE）"),
    "v.short.observed_expected": ("Observed over expected", "实际/预期"),
    "v.calibration": ("Do the probabilities come true?", "概率是否应验？"),
    "v.reliability": (
        "Stated chance across, share that broke upwards; ten parts of equal number",
        "横轴为预测概率，纵轴为实际违约比例；按数量十等分",
    ),
    "v.reliability_note": (
        "On the line the two agree. Whiskers are 95 % intervals drawn by company. Both axes double from "
        "tick to "
        "tick, as the grades do.",
        "落在对角线上表示两者一致。须线为按企业抽样的 95 % 区间。两轴与等级一样逐格翻倍。",
    ),
    "v.grades": ("Every grade against what came", "各等级与实际结果"),
    "v.promises": ("Promises", "承诺数"),
    "v.parties": ("Companies", "企业数"),
    "v.stated": ("Stated", "预测"),
    "v.observed": ("Observed", "实际"),
    "v.design": ("Design effect", "设计效应"),
    "v.p_value": ("Jeffreys p", "Jeffreys p 值"),
    "v.grades_note": (
        "Jeffreys' test, two-sided. Promises of one company, and those of one month, are not "
        "independent: counts are first divided by the design effect. Below .05 the stated chance is "
        "refuted.",
        "Jeffreys 双侧检验。同一企业或同一月份的承诺并不独立，因此先以设计效应折减计数。低于 0.05 即否定"
        "预测概率。",
    ),
    "v.rivals": ("Against other models on the same promises", "与其他模型比较（相同承诺）"),
    "v.model": ("Model", "模型"),
    "v.less": ("This one less that", "本模型减该模型"),
    "v.thin_loss": ("Thin files", "薄档案"),
    "v.rivals_note": (
        "Log loss, least first; the last column is the difference on the same promises with its 95 % "
        "interval by "
        "company: below zero this model is better.",
        "按对数损失升序；末列为相同承诺上的差值及按企业抽样的 95 % 区间，小于零表示本模型更优。",
    ),
    "v.this": ("this model", "本模型"),
    "v.coverage": ("Do the intervals hold?", "区间是否成立？"),
    "v.coverage_lead": (
        "For each company and window of 90 days with at least five promises: did the number that it "
        "broke lie in "
        "the 90 % interval that its rating stated at the first of them?",
        "对每家企业每个至少含五项承诺的 90 天窗口：其违约数量是否落在首项承诺时评级所述的 90 % 区间内？",
    ),
    "v.known": ("Known before", "此前已知结果"),
    "v.windows": ("Windows", "窗口数"),
    "v.held": ("Held", "成立比例"),
    "v.should": ("If all were right", "理论值"),
    "v.coverage_note": (
        "Numbers are whole, so an interval that is right holds a little more often than 90 %: the last "
        "column.",
        "数量为整数，故正确区间的成立比例略高于 90 %，见末列。",
    ),
    "v.time": ("Over time", "随时间变化"),
    "v.time_chart": (
        "Share broken in each block: stated and observed",
        "各区段违约比例：预测与实际",
    ),
    "v.block": ("Block", "区段"),
    "v.from": ("From", "起"),
    "v.to": ("To", "止"),
    "v.psi": ("PSI", "PSI"),
    "v.psi_note": (
        "PSI compares the scores of a block with those of the block before; above .25 much moved, and "
        "the model is "
        "fitted anew before each block.",
        "PSI 比较相邻区段的评分分布；高于 0.25 表示变化很大，模型在每个区段之前重新拟合。",
    ),
    "v.stability": ("What moved from the first third to the last", "前三分之一至后三分之一的变化"),
    "v.segments": ("By segment", "分组结果"),
    "v.oe": ("Observed over expected", "实际/预期"),
    "v.segments_note": (
        "The band is 0.8 to 1.25, the line is 1; the axis halves and doubles. Intervals by company. In grey: "
        "fewer than {least} breaks were expected, too few to say much.",
        "色带为 0.8 至 1.25，竖线为 1；轴按倍数刻度。区间按企业抽样。灰色：预期违约不足 {least}，不足以定论。",
    ),
    "v.others": ("all others", "其余"),
    "v.interval": ("95 % interval", "95 % 区间"),
    "v.d.kind": ("Kind of promise", "承诺种类"),
    "v.d.known": ("Outcomes known before", "此前已知结果数"),
    "v.d.size": ("Size", "规模"),
    "v.d.age": ("Age of the record", "档案存续时间"),
    "v.d.country": ("Country", "国家/地区"),
    "v.d.contributor": ("Contributor", "数据提供方"),
    "v.fairness": ("Fairness: each segment against all others", "公平性：各组与其余全部比较"),
    "v.gap_score": ("Score, points", "评分差（分）"),
    "v.gap_honesty": ("Observed less stated, percentage points", "实际减预测（百分点）"),
    "v.gap_rejection": ("False rejection, percentage points", "误拒差（百分点）"),
    "v.fair.segment": ("Segment", "分组"),
    "v.fair.desc": (
        "Of {n} segments the intervals of {off} leave out zero; the widest gap is {gap} percentage points "
        "({worst}).",
        "{n} 个分组中有 {off} 个的区间不含零；最大差距为 {gap} 个百分点（{worst}）。",
    ),
    "v.fair.note": (
        "Right of zero the rating is too kind to the segment, left of it too harsh; bar: 95 % interval. "
        "Squares: the interval leaves out zero. Segments of which at least {least} breaks were expected.",
        "零线右侧表示对该组过宽，左侧表示过严；横线为 95 % 区间，方块表示区间不含零。"
        "仅列预期违约不少于 {least} 的分组。",
    ),
    "v.fairness_note": (
        "Score: lower means stricter, which may be deserved. Observed less stated: above zero the "
        "rating is too kind "
        "to the segment, below zero too harsh. False rejection: of promises that were kept, how many "
        "more came from "
        "below grade CCC. In bold: the interval leaves out zero.",
        "评分差：偏低表示更严格，可能合理。实际减预测：大于零表示对该组过宽，小于零表示过严。误拒差：守约承诺中"
        "低于 CCC 级的比例之差。加粗表示区间不含零。",
    ),
    "v.migration": ("How grades moved", "等级迁移"),
    "v.migration_note": (
        "From grade (rows) to grade (columns): {stayed} stayed, {better} rose, {worse} fell; {came} "
        "came, {went} went.",
        "由行等级迁至列等级：{stayed} 未变，{better} 上调，{worse} 下调；新增 {came} 家，退出 {went} 家。",
    ),
    "v.protocol": ("How this was measured", "测量方法"),
    "v.protocol_text": (
        "The last 45 % of the promises, in the order in which they were made, are cut into blocks. "
        "Before each block "
        "every model is fitted on outcomes that were known by then: of a promise kept, from the day on "
        "which it was "
        "done; of one broken, from the day after it was due. Intervals come from {draws} draws of "
        "companies, each "
        "with all its promises. Fractions broken count as fractions.",
        "按作出承诺的先后，将最后 45 % 的承诺切分为若干区段。每个区段之前，各模型仅以届时已知的结果拟合：守约自"
        "履行之日起已知，违约自到期次日起已知。区间来自对企业的 {draws} 次重抽样（每家企业连同其全部承诺）。"
        "部分违约按比例计。",
    ),
    "v.f.level.good": (
        "As many promises break as expected: observed over expected {value} [{low}–{high}].",
        "违约数量与预期一致：实际/预期 {value} [{low}–{high}]。",
    ),
    "v.f.level.bad": (
        "More or fewer promises break than expected: observed over expected {value} [{low}–{high}].",
        "违约数量偏离预期：实际/预期 {value} [{low}–{high}]。",
    ),
    "v.f.ece.good": (
        "Stated and observed shares differ by {value} on average (at most {limit}).",
        "预测与实际比例平均相差 {value}（上限 {limit}）。",
    ),
    "v.f.ece.bad": (
        "Stated and observed shares differ by {value} on average (at most {limit} was asked).",
        "预测与实际比例平均相差 {value}（要求不超过 {limit}）。",
    ),
    "v.f.grades.good": (
        "{bad} of {n} grades are refuted at 5 %.",
        "{n} 个等级中有 {bad} 个在 5 % 水平被否定。",
    ),
    "v.f.grades.bad": (
        "{bad} of {n} grades are refuted at 5 %: {which}.",
        "{n} 个等级中有 {bad} 个在 5 % 水平被否定：{which}。",
    ),
    "v.f.coverage.good": (
        "90 % intervals hold in {value} of {n} windows.",
        "90 % 区间在 {n} 个窗口中成立 {value}。",
    ),
    "v.f.coverage.bad": (
        "90 % intervals hold in {value} of {n} windows; between 88 % and 98 % was asked.",
        "90 % 区间在 {n} 个窗口中成立 {value}，要求在 88 % 至 98 % 之间。",
    ),
    "v.f.newcomers.good": (
        "Newcomers break about as many promises as expected: observed over expected {zero} with nothing known, "
        "{few} with one to three outcomes (0.6 to 1.35 was asked).",
        "新企业违约与预期相近：无记录时实际/预期为 {zero}，一至三项结果时为 {few}（要求 0.6 至 1.35）。",
    ),
    "v.f.newcomers.bad": (
        "Newcomers are misjudged: with nothing known {zero}, with one to three outcomes {few} observed "
        "over expected "
        "(0.6 to 1.35 was asked).",
        "新企业评判有偏：无记录时实际/预期为 {zero}，一至三项结果时为 {few}（要求 0.6 至 1.35）。",
    ),
    "v.f.rivals.good": (
        "No model on the same promises is better beyond chance: {n} were tried, the best is {best}.",
        "相同承诺上没有显著更优的模型：共试 {n} 个，最优为 {best}。",
    ),
    "v.f.rivals.bad": (
        "Better beyond chance on the same promises: {which}.",
        "相同承诺上显著更优：{which}。",
    ),
    "v.f.segments.good": (
        "In no segment of a hundred expected breaks or more does observed over expected lie outside 0.8 "
        "to 1.25 beyond "
        "chance.",
        "预期违约满一百的各组中，没有一组的实际/预期显著超出 0.8 至 1.25。",
    ),
    "v.f.segments.bad": (
        "Observed over expected lies outside 0.8 to 1.25 beyond chance for: {which}.",
        "以下各组的实际/预期显著超出 0.8 至 1.25：{which}。",
    ),
    "v.f.stable.good": (
        "Scores moved little from block to block (PSI at most {value}).",
        "各区段之间评分变化不大（PSI 最高 {value}）。",
    ),
    "v.f.stable.bad": (
        "Scores moved much between blocks (PSI up to {value}): the model must be fitted anew at least "
        "that often.",
        "区段之间评分变化很大（PSI 最高 {value}）：模型至少须以同样频率重新拟合。",
    ),
    "v.model.scorecard": ("Scorecard of the method", "方法评分卡"),
    "v.model.scorecard_wider": ("Scorecard with four more terms", "扩展评分卡（增四项）"),
    "v.model.scorecard_deal": ("Scorecard of the deal", "交易评分卡"),
    "v.model.base_rate": ("Market rate", "市场平均"),
    "v.model.kept_rate": ("Raw kept rate", "原始守约率"),
    "v.model.beta": ("Beta reputation (1, 1)", "Beta 信誉 (1, 1)"),
    "v.model.beta_180": ("Beta, 180 days, Platt", "Beta（180 天，Platt 校准）"),
    "v.model.eigentrust": ("EigenTrust, Platt", "EigenTrust（Platt 校准）"),
    "v.model.woe": ("WoE scorecard (OptBinning)", "WoE 评分卡（OptBinning）"),
    "v.model.lightgbm": ("LightGBM", "LightGBM"),
    "v.model.lightgbm_tuned": ("LightGBM, tuned", "LightGBM（调参）"),
    "v.model.rating": ("Tallystick rating", "Tallystick 评级"),
    "v.model.tallystick": ("Tallystick", "Tallystick"),
    "v.model.policy": ("Policy in force, as it is", "现行政策（原样）"),
    "v.model.last_policy": ("Last policy", "上一版政策"),
}
