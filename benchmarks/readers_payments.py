"""Readers of payments beside the bare parser of each format, and their memory on a large file.

A file is made out of one record over and over, numbers changing. The bare parser goes through the same bytes
and keeps nothing. A reader makes a checked statement of each record, with the place of every fact, so its
share of the bare speed is the price of that. A file ten times as large shows whether memory is bounded.
Another format is another row of `SETS`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.common import Taken, apart, in_turn, table

MEGABYTES = 200
TIMES = 5
"""How many times as large the file is by which memory is judged."""

TURNS = 2


@dataclass(frozen=True, slots=True)
class Set:
    """One format: the name of its reader, a file's beginning, a record by number, and its end; `bare` goes
    through a file with the parser alone and returns how many things it saw."""

    reader: str
    begin: str
    record: Callable[[int], str]
    end: str
    bare: Callable[[str], int]


def _bare_xml(path: str) -> int:
    from lxml import etree

    count = 0
    for _, element in etree.iterparse(path):
        count += 1
        element.clear()
    return count


def _bare_lines(path: str) -> int:
    import mt940

    with Path(path).open(encoding="utf-8") as source:
        return sum(len(mt940.models.Transactions().parse(text)) for text in _statements(source))


def _statements(source: Iterator[str]) -> Iterator[str]:
    lines: list[str] = []
    for line in source:
        if line.startswith(":20:") and lines:
            yield "".join(lines)
            lines = []
        lines.append(line)
    yield "".join(lines)


def _entry(n: int) -> str:
    """A booked credit as banks report it: both parties, address, LEI, agent, an invoice with its amount."""
    amount = f'<Amt Ccy="EUR">{n % 9_973 + 1}.25</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
    dates = "<BookgDt><Dt>2026-03-05</Dt></BookgDt><ValDt><Dt>2026-03-05</Dt></ValDt>"
    address = (
        f"<StrtNm>High Street</StrtNm><BldgNb>{n % 90 + 1}</BldgNb><PstCd>12345</PstCd>"
        "<TwnNm>Berlin</TwnNm><Ctry>DE</Ctry>"
    )
    buyer = (
        f"<Dbtr><Pty><Nm>Buyer {n % 4_000} GmbH</Nm><PstlAdr>{address}</PstlAdr><Id><OrgId>"
        "<LEI>529900T8BM49AURSDO55</LEI></OrgId></Id></Pty></Dbtr>"
        "<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>"
    )
    paid = f'<RfrdDocAmt><RmtdAmt Ccy="EUR">{n % 9_973 + 1}.25</RmtdAmt></RfrdDocAmt>'
    bill = (
        "<RmtInf><Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp>"
        f"<Nb>INV-{n}</Nb><RltdDt>2026-02-01</RltdDt></RfrdDocInf>{paid}</Strd></RmtInf>"
    )
    return (
        f"<Ntry><NtryRef>{n}</NtryRef>{amount}<RvslInd>false</RvslInd><Sts><Cd>BOOK</Cd></Sts>{dates}"
        f"<AcctSvcrRef>BANKREF{n:09}</AcctSvcrRef>{code}<NtryDtls><TxDtls><Refs><EndToEndId>E2E-{n}"
        f"</EndToEndId><UETR>255ae394-9965-4438-ac86-{n:012}</UETR></Refs>{amount}<RltdPties>{buyer}"
        "<Cdtr><Pty><Nm>Seller Ltd</Nm></Pty></Cdtr></RltdPties><RltdAgts><DbtrAgt><FinInstnId>"
        f"<BICFI>COBADEFFXXX</BICFI></FinInstnId></DbtrAgt></RltdAgts>{bill}</TxDtls></NtryDtls></Ntry>\n"
    )


_CAMT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>'
    "<MsgId>M1</MsgId><CreDtTm>2026-03-06T00:00:00Z</CreDtTm></GrpHdr><Stmt><Id>S1</Id>"
    "<CreDtTm>2026-03-06T00:00:00Z</CreDtTm><Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id><Ownr>"
    "<Nm>Seller Ltd</Nm></Ownr><Svcr><FinInstnId><BICFI>BUKBGB22</BICFI></FinInstnId></Svcr></Acct>\n"
)


def _statement(n: int) -> str:
    """A day's statement of ten lines in the German dialect."""
    lines = "".join(
        f":61:2601070107C{n % 9_973 + 1},25NTRFINV-{n}-{k}//BANKREF{n:09}\r\n"
        f":86:166?00GUTSCHRIFT?20EREF+E2E-{n}-{k}?21SVWZ+Rechnung INV-{n}-{k}?30COBADEFFXXX"
        f"?31FR7630006000011234567890189?32BUYER {n % 4_000} GMBH\r\n"
        for k in range(10)
    )
    head = f":20:S{n}\r\n:25:DE89370400440532013000\r\n:28C:{n}/1\r\n:60F:C260107EUR1000,00\r\n"
    return f"{head}{lines}:62F:C260107EUR1000,00\r\n-\r\n"


SETS = {
    "camt.053": Set("iso20022", _CAMT, _entry, "</Stmt></BkToCstmrStmt></Document>", _bare_xml),
    "MT940": Set("swift", "", _statement, "", _bare_lines),
}
"""Format -> how it is measured; the name of the reader is that of `evidence.formats.readers`."""


def make(name: str, path: str, megabytes: float) -> int:
    """A file of that format and about that size; returns its bytes."""
    made, n = SETS[name], 0
    with Path(path).open("w", encoding="utf-8", newline="") as out:
        out.write(made.begin)
        while out.tell() < megabytes * 1e6:
            out.write("".join(made.record(k) for k in range(n, n + 200)))
            n += 200
        out.write(made.end)
    return Path(path).stat().st_size


def bare(name: str, path: str) -> dict[str, float]:
    """A piece: the parser alone."""
    import lxml.etree  # noqa: F401  # so that the time is that of parsing
    import mt940  # noqa: F401

    return _timed(lambda: SETS[name].bare(path))


def ours(name: str, path: str) -> dict[str, float]:
    """A piece: the reader: how many statements."""
    from tallystick.evidence.formats.readers import READERS
    from tallystick.evidence.said import Said

    reader = next(reader for reader in READERS if reader.name == SETS[name].reader)
    with Path(path).open("rb") as source:
        return _timed(lambda: sum(isinstance(item, Said) for item in reader.read(source, "file")))


def _timed(work: Callable[[], int]) -> dict[str, float]:
    """Items and seconds of processor of the work alone, without imports."""
    start = time.process_time()
    items = work()
    return {"items": items, "seconds": time.process_time() - start}


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; the figures returned are shares of the bare parser's speed, by processor."""
    rows: list[list[Any]] = []
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in SETS:
            path = str(Path(folder) / "file")
            size = make(name, path, MEGABYTES * scale)
            taken = in_turn(
                {"bare": _piece("bare", name, path), "ours": _piece("ours", name, path)}, TURNS
            )
            make(name, path, MEGABYTES * scale * TIMES)
            large = apart("benchmarks.readers_payments:ours", name, path)
            rows.append(_row(name, size, taken, large))
            figures[f"{name}: share of the bare speed"] = (
                taken["bare"].found["seconds"] / taken["ours"].found["seconds"]
            )
    heads = [
        "format",
        "MB",
        "statements",
        "bare s",
        "ours s",
        "share",
        "statements/s",
        "peak MB",
        f"at {TIMES} times",
    ]
    table("seconds of processor; share: of the bare parser's speed", heads, rows)
    return figures


def _piece(what: str, name: str, path: str) -> Callable[[], Taken]:
    return lambda: apart(f"benchmarks.readers_payments:{what}", name, path)


def _row(name: str, size: int, taken: dict[str, Taken], large: Taken) -> list[Any]:
    bare, ours = (taken[side].found["seconds"] for side in ("bare", "ours"))
    count = int(taken["ours"].found["items"])
    return [
        name,
        f"{size / 1e6:.0f}",
        f"{count:,}",
        f"{bare:.1f}",
        f"{ours:.1f}",
        f"{bare / ours:.2f}",
        f"{count / ours:,.0f}",
        f"{taken['ours'].peak_mb:.0f}",
        f"{large.peak_mb:.0f}",
    ]
