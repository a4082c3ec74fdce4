"""Files as they come: packed, in odd encodings, ragged, cut off. Nothing is lost, nothing crashes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallystick.adapters.ledger.tables import whole
from tallystick.adapters.tables import preview, stage_table, suggest_mapping
from tallystick.evidence.formats.mapping import Mapping, load_mapping
from tallystick.evidence.ledger import Contributor, EvidenceError, Staged
from tallystick.evidence.schema import DOCUMENT

WHO = Contributor("Harbour Market", "marketplace")
HEADER = "no,day,seller,buyer"
FIELDS = """
[[document]]
kind = "order"
number = "no"
issued_on = "day"
seller = "seller"
buyer = "buyer"
"""
ORDERS = load_mapping(FIELDS)
ROW = "{},2024-01-02,ACME,Bob"


def put(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def stage(path: Path, mapping: Mapping | None = ORDERS) -> Staged:
    return stage_table(path, mapping, WHO, path.parent / "staging")


def rows(staged: Staged) -> list[dict[str, Any]]:
    assert not isinstance(staged.documents, pa.Table)
    table = whole(staged.documents, DOCUMENT, "documents")
    return sorted(table.to_pylist(), key=lambda row: row["row"])


def taken(staged: Staged) -> list[tuple[int, str]]:
    return [(row["row"], row["number"]) for row in rows(staged)]


def broken(staged: Staged) -> list[tuple[int, str]]:
    return sorted((reject["row"], reject["rule"]) for reject in staged.rejects.to_pylist())


TWO = f"{HEADER}\n{ROW.format('1')}\n{ROW.format('数字')}\n"


@pytest.mark.parametrize(
    ("name", "content", "read"),
    [
        ("plain.csv", TWO.encode(), ""),
        ("bom.csv", b"\xef\xbb\xbf" + TWO.encode(), ""),
        ("dos.csv", TWO.replace("\n", "\r\n").encode(), ""),
        ("mixed.csv", TWO.replace("\n", "\r\n", 1).encode(), ""),
        ("no newline at the end.csv", TWO.rstrip().encode(), ""),
        ("utf16.csv", TWO.encode("utf-16"), ""),
        ("gb.csv", TWO.encode("gb18030"), 'encoding = "gb18030"'),
        ("packed.csv.gz", gzip.compress(TWO.encode(), mtime=0), ""),
        (
            "two members.csv.gz",
            gzip.compress(TWO[:30].encode(), mtime=0) + gzip.compress(TWO[30:].encode(), mtime=0),
            "",
        ),
        ("tabs.tsv", TWO.replace(",", "\t").encode(), ""),
        ("semicolons.csv", TWO.replace(",", ";").encode(), ""),
        ("title.csv", b"Export of 2024\n" + TWO.encode(), "skip_lines = 1"),
        ("ends.csv", b"Export of 2024\n" + TWO.replace("\n", "\r\n").encode(), "skip_lines = 1"),
        ("bare.csv", TWO.split("\n", 1)[1].encode(), 'header = ["no", "day", "seller", "buyer"]'),
        ("it's quoted.csv", TWO.replace("ACME", '"AC"",""ME"').encode(), ""),
    ],
)
def test_the_same_two_rows(tmp_path: Path, name: str, content: bytes, read: str) -> None:
    mapping = load_mapping(f"[read]\n{read}\n{FIELDS}")
    staged = stage(put(tmp_path, content, name), mapping)
    assert taken(staged) == [(1, "1"), (2, "数字")]
    assert staged.rejects.num_rows == 0


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("empty.csv.gz", gzip.compress(b"", mtime=0), "empty"),
        ("cut.csv.gz", gzip.compress(TWO.encode() * 1000, mtime=0)[:60], "ends too early"),
        ("damaged.csv.gz", b"\x1f\x8b" + b"x" * 40, "damaged gzip"),
        ("noise.csv.gz", bytes(range(128, 256)) * 9, "is no gzip file"),
        ("noise.parquet", bytes(range(128, 256)) * 9, "is no Parquet file"),
        ("latin.csv", TWO.replace("数字", "é").encode("latin-1"), 'encoding = "latin-1"'),
        ("chinese.csv", TWO.replace("ACME", "深圳市华强电子有限公司").encode("gb18030"), "gb18030"),
        ("twice.csv", f"no,day,seller,buyer,no\n{ROW.format(1)},2\n".encode(), "more than once"),
        ("other.csv", b"number,day,seller,buyer\n1,2,3,4\n", "no column 'no'"),
        ("fake.parquet", b"PAR1 and no more", "cannot be read"),
    ],
)
def test_what_cannot_be_read_at_all(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    with pytest.raises(EvidenceError, match=says) as error:
        stage(put(tmp_path, content, name))
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="there is no file"):
        stage(tmp_path / "none.csv")
    with pytest.raises(EvidenceError, match="folder"):
        stage(tmp_path)


def test_odd_rows_are_set_aside_with_their_numbers(tmp_path: Path) -> None:
    lines = [
        *(HEADER, ROW.format("1"), "2,short", '"3\n3",2024-01-02,A,B', ROW.format("4") + ",x"),
        *(
            f"{'5' * 10_000_000},2024-01-02,A,B",
            ROW.format("6"),
            '7,"un"quoted,A,B',
            ROW.format("8"),
        ),
    ]
    content = "\n".join(lines).encode() + b"\n9,2024-01-02,\xff\xfe,B\n" + ROW.format("10").encode()
    staged = stage(put(tmp_path, content))
    assert taken(staged) == [(1, "1"), (3, "3\n3"), (6, "6"), (8, "8"), (10, "10")]
    assert broken(staged) == [
        *((2, "row-ragged"), (4, "row-ragged"), (5, "row-too-long"), (7, "row-unreadable")),
        (9, "row-not-text"),
    ]
    assert staged.document_count == 10 == len(rows(staged)) + staged.rejected + staged.repeated


def test_header_without_rows(tmp_path: Path) -> None:
    staged = stage(put(tmp_path, HEADER + "\n"))
    assert (staged.document_count, rows(staged)) == (0, [])


def test_json_lines(tmp_path: Path) -> None:
    good = {"no": 1, "day": "2024-01-02", "seller": "ACME", "who": {"buyer": "Bob"}}
    lines = [json.dumps(good), "", "broken", "[1]", json.dumps(good | {"no": "2"})]
    mapping = load_mapping(FIELDS.replace('"buyer"', '"who.buyer"'))
    staged = stage(put(tmp_path, "\n".join(lines), "t.jsonl"), mapping)
    assert taken(staged) == [(1, "1"), (5, "2")]
    assert broken(staged) == [(3, "json-broken"), (4, "json-broken")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_parquet(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    table = pa.table(
        {"no": [1, 2], "day": ["2024-01-02"] * 2, "seller": ["A"] * 2, "buyer": ["B"] * 2}
    )
    pq.write_table(table, tmp_path / "t.parquet")
    path = put(tmp_path, pack((tmp_path / "t.parquet").read_bytes()), "u.parquet")
    assert taken(stage(path)) == [(1, "1"), (2, "2")]


def test_the_first_of_repeats_stays(tmp_path: Path) -> None:
    again = "\n".join([HEADER, ROW.format("1"), ROW.format("2"), ROW.format("1")])
    staged = stage(put(tmp_path, again))
    assert taken(staged) == [(1, "1"), (2, "2")]
    assert (staged.repeated, staged.document_count) == (1, 3)


def test_the_batch_is_named_by_content_mapping_and_contributor(tmp_path: Path) -> None:
    path = put(tmp_path, TWO)
    first = stage(path).batch_id
    assert stage(put(tmp_path, TWO, "renamed.csv")).batch_id == first
    assert stage(path, load_mapping("# a comment\n" + FIELDS)).batch_id == first
    assert stage(path, load_mapping(FIELDS + 'note = "seller"')).batch_id != first
    assert stage_table(path, ORDERS, Contributor("Other"), tmp_path / "s").batch_id != first
    assert stage(put(tmp_path, TWO + ROW.format("3"))).batch_id != first


JOIN = """
[join.orders]
file = "orders.csv"
on = "order_id"
[[document]]
kind = "order"
number = "order_id"
issued_on = "orders.day"
seller = "seller"
buyer = "orders.buyer"
"""


def test_columns_of_a_file_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "order_id,day,buyer\n1,2024-01-02,Bob\n2,2024-01-03,Eve\n", "orders.csv")
    items = put(tmp_path, "order_id,seller\n2,ACME\n1,Best\n3,Cost\n", "items.csv")
    staged = stage(items, load_mapping(JOIN))
    days = [(row["number"], str(row["issued_on"])) for row in rows(staged)]
    assert days == [("2", "2024-01-03"), ("1", "2024-01-02")]
    assert broken(staged) == [(3, "date-missing")]
    put(tmp_path, "order_id,day,buyer\n1,2024-01-02,Bob\n1,2024-01-03,Eve\n", "orders.csv")
    with pytest.raises(EvidenceError, match="more than once"):
        stage(items, load_mapping(JOIN))


@pytest.mark.parametrize("file", ["../orders.csv", "/etc/passwd", "link.csv"])
def test_a_join_may_not_leave_the_folder(tmp_path: Path, file: str) -> None:
    (tmp_path / "in").mkdir()
    put(tmp_path, "order_id,day,buyer\n", "orders.csv")
    (tmp_path / "in" / "link.csv").symlink_to(tmp_path / "orders.csv")
    items = put(tmp_path / "in", "order_id,seller\n", "items.csv")
    with pytest.raises(EvidenceError, match="does not lie beside"):
        stage(items, load_mapping(JOIN.replace("orders.csv", file)))


def test_a_canonical_table_with_a_slip_in_its_header(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="nearly 'issued_on'"):
        stage(put(tmp_path, "kind,isued_on\norder,2024-01-01\n"), None)
    with pytest.raises(EvidenceError, match="mapping suggest"):
        stage(put(tmp_path, "number,issued_on\n7,2024-01-01\n"), None)


def test_progress_and_clean_up(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = put(tmp_path, gzip.compress(TWO.encode(), mtime=0), "t.csv.gz")
    staged = stage_table(path, ORDERS, WHO, tmp_path / "s", lambda *step: told.append(step))
    assert told[0][0] == "reading" and told[0][1] == told[0][2] == path.stat().st_size
    names = {file.name for file in (tmp_path / "s").rglob("*") if file.is_file()}
    assert names == {"documents-00.arrow", "parties.parquet"}
    assert staged.source == "t.csv.gz"


def test_a_preview_reads_only_the_beginning(tmp_path: Path) -> None:
    lines = [HEADER, ROW.format("1"), "2,short", "3,never,A,B", *[ROW.format("4")] * 200_000]
    looked = preview(put(tmp_path, "\n".join(lines)), ORDERS, rows=3)
    assert [one.row for one in looked] == [1, 2, 3]
    assert looked[0].documents[0]["seller"] == "ACME"
    assert [one.rejects[0]["rule"] for one in looked[1:]] == ["row-ragged", "date-impossible"]


GERMAN = """Rechnungsnummer;Rechnungsdatum;Fällig;Betrag;Währung;Lieferant;Kunde;Bestellnummer
R1;05.01.2024;04.02.2024;1.234,50;EUR;Müller GmbH;Harbour Ltd;B7
R2;17.01.2024;16.02.2024;7,00;EUR;Müller GmbH;Harbour Ltd;B8
"""


def test_a_suggestion_that_works_as_it_is(tmp_path: Path) -> None:
    path = put(tmp_path, GERMAN.encode("latin-1"), "rechnungen.csv")
    text = suggest_mapping(path)
    assert 'encoding = "latin-1"' in text and "# confidence: high" in text
    staged = stage(path, load_mapping(text))
    first = rows(staged)[0]
    assert (first["kind"], first["number"], first["amount_minor"]) == ("invoice", "R1", 123450)
    assert (str(first["issued_on"]), str(first["due_on"])) == ("2024-01-05", "2024-02-04")
    assert first["references"] == [{"kind": "order", "number": "B7", "namespace": None}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("odd.csv", 'a"b,c\\d,"e\nf"\n1,2,3\n'),
        ("one.csv", "x\n"),
        ("订单.csv", "订单编号,下单日期,供应商,客户\n1,2024年01月02日,甲公司,乙公司\n"),
        ("pedidos.csv", "pedido;fecha;proveedor;cliente;importe\n1;2/1/2024;A;B;3,5\n"),
        ("t.jsonl", '{"a": {"b": 1}, "c": null}\n'),
    ],
)
def test_every_suggestion_loads(tmp_path: Path, name: str, content: str) -> None:
    assert load_mapping(suggest_mapping(put(tmp_path, content, name))).document


def test_rows_keep_their_numbers_in_a_large_file(tmp_path: Path) -> None:
    """Streamed by several threads, past joins with more parties than the engine expects."""
    count = 150_000
    lines = [f"{n},2024-01-02,S{n % 60_000},Bob" for n in range(1, count + 1)]
    lines[count // 2] = f"{count // 2 + 1},never,A,B"
    staged = stage(put(tmp_path, "\n".join([HEADER, *lines])))
    found = rows(staged)
    assert all(row["number"] == str(row["row"]) for row in found)
    assert (len(found), staged.document_count) == (count - 1, count)
    assert broken(staged) == [(count // 2 + 1, "date-impossible")]
