"""Messages of ISO 20022 made of snippets, for the tests of their reader."""

from __future__ import annotations

import io

from tallystick.evidence.formats.iso20022 import read_iso20022
from tallystick.evidence.said import Reject, Said

SPACE = "urn:iso:std:iso:20022:tech:xsd"
IBAN = "DE89370400440532013000"


def xml(short: str) -> str:
    """Elements in short: `Nm=ACME` is `<Nm>ACME</Nm>`, `Amt@EUR=7` is `<Amt Ccy="EUR">7</Amt>`, `A/B=x` is
    `<A><B>x</B></A>`; they are set apart by `;`."""
    out = []
    for part in short.split(";"):
        path, _, text = part.partition("=")
        *down, last = path.split("/")
        name, _, currency = last.partition("@")
        attribute = f' Ccy="{currency}"' if currency else ""
        leaf = f"<{name}{attribute}>{text}</{name}>"
        out.append(wrap("/".join(down), leaf) if down else leaf)
    return "".join(out)


def wrap(path: str, *inner: str) -> str:
    """`A/B` around the inner parts."""
    names = path.split("/")
    return (
        "".join(f"<{name}>" for name in names)
        + "".join(inner)
        + "".join(f"</{name}>" for name in reversed(names))
    )


def document(root: str, *inner: str, version: str = "camt.053.001.08") -> bytes:
    head = wrap("GrpHdr", xml("MsgId=M1;CreDtTm=2026-03-06T08:00:00Z"))
    return f'<Document xmlns="{SPACE}:{version}">{wrap(root, head, *inner)}</Document>'.encode()


ACCOUNT = wrap(
    "Acct",
    xml(f"Id/IBAN={IBAN};Ownr/Nm=Owner Ltd;Svcr/FinInstnId/BICFI=COBADEFFXXX"),
)


def statement(*entries: str, root: str = "BkToCstmrStmt", part: str = "Stmt") -> bytes:
    head = xml("Id=S1;CreDtTm=2026-03-06T08:00:00Z")
    return document(root, wrap(part, head, ACCOUNT, *entries))


def entry(sign: str, *details: str, amount: str = "100.00", extra: str = "", more: str = "") -> str:
    """A booked entry in euro; `extra` before its details, `more` behind them."""
    head = xml(f"Amt@EUR={amount};CdtDbtInd={sign};Sts/Cd=BOOK;BookgDt/Dt=2026-03-05")
    inside = wrap("NtryDtls", *(wrap("TxDtls", detail) for detail in details)) if details else ""
    return wrap("Ntry", head, extra, inside, more)


def bill(number: str, amount: str = "", field: str = "RmtdAmt", kind: str = "CINV") -> str:
    """A `Strd` block that names a bill, with an amount where one is given."""
    code = f"Tp/CdOrPrtry/Cd={kind};" if kind else ""
    what = wrap("RfrdDocInf", xml(f"{code}Nb={number}"))
    paid = wrap("RfrdDocAmt", xml(f"{field}@EUR={amount}")) if amount else ""
    return wrap("Strd", what, paid)


def read(data: bytes) -> list[Said | Reject]:
    return list(read_iso20022(io.BytesIO(data), "f.xml"))


def said(data: bytes) -> list[Said]:
    found = read(data)
    assert all(isinstance(item, Said) for item in found), found
    return [item for item in found if isinstance(item, Said)]


def one(data: bytes) -> Said:
    (item,) = said(data)
    return item


def rules(data: bytes) -> list[str]:
    return [item.rule if isinstance(item, Reject) else item.kind for item in read(data)]


def who(item: Said) -> dict[str, str | None]:
    return {role: party.name for role, party in item.parties.items() if party.name}
