"""Which messages are read, and which elements of each make a statement when they end.

Idea: the name of a message's root element says what it is, whatever namespace, envelope or header it comes in.
A `Message` gives for each element that matters the function that reads it; all others are let go unread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.evidence.formats.iso20022.answers import (
    read_answer,
    read_group_status,
    read_recall,
    read_return,
    read_status,
)
from tallystick.evidence.formats.iso20022.statements import Entries
from tallystick.evidence.formats.iso20022.transfers import (
    Found,
    read_advice,
    read_instruction,
    read_transfer,
)
from tallystick.evidence.formats.iso20022.tree import Node

Read = Callable[[Node], Found]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of ISO 20022. `readers` makes the readers of its elements by local name, anew for each
    message; `groups`: elements that are read only where nothing in them was, the message's own root among
    them; `missing`: how people call what it holds."""

    name: str
    missing: str
    readers: Callable[[], Mapping[str, Read]]
    groups: Mapping[str, Read]

    @property
    def elements(self) -> set[str]:
        """Local names of all elements that are read."""
        return {*self.readers(), *self.groups}


def _entries(final: bool) -> Callable[[], Mapping[str, Read]]:
    def made() -> Mapping[str, Read]:
        entries = Entries(final=final)
        return {"TxDtls": entries.transaction, "Ntry": entries.entry}

    return made


def _statuses(root: str) -> Message:
    name = {"CstmrPmtStsRpt": "pain.002", "FIToFIPmtStsRpt": "pacs.002"}[root]
    groups = {"OrgnlPmtInfAndSts": read_group_status, root: read_group_status}
    return Message(name, "status", lambda: {"TxInfAndSts": read_status}, groups)


MESSAGES: Final[Mapping[str, Message]] = {
    "CstmrCdtTrfInitn": Message(
        "pain.001", "credit transfer", lambda: {"CdtTrfTxInf": read_instruction}, {}
    ),
    "FIToFICstmrCdtTrf": Message(
        "pacs.008", "credit transfer", lambda: {"CdtTrfTxInf": read_transfer}, {}
    ),
    "CstmrPmtStsRpt": _statuses("CstmrPmtStsRpt"),
    "FIToFIPmtStsRpt": _statuses("FIToFIPmtStsRpt"),
    "PmtRtr": Message("pacs.004", "return", lambda: {"TxInf": read_return}, {}),
    "BkToCstmrAcctRpt": Message("camt.052", "entry", _entries(final=False), {}),
    "BkToCstmrStmt": Message("camt.053", "entry", _entries(final=True), {}),
    "BkToCstmrDbtCdtNtfctn": Message("camt.054", "entry", _entries(final=True), {}),
    "FIToFIPmtCxlReq": Message("camt.056", "recall", lambda: {"TxInf": read_recall}, {}),
    "CstmrPmtCxlReq": Message("camt.055", "recall", lambda: {"TxInf": read_recall}, {}),
    "RsltnOfInvstgtn": Message(
        "camt.029", "answer", lambda: {"TxInfAndSts": read_answer}, {"RsltnOfInvstgtn": read_answer}
    ),
    "RmtAdvc": Message("remt.001", "remittance", lambda: {"RmtInf": read_advice}, {}),
}
"""Local name of the root element -> the message."""

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "BkToCstmrAcctRpt": ("Rpt",),
    "BkToCstmrStmt": ("Stmt",),
    "BkToCstmrDbtCdtNtfctn": ("Ntfctn",),
    "CstmrCdtTrfInitn": ("PmtInf",),
}
"""What a message cannot do without by its schema: without it the file is broken, not empty."""
