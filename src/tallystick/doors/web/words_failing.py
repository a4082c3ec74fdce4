"""Words of the pages on which something went wrong: what it was, and what to do next.

`w.e.CODE` is the sentence for a problem of that code (`doors.api.problems`). Its blanks are those of the
problem, the parts of the path, and what `failing` fills in of who asks.
"""

from __future__ import annotations

from typing import Final

FAILING: Final[dict[str, tuple[str, str]]] = {
    # the heading, by status
    "w.error.403": ("This is not open to you", "您无权进行此操作"),
    "w.error.404": ("It is not here", "没有找到"),
    "w.error.405": ("This page takes no such form", "此页面不接受该操作"),
    "w.error.409": ("It is not in that state", "状态不符"),
    "w.error.413": ("This is too large", "内容过大"),
    "w.error.422": ("This cannot be taken as it is", "无法处理"),
    "w.error.428": ("Say for which purpose you look", "请说明查看目的"),
    "w.error.429": ("Too many requests", "请求过多"),
    "w.error.500": ("An error of ours", "系统错误"),
    "w.error.503": ("Not ready yet", "尚未就绪"),
    # what is not there
    "w.e.no-such-path": (
        "There is no page at {path}. The address may be mistyped, or the page has moved. Were you looking "
        "for a company? Search for it.",
        "网址 {path} 没有对应的页面：可能输入有误，或页面已移动。如要查找企业，请在此查询。",
    ),
    "w.e.no-such-company": (
        "There is no company {code} in this book. The code may be mistyped (C- and 13 letters or digits), "
        "or the company has left no document here. Search by its name or a number.",
        "本账簿中没有企业 {code}：代码可能有误（C- 加 13 位字母或数字），或该企业在此没有单据。请按名称或号"
        "码查询。",
    ),
    "w.e.no-such-deal": (
        "There is no deal {code}, or it is not yours: a deal is open to its two companies, to whoever "
        "handed in a document of it, and to who may see all evidence.",
        "没有交易 {code}，或该交易与您无关：交易仅对双方企业、提交过其单据的一方，以及有权查看全部证据者开放。",
    ),
    "w.e.no-such-batch": (
        "There is no upload {upload} of yours. It may have been handed in by another account.",
        "您没有编号为 {upload} 的提交记录，可能由其他账户提交。",
    ),
    "w.e.no-such-entry": (
        "There is no entry {entry} about your company: it may have been struck, or the address is "
        "incomplete. Open your page with all evidence; beside each promise stands a link to dispute it.",
        "没有关于贵企业的记录 {entry}：可能已被剔除，或网址不完整。请打开含全部证据的企业页面，"
        "每项承诺旁都有提出异议的链接。",
    ),
    "w.e.no-such-dispute": (
        "There is no dispute {number} that concerns you. Those that do are in the list.",
        "没有与您有关的异议 {number}。与您有关的异议见列表。",
    ),
    "w.e.no-such-claim": (
        "There is no claim {number} that you could check or decide. Those that wait are in the list.",
        "没有可由您验证或裁定的认领 {number}。待处理的认领见列表。",
    ),
    "w.e.no-such-watch": (
        "You do not watch this company (any more). What you watch is in the list.",
        "您没有（或不再）关注该企业。关注列表见我的页面。",
    ),
    "w.e.no-such-two": (
        "“{a}” and “{b}” are not two records of this book: one of them is not here, or both mean the same "
        "company. Give a code (C-…), an identifier or a name for each.",
        "“{a}”与“{b}”不是本账簿中的两条记录：其中一条不存在，或两者为同一家企业。请分别输入代码（C-…）、标"
        "识或名称。",
    ),
    "w.e.no-such-preview": (
        "There is no such preview: it is kept for a day. Choose the two companies again.",
        "没有该试算结果：结果仅保留一天。请重新选择两家企业。",
    ),
    "w.e.not-known-then": (
        "Nothing was known of {code} on {day}: choose a later day, or count what was learnt since.",
        "{day} 时尚无 {code} 的任何记录：请选择更晚的日期，或计入此后获知的内容。",
    ),
    "w.e.no-such-day": (
        "The day must lie between 1990 and today, written YYYY-MM-DD.",
        "日期须在 1990 年至今天之间，格式为 YYYY-MM-DD。",
    ),
    "w.e.not-validated": (
        "No validation of the model has been published on this service. What the model is and which "
        "figures were measured is told on the page about it.",
        "本服务尚未发布模型验证结果。模型说明与实测指标见评级方法页面。",
    ),
    # what is not allowed
    "w.e.role": (
        "This is for: {what}. Your account ({role}) may not do that here; it is open to: {roles}. The "
        "operator of this service makes accounts.",
        "此处用于：{what}。您的账户（{role}）没有此项权限；有权限的是：{roles}。账户由本服务的运营方开通。",
    ),
    "w.e.own": ("{role} (its own)", "{role}（仅限自身）"),
    "w.e.no-company": (
        "Your account ({role}) speaks for no company, so it has no entries to dispute. An account of a "
        "company claims its page first; once that is granted, a link to dispute stands beside each promise.",
        "您的账户（{role}）未代表任何企业，因此没有可提出异议的记录。企业账户请先认领企业页面；获准后，"
        "每项承诺旁会出现提出异议的链接。",
    ),
    "w.e.cross-site": (
        "The form was sent from another site. Open the page here and send it again.",
        "该表单来自其他网站。请在本站打开页面后重新提交。",
    ),
    "w.e.scope": (
        "The key of this request is not for that. Pages are for people: sign in.",
        "该请求的密钥没有此项权限。页面供人使用，请登录。",
    ),
    "w.e.key": (
        "The key of this request is wrong, ended or revoked. Pages are for people: sign in.",
        "该请求的密钥有误、已到期或已撤销。页面供人使用，请登录。",
    ),
    "w.e.scheme": (
        "This request comes with a kind of sign-in that is not known here. Pages are for people: sign in.",
        "无法识别该请求的登录方式。页面供人使用，请登录。",
    ),
    "w.e.unknown": ("Sign in to go on.", "请登录后继续。"),
    "w.e.purpose": (
        "What you asked for is not public. Open the page of the company or the deal and say for which "
        "purpose you look; the company can read it.",
        "您请求的内容不公开。请打开企业或交易页面并填写查看目的；企业可以读到该目的。",
    ),
    # what cannot be done
    "w.e.evidence": ("{why}", "{why}"),
    "w.e.value": (
        "A value in the address or the form is not what it should be. Go back, correct it and send it again.",
        "网址或表单中的某个值无效。请返回修改后重新提交。",
    ),
    "w.e.state": (
        "Somebody else may have been faster: what you wanted to change is in another state by now. Load "
        "the page again.",
        "可能已有他人先行处理：要修改的内容状态已变。请重新载入页面。",
    ),
    "w.e.event": (
        "That is no step of a dispute. Open the dispute and use one of its buttons.",
        "该操作不是异议的步骤。请打开异议并使用页面上的按钮。",
    ),
    "w.e.decision": (
        "A claim is granted or refused, nothing else. Use one of the two buttons.",
        "认领只能同意或拒绝。请使用页面上的按钮。",
    ),
    "w.e.merged": (
        "{code} was joined to {into}: both are one company. Use the second code.",
        "{code} 已并入 {into}：两者为同一家企业。请使用后者的代码。",
    ),
    "w.e.http": (
        "The form could not be read, or this address takes none. Go back, load the page again and send it "
        "once more.",
        "表单无法读取，或该网址不接受表单。请返回、重新载入页面后再次提交。",
    ),
    "w.e.too-large": (
        "At most {mb} MB are taken at once. Hand files in one by one, or packed (.zip, .gz).",
        "单次提交不得超过 {mb} MB。请逐个提交文件，或压缩后提交（.zip、.gz）。",
    ),
    "w.e.too-many": (
        "Too many requests came from your address. Wait {seconds} seconds, then try again.",
        "来自您地址的请求过多，请等待 {seconds} 秒后再试。",
    ),
    # what is ours
    "w.e.no-font": (
        "This server has no font for the characters of the report, so it cannot make a PDF. The report as "
        "one file says the same and can be printed; tell the operator.",
        "本服务器缺少报告所需的字体，无法生成 PDF。单文件报告内容相同，可以打印；请告知运营方。",
    ),
    "w.e.database-away": (
        "The database cannot be reached at the moment; what you sent may or may not have been done. Try "
        "again in a few seconds, and look first whether it is there.",
        "暂时无法连接数据库；您提交的内容可能尚未处理。请几秒后重试，并先确认是否已生效。",
    ),
    "w.e.bug": (
        "Nobody foresaw this. Try again; if it stays so, tell the operator the number {number}.",
        "出现意外错误。请重试；若仍如此，请将编号 {number} 告知运营方。",
    ),
    # where to go on
    "w.go.home": ("First page", "首页"),
    "w.go.me": ("My page", "我的页面"),
    "w.go.claims": ("Claim your company's page", "认领企业页面"),
    "w.go.disputes": ("All disputes", "全部异议"),
    "w.go.all_claims": ("All claims", "全部认领"),
    "w.go.console": ("What you handed in", "提交记录"),
    "w.go.review": ("Who is who", "身份待审"),
    "w.go.model": ("How the rating works", "评级方法"),
    "w.go.sign_in": ("Sign in", "登录"),
    "w.go.file": ("Report as one file", "单文件报告"),
    "w.go.again": ("Try again", "重试"),
}
"""Key -> (English, Chinese)."""
