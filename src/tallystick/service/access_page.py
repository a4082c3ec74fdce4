"""The page of rights in the documents, written from the table: `python -m tallystick.service.access_page`.

>>> access_page().splitlines()[0]
'# Who may see and do what'
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tallystick.service.access import RIGHTS, ROLES

PAGE: Final = Path("docs/reference/access.md")

WORDS: Final[dict[str, tuple[str, str]]] = {
    "rating.read": ("ratings as served, search, history", "查询评级、检索、历史变动"),
    "report.read": ("reports; others' names and documents left out", "信用报告（隐去他方信息）"),
    "model.read": ("the model: policy, parameters, figures", "模型说明"),
    "bulk.read": ("many ratings at once", "批量查询"),
    "past.read": ("ratings of any past day", "任一过去日期的评级"),
    "evidence.read": (
        "promises, deals and documents behind a number",
        "数字背后的承诺、交易与单据",
    ),
    "identity.read": ("how a company came to be one", "企业归并依据"),
    "identity.judge": ("join and part companies", "判定企业归并"),
    "export.read": ("tables of all ratings and companies", "导出全部评级与企业"),
    "batch.read": ("what was handed in, and its rejects", "已提交的批次与退回项"),
    "batch.write": ("hand evidence in, take it back", "提交与撤回批次"),
    "claim.open": ("claim a company's page", "认领企业页面"),
    "claim.read": ("claims", "查看认领"),
    "claim.check": ("prove a claim by a domain", "以域名证明认领"),
    "claim.decide": ("decide claims", "裁定认领"),
    "dispute.open": ("dispute an entry", "提出异议"),
    "dispute.read": ("disputes", "查看异议"),
    "dispute.act": ("say something in a dispute", "在异议中陈述"),
    "dispute.answer": ("answer a dispute", "答复异议"),
    "dispute.decide": ("decide disputes", "裁定异议"),
    "watch.use": ("watch companies, with signed webhooks", "关注企业（签名回调）"),
    "notice.read": ("notices", "通知"),
    "view.read": ("who looked at a company", "查阅记录"),
    "key.use": ("own account and keys", "自己的账户与密钥"),
    "account.write": ("accounts of everybody", "管理账户"),
    "operation.read": ("jobs and the state of the service", "运行状态"),
}
"""Right -> what it is for, in English and Chinese."""

_TOP: Final = """# Who may see and do what

Written from the table in `src/tallystick/service/access.py` by `make access`; a test holds the two together and
walks every endpoint as every role. **all**: whatever it concerns. **own**: what concerns the caller, that is
its company, the contributor it hands in for, or its account. A key may do what its account may *and* its
scopes name: a right such as `batch.write`, a family such as `batch`, or `*`. What is not the caller's own is
answered as if it were not there, or with 403.

"""


def access_page() -> str:
    """The whole page, as Markdown."""
    head = ["right", *ROLES, "what for", "用途"]
    rows = [head, ["---"] * len(head)]
    for right, reach in RIGHTS.items():
        words = WORDS.get(right, ("", ""))
        rows.append([f"`{right}`", *(reach.get(role, "") for role in ROLES), *words])
    return _TOP + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(access_page(), encoding="utf-8")
