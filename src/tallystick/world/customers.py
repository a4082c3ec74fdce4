"""What banks, carriers and others say about their customers: names as each of them writes them.

A contributor hands in a `profile` of each customer under its own number, or with no identifier at all, beside
its other papers. Nothing in it names the company that the marketplace and the registers know but the name, the
address and what else was asked for; who is who has to be found out, and `truth/descriptions.parquet` says it.

Worked example: the marketplace's member 17 is 深圳市华强电子有限公司; `carrier-02` has a customer
`id:carrier-02.customer:023456789`, `HUAQIANG ELEC SZ`, in some address of Shenzhen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallystick.world.addresses import registered_address
from tallystick.world.columns import Column, Day, Same, Texts
from tallystick.world.companies import FAR, Companies
from tallystick.world.config import DescriptionConfig, WorldConfig
from tallystick.world.describers import Told
from tallystick.world.descriptions import COMPANIES, chunks_told, companies_table
from tallystick.world.members import Register, member_id
from tallystick.world.parts import Parts
from tallystick.world.teller import banks, carriers
from tallystick.world.variants import other_names, registered_name

TRUTH: Final = pa.schema(
    [
        ("contributor", pa.string()),
        ("number", pa.string()),
        ("id", pa.string()),
        ("name", pa.string()),
        ("country", pa.string()),
        ("company", pa.string()),
        ("kinds", pa.list_(pa.string())),
    ]
)
"""One row per description; `id` is null where the contributor tells none. `company`: whom it is about, under
the id by which the other documents know it; `kinds`: what was varied (`world/variants.py`)."""

FIRMS: Final = pa.schema(
    [
        field if field.name not in ("company", "of") else pa.field(field.name, pa.string())
        for field in COMPANIES
    ]
)
"""As `descriptions.COMPANIES`, with the ids that the other documents use."""

_CHUNKS_A_PART: Final = 20
_TELLING: Final = ("bank", "payment-service", "carrier", "customs", "insurer")
"""Who describes customers. The marketplace and the registry know companies under ids that all share."""


def description_config(config: WorldConfig) -> DescriptionConfig:
    """The descriptions of a world's trading companies."""
    return DescriptionConfig(companies=config.companies, seed=config.seed)


def with_described_names(config: WorldConfig, companies: Companies, register: Register) -> Register:
    """The register with the names of the companies that are described, and what else they are known by."""
    rows: list[tuple[object, ...]] = []
    for firms, _ in chunks_told(description_config(config), companies.countries):
        rows += [
            (
                registered_name(firm),
                registered_address(firm),
                firm.domain or None,
                joined_names(other_names(firm)),
                firm.founded,
            )
            for firm in firms
        ]
    serving = register.names[config.companies :]
    rows += [(name, None, None, None, None) for name in serving.to_pylist()]
    name, address, domain, others, founded = zip(*rows, strict=True)
    details = {
        "address": pa.array(address, pa.string()),
        "domain": pa.array(domain, pa.string()),
        "other_names": pa.array(others, pa.string()),
        "founded": pa.array(founded, pa.int32()).cast(pa.date32()),
    }
    return replace(register, names=pa.array(name, pa.string()), details=pa.table(details))


def tell_customers(config: WorldConfig, companies: Companies, parts: Parts, truth: Path) -> None:
    """Profiles of customers; the truth about them goes into two files in the folder `truth`."""
    described, firms = truth / "descriptions.parquet", truth / "firms.parquet"
    with _writer(described, TRUTH) as rows, _writer(firms, FIRMS) as names:
        chunks = chunks_told(description_config(config), companies.countries)
        for number, (drawn, told) in enumerate(chunks, start=1):
            by_folder: dict[str, list[Told]] = defaultdict(list)
            for one in told:
                if one.contributor in _TELLING:
                    by_folder[_folder(config, one)].append(one)
            for folder in sorted(by_folder):
                _say(folder, by_folder[folder], companies, parts)
            truths = [_truth(folder, by_folder[folder]) for folder in sorted(by_folder)]
            rows.write_table(pa.concat_tables([TRUTH.empty_table(), *truths]))
            if number % _CHUNKS_A_PART == 0:
                parts.flush()
            names.write_table(_firms(companies_table(drawn)))
    for path in (described, firms):
        parts.count_file(path.stat().st_size)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, store_schema=False
    )


def _folder(config: WorldConfig, told: Told) -> str:
    """The folder of the bank or carrier whose customer a company is; the others have one each."""
    several = {"bank": banks, "carrier": carriers}.get(told.contributor)
    if several is None:
        return told.contributor
    folders = several(config)
    return folders[told.firm.number % len(folders)]


def _id(folder: str, told: Told) -> str | None:
    return f"id:{folder}.customer:{told.number}" if told.scheme else None


def _say(folder: str, told: list[Told], companies: Companies, parts: Parts) -> None:
    numbers = np.array([one.firm.number for one in told])
    founded = np.array([one.founded if one.founded >= 0 else FAR for one in told])
    columns: dict[str, Column] = {
        "number": _texts([one.number for one in told]),
        "namespace": Same(folder),
        "issued_on": Day(companies.joined_on[numbers]),
        "subject_id": _texts([_id(folder, one) for one in told]),
        "subject_name": _texts([one.name for one in told]),
        "subject_country": _texts([one.country or None for one in told]),
        "subject_address": _texts([one.address or None for one in told]),
        "subject_account": _texts([one.account or None for one in told]),
        "subject_domain": _texts([one.domain or None for one in told]),
        "subject_other_names": _texts([joined_names(one.other_names) for one in told]),
        "subject_founded": Day(founded),
    }
    parts.say(folder, "profile", np.arange(len(told)), columns)


def _texts(values: Sequence[str | None]) -> Texts:
    return Texts(pa.array(values, pa.string()))


def joined_names(names: Sequence[tuple[str, str]]) -> str | None:
    """Former and trading names in one cell, or nothing."""
    return ";".join(name for _, name in names) or None


def _truth(folder: str, told: list[Told]) -> pa.Table:
    rows = [
        (folder, one.number, _id(folder, one), one.name, one.country or None, sorted(one.kinds))
        for one in told
    ]
    columns = dict(
        zip(
            ("contributor", "number", "id", "name", "country", "kinds"),
            zip(*rows, strict=True),
            strict=True,
        )
    )
    columns["company"] = tuple(member_id(one.firm.number) for one in told)
    return pa.table({name: columns[name] for name in TRUTH.names}, schema=TRUTH)


def _firms(table: pa.Table) -> pa.Table:
    """Who the trading companies are, under the ids by which the other documents know them."""
    for name in ("company", "of"):
        numbers = table[name].to_pylist()
        ids = [None if number is None else member_id(number) for number in numbers]
        table = table.set_column(FIRMS.get_field_index(name), name, pa.array(ids, pa.string()))
    return table.cast(FIRMS)
