"""The set fake_1000 of Splink: ours is not below Splink's published clusters.

Skipped, saying so, where the set is absent (`../shared/data` or TALLYSTICK_DATA).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tallystick.adapters.linking import link_files

pytestmark = pytest.mark.real

_ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TALLYSTICK_DATA", _ROOT.parent / "shared" / "data"))
FILE = DATA / "er_splink_febrl" / "fake_1000.csv"


def test_persons_of_fake_1000(tmp_path: Path) -> None:
    pytest.importorskip("splink")
    if not FILE.exists():
        pytest.skip(f"no record set in {FILE.parent}; set TALLYSTICK_DATA")
    out, why = tmp_path / "linked.csv", tmp_path / "why.parquet"
    done = link_files([FILE], "person", out, why, id_column="unique_id", truth="cluster")
    assert done.quality is not None
    pair, each = done.quality.pairwise, done.quality.bcubed
    # Splink at p >= 0.5 with the settings of its accuracy demo: 0.970, 0.869; 0.990, 0.892
    assert pair.precision > 0.99 and pair.recall > 0.9
    assert each.precision > 0.99 and each.recall > 0.92
    assert len(out.read_text().splitlines()) == 1001 and why.exists()
