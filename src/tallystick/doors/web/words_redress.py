"""Words of the pages on which a company objects, is answered, and claims its page."""

from __future__ import annotations

from typing import Final

REDRESS: Final[dict[str, tuple[str, str]]] = {
    # disputes
    "w.r.title": ("Disputes", "异议"),
    "w.r.one": ("Dispute {n}", "异议 {n}"),
    "w.r.new": ("Dispute an entry", "提出异议"),
    "w.r.this": ("Dispute this", "提出异议"),
    "w.r.under": ("In dispute", "异议中"),
    "w.r.lead": (
        "A company objects to an entry; whoever reported it has 20 days to answer. Silence decides for the "
        "company.",
        "企业对记录提出异议，报送方须在 20 天内答复；逾期未答复，即认定异议成立。",
    ),
    "w.r.mine": ("Disputes of my company", "本企业的异议"),
    "w.r.mine_none": (
        "Nothing is disputed. Beside each promise on your page with all evidence stands a link to dispute it.",
        "没有异议。在含全部证据的页面上，每项承诺旁都有提出异议的链接。",
    ),
    "w.r.none": ("There is nothing to do.", "没有待处理的异议。"),
    "w.r.to_answer": ("To answer", "待答复"),
    "w.r.to_decide": ("To decide", "待裁定"),
    "w.r.waiting": ("Waiting for others", "等待他方"),
    "w.r.closed": ("Closed", "已结案"),
    "w.r.entry": ("Entry", "记录"),
    "w.r.what": ("Promise", "承诺"),
    "w.r.due": ("Due", "到期日"),
    "w.r.outcome": ("Outcome", "结果"),
    "w.r.company": ("Company", "企业"),
    "w.r.reason": ("Reason", "理由"),
    "w.r.reported": ("Reported by", "报送方"),
    "w.r.documents": ("Documents", "单据"),
    "w.r.standing": ("How it stands", "状态"),
    "w.r.clock": ("Clock", "期限"),
    "w.r.days": ("{n} days left, until {day}", "剩余 {n} 天，至 {day}"),
    "w.r.day": ("1 day left, until {day}", "剩余 1 天，至 {day}"),
    "w.r.over": ("ran out on {day}", "已于 {day} 届满"),
    "w.r.course": ("What happened", "经过"),
    "w.r.do": ("What you can do", "可采取的步骤"),
    "w.r.text": ("In your words", "说明"),
    "w.r.text_hint": (
        "Everyone in this dispute reads it; the public does not. Needed to contest, to decide and to write.",
        "异议各方可见，不对外公开。坚持原记录、裁定和补充说明时必填。",
    ),
    "w.r.text_open": (
        "What is wrong, and how one can see it. The contributor and the operator read it; the public does not.",
        "请说明有何错误、如何核实。报送方与运营方可见，不对外公开。",
    ),
    "w.r.choose": ("Choose a reason", "请选择理由"),
    "w.r.open": ("Dispute it", "提交异议"),
    "w.r.open_note": (
        "The entry is marked at once. It is free, and you can withdraw it.",
        "记录将立即加注标记。此项免费，可随时撤回。",
    ),
    "w.r.deal": ("Open the deal", "查看交易"),
    "w.r.back": ("All disputes", "全部异议"),
    "w.r.do.accept": ("Accept the objection: strike it", "认可异议，剔除记录"),
    "w.r.do.contest": ("Contest: the entry is right", "坚持原记录"),
    "w.r.do.decide_for": ("Decide for the company: strike it", "裁定异议成立，剔除记录"),
    "w.r.do.decide_against": ("Decide against: the entry stands", "裁定异议不成立，保留记录"),
    "w.r.do.withdraw": ("Withdraw the objection", "撤回异议"),
    "w.r.do.reply": ("Write only", "仅补充说明"),
    "w.r.state.open": ("waits for an answer", "待答复"),
    "w.r.state.contested": ("waits for a decision", "待裁定"),
    "w.r.state.for_company": ("decided for the company", "异议成立"),
    "w.r.state.against_company": ("decided against", "异议不成立"),
    "w.r.state.withdrawn": ("withdrawn", "已撤回"),
    "w.r.no_reason": ("Choose one of the reasons.", "请选择一项理由。"),
    "w.r.public": ("Disputes about this record", "对本记录的异议"),
    "w.r.public_note": (
        "What the company objects to and what came of it. Texts and names stay with those concerned.",
        "企业提出的异议及其结果。说明文字与名称仅相关方可见。",
    ),
    # notices
    "w.n.objection": (
        "{company} disputes an entry that you reported: answer by {due_on}.",
        "{company} 对您报送的记录提出异议：请在 {due_on} 前答复。",
    ),
    "w.n.opened": (
        "{company} disputes an entry; its contributor answers by {due_on}.",
        "{company} 提出异议，报送方须在 {due_on} 前答复。",
    ),
    "w.n.contested": (
        "Who reported the entry stands by it; it is decided by {due_on}.",
        "报送方坚持原记录，将在 {due_on} 前裁定。",
    ),
    "w.n.to_decide": (
        "A dispute of {company} is yours to decide by {due_on}.",
        "{company} 的异议待您在 {due_on} 前裁定。",
    ),
    "w.n.reply": ("Somebody wrote in dispute {dispute}.", "异议 {dispute} 有新的说明。"),
    "w.n.for_company": (
        "Dispute {dispute} was decided for the company: the entry is struck.",
        "异议 {dispute} 成立：记录已剔除。",
    ),
    "w.n.against_company": (
        "Dispute {dispute} was decided against the company: the entry stands.",
        "异议 {dispute} 不成立：记录保留。",
    ),
    "w.n.withdrawn": (
        "Dispute {dispute} was withdrawn: the entry stands.",
        "异议 {dispute} 已撤回：记录保留。",
    ),
    "w.n.corrected": (
        "An entry of {company} that you were shown was struck; look at the rating again.",
        "您曾查看的 {company} 的一项记录已剔除，请重新查看评级。",
    ),
    "w.n.claimed": ("{by} claims the page of {company}.", "{by} 申请认领 {company} 的页面。"),
    "w.n.claim": (
        "Your claim of {company}: {state_words}.",
        "您对 {company} 的认领：{state_words}。",
    ),
    # who is who
    "w.q.title": ("Who is who", "身份待审"),
    "w.q.open": ("What a person should decide", "需要人工判定的问题"),
    "w.q.lead": (
        "Whether two records mean the same company, the most valuable first. Look at the evidence, see what a "
        "judgement would move, then judge; it can be withdrawn.",
        "两条记录是否为同一企业，最有价值者在前。查看证据、试算影响后再判定；判定可以撤销。",
    ),
    "w.q.none": ("Nothing is held or worth a person's look.", "没有待判定的问题。"),
    "w.q.kind": ("Kind", "种类"),
    "w.q.kind.held": ("held: one of several at most", "搁置：至多为其中之一"),
    "w.q.kind.ask": ("worth a look", "值得核实"),
    "w.q.a": ("Who is this", "待判定"),
    "w.q.b": ("Perhaps", "可能是"),
    "w.q.weight": ("Bits in favour", "支持强度（比特）"),
    "w.q.documents": ("Documents at stake", "涉及单据"),
    "w.q.any": (
        "Compare any two: by code, identifier or name.",
        "也可比较任意两家：输入代码、标识或名称。",
    ),
    "w.q.look": ("Look at it", "查看"),
    "w.q.pair": ("One company or two?", "一家还是两家？"),
    "w.q.back": ("Back to the queue", "返回列表"),
    "w.q.evidence": ("The evidence", "证据"),
    "w.q.judge": ("Judge", "判定"),
    "w.q.judge_text": (
        "Your judgement stands under your name with its reason. Ratings follow within seconds, and whoever "
        "watches a company is told when it is joined or parted.",
        "判定以您的名义并附理由记录。评级将在数秒内更新，关注者会收到合并或拆分的通知。",
    ),
    "w.q.verdict": ("They are", "结论"),
    "w.q.v.same": ("the same company", "同一家企业"),
    "w.q.v.apart": ("two companies", "两家企业"),
    "w.q.v.withdrawn": ("as if nobody had judged (withdraw)", "撤销此前的判定"),
    "w.q.choose": ("Choose what they are first.", "请先选择结论。"),
    "w.q.try": ("See what it would move", "试算影响"),
    "w.q.do": ("Judge so", "提交判定"),
    "w.q.done": (
        "Judged: {verdict}. It counts with the next rating, within seconds.",
        "已判定：{verdict}。数秒内随下次评级生效。",
    ),
    "w.q.moves": ("What it would move", "影响试算"),
    "w.q.moves_waiting": (
        "It is being worked out: everybody is rated once more, on the side. Nothing has been judged.",
        "正在试算：系统另行重新评级一次。尚未提交任何判定。",
    ),
    "w.q.moves_none": ("It would move no rating.", "不会改变任何评级。"),
    "w.q.moves_n": (
        "Ratings that would move: {n}. Those that come, go or change their grade first.",
        "将改变 {n} 家企业的评级；新增、消失或等级变化者在前。",
    ),
    "w.q.before": ("Before", "之前"),
    "w.q.after": ("After", "之后"),
    # notices of what one watches
    "w.n.rating.changed": (
        "{name}: {was} → {now}, since {why}.",
        "{name}：{was} → {now}，原因：{why}。",
    ),
    "w.n.company.merged": ("{name}: {why}.", "{name}：{why}。"),
    "w.n.company.split": ("{name}: {why}.", "{name}：{why}。"),
    "w.cause.joined": ("joined to {codes}; the watch goes along", "已并入 {codes}，关注随之转移"),
    "w.cause.absorbed": ("{codes} was joined to it", "{codes} 已并入"),
    "w.cause.split": ("{codes} was parted from it", "{codes} 已拆出"),
    # claims
    "w.k.e.open_already": (
        "You have a claim on this company that is not decided; it is in the list.",
        "您对该企业的认领尚未裁定，见列表。",
    ),
    "w.k.e.not_to_check": (
        "Only an open claim by domain can be checked.",
        "只有以域名提出且尚未裁定的认领可以检查。",
    ),
    "w.k.e.unread": (
        "{address} could not be read: {error}",
        "无法读取 {address}（{error}）。请确认该网址可公开访问后重试。",
    ),
    "w.k.e.no_token": (
        "{address} answers {status} and does not hold the token of the claim. Put the token there, then check "
        "again.",
        "{address} 返回 {status}，其中没有认领口令。请放置口令后再检查。",
    ),
    "w.k.e.decided": ("This claim is decided already.", "该认领已经裁定。"),
    "w.k.all": ("All claims", "全部认领"),
    "w.k.title": ("Claims", "认领"),
    "w.k.section": ("Claim a company's page", "认领企业页面"),
    "w.k.lead": (
        "Whoever speaks for a company sees all its evidence and may dispute entries. Prove it in one of "
        "three ways.",
        "企业代表可查看全部证据并提出异议。请以下列三种方式之一证明身份。",
    ),
    "w.k.code": ("Code of the company", "企业代码"),
    "w.k.code_hint": ("It begins with C- and stands on its page.", "以 C- 开头，见企业页面。"),
    "w.k.method": ("How you prove it", "证明方式"),
    "w.k.method.domain": (
        "By domain: a register lists it, and you put our token there",
        "域名：登记机构列有该域名，由您放置令牌",
    ),
    "w.k.method.contributor": (
        "By a contributor whose evidence describes the company",
        "由其数据描述该企业的数据提供方确认",
    ),
    "w.k.method.operator": ("By papers that the operator sees", "由运营方查验文件"),
    "w.k.domain": ("Domain (for the first way)", "域名（仅用于第一种方式）"),
    "w.k.do": ("Claim it", "提交认领"),
    "w.k.mine": ("My claims", "我的认领"),
    "w.k.none": ("There are no claims.", "没有认领申请。"),
    "w.k.open": ("To decide", "待决定"),
    "w.k.decided": ("Decided", "已决定"),
    "w.k.who": ("Who claims", "申请人"),
    "w.k.put": (
        "Put this line into {address}, then check:",
        "请将下面一行放入 {address}，然后验证：",
    ),
    "w.k.check": ("Check now", "立即验证"),
    "w.k.note": ("Note (the one who claims reads it)", "备注（申请人可见）"),
    "w.k.grant": ("Grant", "同意"),
    "w.k.refuse": ("Refuse", "拒绝"),
    "w.k.take_back": ("Take the page back", "收回页面"),
    "w.k.state.open": ("waits", "待处理"),
    "w.k.state.granted": ("granted", "已同意"),
    "w.k.state.refused": ("refused", "已拒绝"),
    "w.k.bad_code": (
        "This is no code of a company: C- and 13 letters or digits.",
        "企业代码无效：应为 C- 加 13 位字符。",
    ),
    "w.k.bad_method": ("Choose one of the three ways.", "请选择三种方式之一。"),
    "w.k.e.not_listed": (
        "No register lists this domain for the company. Have a contributor or the operator confirm you.",
        "没有登记机构为该企业列出此域名。请由数据提供方或运营方确认。",
    ),
    "w.k.yours": ("Do you speak for this company? Claim its page", "您代表该企业？认领此页面"),
}
"""Key -> (English, Chinese)."""
