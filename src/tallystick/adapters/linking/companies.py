"""Company names as they are compared in bulk: read once, into columns that meet across scripts.

>>> row = read_company("深圳市华强电子有限公司", {})
>>> row["key"], row["place"], row["line"], row["forms"]
('huaqiang', ['shenzhen'], ['electronics'], ['limited'])
>>> read_company("Shenzhen Huaqiang Electronics Co., Ltd.", {})["key"]
'huaqiang'
>>> read_company("N/A", {})["key"] is None
True
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyarrow as pa

from tallystick.identity.names import count_words, read_name
from tallystick.identity.names.sound import skeleton

PARTS: Final = {
    "key": pa.string(),
    "core": pa.list_(pa.string()),
    "rarest": pa.string(),
    "sound": pa.string(),
    "place": pa.list_(pa.string()),
    "line": pa.list_(pa.string()),
    "forms": pa.list_(pa.string()),
}
"""What is read out of a name. `key`: its own words in one piece; `core`: the same as a list; `rarest`: the
rarest of them in these tables; `sound`: how they begin to sound; `line`: words for the line of business."""


def read_company(name: str, counts: Mapping[str, int]) -> dict[str, Any]:
    """The parts of a name; all null where it is none. `counts`: how many names say each word."""
    read = read_name(name)
    if not read.is_name:
        return dict.fromkeys(PARTS)
    own = [t.text for t in read.tokens if t.role in ("core", "number", "letter")]
    core = sorted(set(own or [t.text for t in read.tokens]))
    return {
        "key": " ".join(core),
        "core": core,
        "rarest": min(core, key=lambda word: (counts.get(word, 0), -len(word), word)),
        "sound": "".join(skeleton(word) for word in core)[:6],
        "place": sorted({t.text for t in read.tokens if t.role in ("city", "country")}),
        "line": sorted({t.text for t in read.tokens if t.role in ("field", "weak")}),
        "forms": [form for form in read.forms if form != "translated"],
    }


def read_companies(names: Iterable[str]) -> pa.Table:
    """A row per distinct name: `raw`, and its parts."""
    distinct = sorted(set(names))
    counts = count_words(distinct)
    rows = [{"raw": name, **read_company(name, counts)} for name in distinct]
    return pa.Table.from_pylist(rows, schema=pa.schema([("raw", pa.string()), *PARTS.items()]))
