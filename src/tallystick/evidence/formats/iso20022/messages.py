"""Which messages are read, and which elements of each make a statement when they end.

Idea: the name of a message's root element says what it is, whatever namespace, envelope or header it comes in.
A `Message` gives for each element that matters the function that reads it; all others are let go unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from tallystick.evidence.formats.iso20022 import answers, statements, transfers
from tallystick.evidence.formats.iso20022.answers import (
    read_answer,
    read_group_recall,
    read_group_status,
    read_recall,
    read_return,
    read_status,
)
from tallystick.evidence.formats.iso20022.statements import Entries
from tallystick.evidence.formats.iso20022.transfers import (
    Items,
    read_advice,
    read_instruction,
    read_transfer,
)
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.formats.xmlpaths import branches

Read = Callable[[Node], Items]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of ISO 20022. `holds`: how people call what it is made of; `readers` makes the readers of its
    elements by local name, anew for each message; `groups`: those that are read only where nothing in them
    was; `whole`: the same for the message itself; `part`: what its schema demands, without which it is broken
    and not empty."""

    name: str
    holds: str
    readers: Callable[[], Mapping[str, Read]]
    groups: Mapping[str, Read] = field(default_factory=dict)
    whole: Read | None = None
    part: str = ""

    @property
    def elements(self) -> set[str]:
        """Local names of all elements that are read."""
        return {*self.readers(), *self.groups, self.part} - {""}


def _one(element: str, read: Read) -> Callable[[], Mapping[str, Read]]:
    return lambda: {element: read}


def _entries(name: str, part: str) -> Message:
    def readers() -> Mapping[str, Read]:
        entries = Entries(final=name != "camt.052")
        return {"TxDtls": entries.transaction, "Ntry": entries.entry}

    return Message(name, "entry", readers, part=part)


def _statuses(name: str) -> Message:
    groups = {"OrgnlPmtInfAndSts": read_group_status}
    return Message(name, "status", _one("TxInfAndSts", read_status), groups, read_group_status)


def _recalls(name: str) -> Message:
    groups = dict.fromkeys(("OrgnlPmtInfAndCxl", "OrgnlGrpInfAndCxl"), read_group_recall)
    return Message(name, "recall", _one("TxInf", read_recall), groups)


MESSAGES: Final[Mapping[str, Message]] = {
    "CstmrCdtTrfInitn": Message(
        "pain.001", "credit transfer", _one("CdtTrfTxInf", read_instruction), part="PmtInf"
    ),
    "FIToFICstmrCdtTrf": Message("pacs.008", "credit transfer", _one("CdtTrfTxInf", read_transfer)),
    "CstmrPmtStsRpt": _statuses("pain.002"),
    "FIToFIPmtStsRpt": _statuses("pacs.002"),
    "PmtRtr": Message("pacs.004", "return", _one("TxInf", read_return)),
    "BkToCstmrAcctRpt": _entries("camt.052", "Rpt"),
    "BkToCstmrStmt": _entries("camt.053", "Stmt"),
    "BkToCstmrDbtCdtNtfctn": _entries("camt.054", "Ntfctn"),
    "FIToFIPmtCxlReq": _recalls("camt.056"),
    "CstmrPmtCxlReq": _recalls("camt.055"),
    "RsltnOfInvstgtn": Message(
        "camt.029", "answer", _one("TxInfAndSts", read_answer), whole=read_answer
    ),
    "RmtAdvc": Message("remt.001", "remittance", _one("RmtInf", read_advice)),
}
"""Local name of the root element -> the message."""

ASKED: Final = branches((*answers.PATHS, *statements.PATHS, *transfers.PATHS))
"""All that is asked of the records of all messages, and of what they stand in: few names mean two things."""

_BY_NAME: Final = {message.name: message for message in MESSAGES.values()}
_VERSION: Final = re.compile(r"V\d\d$")


@cache
def message_of(root: str) -> Message | None:
    """The message with that root element; the oldest ones carry their version in its name.

    >>> [message_of(n).name for n in ("BkToCstmrStmt", "BkToCstmrAcctRptV01", "pain.001.001.02")]
    ['camt.053', 'camt.052', 'pain.001']
    """
    return MESSAGES.get(_VERSION.sub("", root)) or _BY_NAME.get(root[:8])
