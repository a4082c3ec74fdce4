"""Finding companies among a million: time per search and whether the right one comes first, beside two peers.

The companies bear names of the simulator in fifteen scripts and languages, which hold few distinct words: long
lists, and many companies that differ in one word. A part of a name is answered by any company whose name begins
so; a misspelled one, one in other letters and an identifier only by the company itself.
"""

from __future__ import annotations

import random
import re
import resource
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks.common import apart, cache, peak_together, say, table
from tallystick.adapters.cuts import Cut
from tallystick.adapters.find_index import FOLDER, open_index
from tallystick.adapters.finding import find_companies
from tallystick.identity import COMPANY
from tallystick.rating import Policy
from tallystick.world.names import SCRIPTS, compose

COMPANIES: Final = 1_000_000
SEARCHES: Final = 200
"""Searches of each kind."""

FEW_SEARCHES: Final = 6
"""Searches of each kind for the peer that compares with every name."""

HARD: Final = {
    "very common words": ["international trading", "trading", "深圳 电子科技", "textiles ltd"],
    "one letter or two": ["a", "sh", "深", "z"],
    "nothing, 5,000 letters": ["", "-", "x" * 5000, "华" * 5000, "acme trading " * 400],
}

Query = tuple[str, int]
"""What is asked, and the row of the company that it was made from."""

Search = Callable[[str], list[int]]
"""Rows of companies for a text, best first, ten at most."""


def names_of(count: int) -> list[str]:
    """Distinct names, those of all scripts mixed."""
    each = -(-count // len(SCRIPTS))
    names = [name for script in SCRIPTS for name in compose(script, range(each))]
    random.Random(7).shuffle(names)
    return names[:count]


def uscc(row: int) -> str:
    """An identifier of a company; all begin alike, as those of one town do."""
    return f"91440300MA{row:08d}"


def queries(names: Sequence[str], count: int) -> dict[str, list[Query]]:
    """So many searches of each kind, each made from a company drawn at random."""
    by = random.Random(11)
    foreign = [row for row in by.sample(range(len(names)), 20 * count) if in_latin(names[row])]

    def drawn() -> list[int]:
        return by.choices(range(len(names)), k=count)

    return {
        "whole name": [(names[n], n) for n in drawn()],
        "two thirds of a name": [(names[n][: max(3, len(names[n]) * 2 // 3)], n) for n in drawn()],
        "beginning": [(names[n][: 3 if names[n][0] > "ӿ" else 6], n) for n in drawn()],
        "misspelled": [(misspelled(names[n], by), n) for n in drawn()],
        "in Latin letters": [(in_latin(names[n]), n) for n in foreign[:count]],
    }


def in_latin(name: str) -> str:
    """A Chinese name in pinyin, a syllable a word, and a Cyrillic one romanised; of others nothing."""
    from anyascii import anyascii
    from pypinyin import lazy_pinyin

    if re.fullmatch("[\u4e00-\u9fff]+", name) and name.endswith("公司"):
        return " ".join(lazy_pinyin(name)).title()
    return str(anyascii(name)) if re.match("[\u0400-\u04ff]{3}", name) else ""


def misspelled(name: str, by: random.Random) -> str:
    """The name with two neighbours swapped, or a letter left out or doubled, in its longest word."""
    word = max(name.split(), key=len)
    spot = by.randrange(len(word) - 1)
    wrong = by.choice(
        [
            word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
            word[:spot] + word[spot + 1 :],
            word[:spot] + word[spot] + word[spot:],
        ]
    )
    return name.replace(word, wrong, 1)


def cut_in(folder: str) -> Cut:
    """The cut that lies in a folder; nothing but its companies is read here."""
    return Cut(Path(folder), 0, None, Policy())  # type: ignore[arg-type]


def write(folder: str, count: int) -> int:
    """A piece: the companies of a cut, without an index."""
    shutil.rmtree(folder, ignore_errors=True)
    names = names_of(count)
    ids = [[f"cn.uscc:{uscc(row)}", f"id:shop:{row + 100_000}"] for row in range(count)]
    rows = {
        "company": np.arange(count),
        "ref": [some[0] for some in ids],
        "name": names,
        "country": ["CN"] * count,
        "country_by": [None] * count,
        "ids": ids,
        "names": [[name] for name in names],
    }
    cut = cut_in(folder)
    cut.put("companies", pa.table(rows, schema=COMPANY))
    nobody = pa.array([], pa.int64())
    cut.put("merged", pa.table({"party": nobody, "company": nobody}))
    return count


def index(folder: str) -> dict[str, float]:
    """A piece: make the index; the processor of the processes that helped, and the peak of all together."""
    shutil.rmtree(Path(folder) / FOLDER, ignore_errors=True)
    with peak_together() as peaks:
        open_index(cut_in(folder))
    helpers = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = sum(path.stat().st_size for path in (Path(folder) / FOLDER).iterdir())
    return {
        "processor": helpers.ru_utime + helpers.ru_stime,
        "peak_mb": peaks[0],
        "size_mb": size / 2**20,
    }


def measured(search: Search, asked: Sequence[Query], names: Sequence[str]) -> tuple[float, ...]:
    """p50 and p99 in milliseconds of processor, and the shares answered first and in the first ten."""
    times, first, ten = [], 0, 0
    for text, row in asked:
        began = time.process_time()
        found = search(text)[:10]
        times.append(1000 * (time.process_time() - began))
        partly = names[row].startswith(text) and text != names[row]
        right = [names[n].startswith(text) if partly else n == row for n in found]
        first += right[:1] == [True]
        ten += any(right)
    times.sort()
    p99 = times[min(len(times) - 1, len(times) * 99 // 100)]
    return times[len(times) // 2], p99, first / len(asked), ten / len(asked)


def search_ours(folder: str, count: int) -> dict[str, list[float]]:
    """A piece: searches of every kind through `find_companies`."""
    cut, names = cut_in(folder), names_of(count)

    def search(text: str) -> list[int]:
        return [row["company"] for row in find_companies(text, cut, 20)]

    search("华强 trading")  # opens the index and loads what reads Chinese
    asked = queries(names, SEARCHES)
    rows = [row for _, row in asked["whole name"]]
    asked["identifier"] = [(uscc(row), row) for row in rows]
    found = {kind: list(measured(search, some, names)) for kind, some in asked.items()}
    for kind, texts in HARD.items():
        found[kind] = [*measured(search, [(text, -1) for text in texts * 5], names)[:2]]
    return found


def search_fts5(count: int, path: str) -> dict[str, Any]:
    """A piece: the same searches in SQLite's full text index of trigrams, best rank first."""
    names = names_of(count)
    Path(path).unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.execute("CREATE VIRTUAL TABLE company USING fts5(name, tokenize='trigram')")
    began = time.process_time()
    base.executemany(
        "INSERT INTO company(rowid, name) VALUES (?, ?)", ((n + 1, x) for n, x in enumerate(names))
    )
    base.commit()
    took = time.process_time() - began

    def search(text: str) -> list[int]:
        words = [word.replace('"', '""') for word in text.split() if len(word) > 2]
        phrase = " ".join(f'"{word}"' for word in words)
        sql = "SELECT rowid FROM company WHERE company MATCH ? ORDER BY rank LIMIT 10"
        return [n - 1 for (n,) in base.execute(sql, (phrase,))] if words else []

    found: dict[str, Any] = {
        kind: measured(search, some, names) for kind, some in queries(names, SEARCHES).items()
    }
    base.close()
    size = Path(path).stat().st_size / 2**20
    Path(path).unlink()
    return found | {"index": {"processor": took, "size_mb": size}}


def search_rapidfuzz(count: int) -> dict[str, Any]:
    """A piece: a few of the searches by comparing with every name (`process.extract`, its own scorer)."""
    from rapidfuzz import process, utils

    names = names_of(count)
    plain = [utils.default_process(name) for name in names]

    def search(text: str) -> list[int]:
        found = process.extract(utils.default_process(text), plain, limit=10)
        return [int(n) for *_, n in found]

    asked = queries(names, SEARCHES)
    return {kind: measured(search, some[:FEW_SEARCHES], names) for kind, some in asked.items()}


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the tables; returns the figures that are watched."""
    count = max(20_000, round(COMPANIES * scale))
    folder = str(cache() / f"find-{count}" / "cut")
    apart("benchmarks.identity_find:write", folder, count)
    made = apart("benchmarks.identity_find:index", folder)
    ours = apart("benchmarks.identity_find:search_ours", folder, count)
    fts5 = apart("benchmarks.identity_find:search_fts5", count, folder + ".sqlite")
    every = apart("benchmarks.identity_find:search_rapidfuzz", count)
    shutil.rmtree(Path(folder).parent)
    index_rows = [
        ("tallystick", made.clock, made.processor + made.found["processor"], made.peak_mb,
         made.found["peak_mb"], made.found["size_mb"]),
    ]  # fmt: skip
    heads = ("index of", "seconds", "of processor", "peak MB", "of all processes", "size MB")
    table(f"An index of {count:,} companies", heads, index_rows)
    lesser = fts5.found.pop("index")
    say(
        f"\n  SQLite FTS5 (trigram): {lesser['processor']:.0f} s of processor, "
        f"{lesser['size_mb']:,.0f} MB"
    )
    ways = {"tallystick": ours, "SQLite FTS5": fts5, "rapidfuzz over all": every}
    rows = [
        (kind, way, *taken.found[kind])
        for kind in fts5.found
        for way, taken in ways.items()
    ]  # fmt: skip
    heads = ("search by", "way", "p50 ms", "p99 ms", "right is first", "in the first ten")
    table("Searches, in milliseconds of processor", heads, rows)
    alone = [(kind, *found[:2]) for kind, found in ours.found.items() if kind not in fts5.found]
    table("Others", ("search by", "p50 ms", "p99 ms"), alone)
    return {
        "index_seconds": made.clock,
        "index_peak_mb": made.peak_mb,
        **{f"{kind}: p50 ms": found[0] for kind, found in ours.found.items()},
        **{f"{kind}: p99 ms": found[1] for kind, found in ours.found.items()},
    }


if __name__ == "__main__":
    main()
