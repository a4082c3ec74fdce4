"""What a path means: files told by content, archives from strangers, readers of other packages."""

from __future__ import annotations

import gzip
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tallystick.adapters import archives
from tallystick.adapters.contributors import contributor, contributor_of
from tallystick.adapters.files import Found, find_files
from tallystick.book import open_book
from tallystick.evidence.identifiers import describe
from tallystick.evidence.ledger import EvidenceError

DOCUMENT = (
    b'{"kind": "order", "number": "7", "issued_on": "2024-01-02", '
    b'"parties": {"seller": {"name": "ACME"}, "buyer": {"name": "Bob"}}}\n'
)
TABLE = b"kind,number,issued_on,seller_name,buyer_name\norder,8,2024-01-02,ACME,Bob\n"


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def taped(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for info, data in members:
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def inside(tmp_path: Path, archive: Path) -> Found:
    return find_files([archive], tmp_path / "unpacked")


def test_an_archive_is_walked_like_a_folder(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep.jsonl", DOCUMENT)
        archive.writestr("deep.csv", TABLE)
    packed = zipped(
        tmp_path / "all.zip",
        **{
            "a/orders": DOCUMENT,
            "b.csv": TABLE,
            "b.bin": b"\0\1\2",
            ".hidden": TABLE,
            "c.zip": inner.getvalue(),
        },
    )
    found = inside(tmp_path, packed)
    assert [found.name_of(f) for f in found.documents] == [
        "all.zip/a/orders",
        "all.zip/c.zip/deep.jsonl",
    ]
    assert [found.name_of(f) for f in found.tables] == ["all.zip/b.csv", "all.zip/c.zip/deep.csv"]
    assert [why for _, why in found.passed_over] == ["a binary file that no reader reads"]


def test_a_compressed_tar(tmp_path: Path) -> None:
    found = inside(tmp_path, taped(tmp_path / "x.tgz", (tarfile.TarInfo("a.jsonl"), DOCUMENT)))
    assert [found.name_of(f) for f in found.documents] == ["x.tgz/a.jsonl"]


@pytest.mark.parametrize(
    "name",
    ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:\\out.csv", "x" * 300],
)
def test_no_member_leaves_its_folder(tmp_path: Path, name: str) -> None:
    packed = zipped(tmp_path / "all.zip", **{name: TABLE, "b.csv": TABLE})
    found = inside(tmp_path, packed)
    assert [found.name_of(f) for f in found.tables] == ["all.zip/b.csv"]
    assert [why for _, why in found.passed_over] == ["its name leads out of the archive"]
    assert not list(tmp_path.rglob("out.csv"))


def test_links_and_devices_are_passed_over(tmp_path: Path) -> None:
    link = tarfile.TarInfo("link.csv")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device = tarfile.TarInfo("device.csv")
    device.type = tarfile.CHRTYPE
    packed = taped(tmp_path / "x.tar.gz", (link, b""), (device, b""))
    reasons = [why for _, why in inside(tmp_path, packed).passed_over]
    assert reasons == ["links are not followed", "it is no file"]


def test_a_bomb_is_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE", 1 << 20)
    bomb = zipped(tmp_path / "bomb.zip", a=b"\0" * (1 << 24), b=b"")
    with pytest.raises(EvidenceError, match="not taken"):
        inside(tmp_path, bomb)
    assert not any(path.is_file() for path in (tmp_path / "unpacked").rglob("*"))
    found = find_files([tmp_path], tmp_path / ".again")  # in a folder it does not stop the others
    assert [path.name for path, _ in found.passed_over] == ["bomb.zip"]


def test_what_lies_in_archives_within_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FREE", 1 << 20)
    monkeypatch.setattr(archives, "MAX_RATIO", 1)
    part = zipped(tmp_path / "part.zip", **{"a.csv": TABLE + b"\0" * 700_000, "b.csv": TABLE})
    both = {"1.zip": part.read_bytes(), "2.zip": part.read_bytes()}
    found = inside(tmp_path, zipped(tmp_path / "all.zip", **both))
    assert [found.name_of(f) for f in found.tables] == [
        "all.zip/1.zip/a.csv",
        "all.zip/1.zip/b.csv",
    ]
    assert [path.name for path, _ in found.passed_over] != []
    assert "not taken" in found.passed_over[-1][1]


def test_two_archives_without_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for folder in "ab":
        zipped(tmp_path / folder / "empty.zip", **{"x.bin": b"\0\1", "y.bin": b"\0\1"})
    assert len(find_files([tmp_path], tmp_path / ".unpacked").passed_over) == 4


def test_archives_in_archives_end(tmp_path: Path) -> None:
    data, name = TABLE, "t.csv"
    for n in range(archives.MAX_DEPTH + 1):
        packed = zipped(tmp_path / f"{n}.zip", **{name: data, "o.csv": TABLE})
        data, name = packed.read_bytes(), packed.name
    found = inside(tmp_path, packed)
    assert [why for _, why in found.passed_over] == ["more than 3 archives within another"]
    assert len(found.tables) == archives.MAX_DEPTH


def test_a_broken_archive_says_so(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", a=DOCUMENT * 50, b=TABLE).read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(EvidenceError, match="not something Tallystick reads"):
        inside(tmp_path, tmp_path / "b.zip")
    (tmp_path / "c.tgz").write_bytes(gzip.compress(b"x" * 5000)[:-9])
    with pytest.raises(EvidenceError, match=r"c\.tgz"):
        inside(tmp_path, tmp_path / "c.tgz")


def test_names_that_stand_twice_are_both_kept(tmp_path: Path) -> None:
    first, second = tarfile.TarInfo("a.csv"), tarfile.TarInfo("a.csv")
    found = inside(tmp_path, taped(tmp_path / "x.tgz", (first, TABLE), (second, TABLE)))
    assert len(found.tables) == 2


def test_who_hands_an_archive_in(tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    packed = zipped(bank / "all.zip", **{"a.jsonl": DOCUMENT, "branch/b.jsonl": DOCUMENT})
    found = inside(tmp_path, packed)

    def names() -> list[str]:
        return [contributor_of(f, None, home=found.homes[f]).name for f in found.documents]

    assert names() == ["bank", "branch"]
    (bank / "contributor.toml").write_text('name = "Harbour Bank"\nkind = "bank"\n')
    assert names() == ["Harbour Bank", "Harbour Bank"]


def test_a_contributor_is_the_company_of_its_name_in_its_country() -> None:
    named = describe("Harbour Supplies Ltd", "Great Britain", [])
    assert named is not None
    assert contributor("Harbour Supplies Ltd", country="GB").party == named.party
    assert contributor("Harbour Supplies Ltd").party == 0
    numbered = contributor("Harbour", ref="vat:DE136695976", country="GB")
    assert numbered.party == contributor("Other", ref="vat:DE136695976").party


def test_a_book_takes_an_archive(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "all.zip", **{"a.jsonl": DOCUMENT, "b.csv": TABLE, "x.pdf": b"%PDF"})
    with open_book(tmp_path / "book", create=True) as book:
        result = book.ingest([packed])
        assert [r.batch.accepted for r in result.receipts] == [1, 1]
        assert [path.as_posix() for path, _ in result.passed_over] != []
        assert [r.new for r in book.ingest([packed]).receipts] == [False, False]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "an empty file"),
        (b"<x:Foo xmlns:x='urn:y'/>", "XML of 'Foo' in 'urn:y', which no reader reads"),
        (
            b'{"alpha": 1, "beta": {}}',
            "JSON with 'alpha', 'beta', which no reader reads; as JSON Lines (.jsonl), one object a line, it is"
            " a table that a mapping reads",
        ),
        (b"Dear Sirs, please find", "a text that no reader reads"),
        (bytes(range(256)), "a binary file that no reader reads"),
    ],
)
def test_what_was_not_understood_is_told(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "given.dat").write_bytes(data)
    assert find_files([tmp_path]).passed_over == [(tmp_path / "given.dat", why)]
    with pytest.raises(EvidenceError, match="not something Tallystick reads"):
        find_files([tmp_path / "given.dat"])


PLUG_IN = """
from tallystick.evidence.formats.readers import Reader
from tallystick.evidence.said import PartySaid, Said

def read(source, name):
    for row, line in enumerate(source, start=1):
        yield Said("order", number=line.decode().split()[1], issued_on="2024-01-02", source=name, row=row,
                   parties={"seller": PartySaid("ACME"), "buyer": PartySaid("Bob")})

reader = Reader("plug", "a format of our own", lambda head: head.startswith(b"PLUG "), read)
"""


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of an installed package that names a reader."""
    site = tmp_path / "site"
    info = site / "plug_in-1.dist-info"
    info.mkdir(parents=True)
    (site / "plug_in_reader.py").write_text(PLUG_IN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plug-in\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[tallystick.readers]\nplug = plug_in_reader:reader\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "plug_in_reader", raising=False)
    return site


def test_a_reader_of_another_package(plugged: Path, tmp_path: Path) -> None:
    file = tmp_path / "given.txt"  # by its ending it would be a table
    file.write_bytes(b"PLUG 7\nPLUG 8\n")
    with open_book(tmp_path / "book", create=True) as book:
        (receipt,) = book.ingest([file]).receipts
    assert (receipt.batch.accepted, receipt.batch.rejected) == (2, 0)


def test_a_plug_in_that_is_no_reader(plugged: Path, tmp_path: Path) -> None:
    (plugged / "plug_in_reader.py").write_text("reader = 7\n")
    (tmp_path / "given.txt").write_bytes(TABLE)
    with pytest.raises(EvidenceError, match="plug"):
        find_files([tmp_path / "given.txt"])


def test_a_table_without_a_mapping_holds_up_nothing_else(tmp_path: Path) -> None:
    """In a folder and in an archive; named itself it is refused."""
    folder, book = tmp_path / "in", tmp_path / "book"
    folder.mkdir()
    (folder / "a-shop.csv").write_text("order,total\n1,2.50\n")
    (folder / "b-events.jsonl").write_text('{"order": 1, "total": 2.5}\n')
    (folder / "c.csv").write_bytes(TABLE)
    (folder / "notes.txt").write_text("call them\n")
    zipped(folder / "d.zip", **{"lost.csv": b"order,total\n1,2\n", "e.jsonl": DOCUMENT})
    with open_book(book, create=True) as opened:
        result = opened.ingest([folder])
        assert [r.batch.accepted for r in result.receipts] == [1, 1]
        told = {path.name: why for path, why in result.passed_over}
        assert sorted(told) == ["a-shop.csv", "b-events.jsonl", "lost.csv", "notes.txt"]
        assert all("no column `kind`: give a mapping" in why for why in told.values())
        assert Path("d.zip/lost.csv") in [path for path, _ in result.passed_over]
        with pytest.raises(EvidenceError, match="give a mapping"):
            opened.ingest([folder / "a-shop.csv"])


def test_a_mapping_that_fits_no_table_is_refused_and_else_reads_what_it_fits(
    tmp_path: Path,
) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[[document]]\nkind = "order"\nnumber = "order"\nissued_on = "day"\n'
        'seller = { name = "shop" }\nbuyer = { name = "client" }\n'
    )
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "other.csv").write_text("a,b\n1,2\n")
    with open_book(tmp_path / "book", create=True) as opened:
        with pytest.raises(EvidenceError, match=r"no column"):
            opened.ingest([folder], mapping)
        (folder / "orders.csv").write_text("order,day,shop,client\n7,2026-01-02,Acme,Basil\n")
        result = opened.ingest([folder], mapping)
        assert [r.batch.accepted for r in result.receipts] == [1]
        assert [path.name for path, _ in result.passed_over] == ["other.csv"]
