"""The model page shows what a validation found, once it was published."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from starlette.testclient import TestClient

from tallystick.rating.validation import PREDICTION
from tallystick.report.validation import compose_validation, validation_json
from tallystick.service import Service, measured

COUNT = 2000


def predictions() -> pa.Table:
    """Promises foretold by a model whose probabilities are true."""
    rng = np.random.default_rng(5)
    chance = rng.uniform(0.01, 0.4, COUNT)
    columns = {
        "promisor": np.arange(COUNT) % 97,
        "kind": ["pay"] * COUNT,
        "day": 20_000 + np.arange(COUNT) * 300 // COUNT,
        "y_ppm": (rng.random(COUNT) < chance) * 1_000_000,
        "known": np.arange(COUNT) % 20,
        "evidence_micro": np.full(COUNT, 5_000_000),
        "country": ["CN", "DE"] * (COUNT // 2),
        "size": ["small"] * COUNT,
        "age_days": np.full(COUNT, 400),
        "contributor": ["marketplace"] * COUNT,
        "block": np.arange(COUNT) * 9 // COUNT,
    }
    table = pa.table({f.name: pa.array(columns[f.name], f.type) for f in PREDICTION})
    return table.append_column("p_tallystick", pa.array(chance))


def test_a_published_validation_is_on_the_page_and_in_the_card(client: TestClient) -> None:
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    assert "tallystick validate" in client.get("/en/model").text
    cut = service.cut()
    assert cut is not None
    report = compose_validation(predictions(), "tallystick", "a book", draws=20)
    measured.publish(service, cut, validation_json(report))
    try:
        english, chinese = (client.get(f"/{lang}/model").text for lang in ("en", "zh"))
        assert "Validated on" in english and "检验日期" in chinese
        auc = f"{report.validation.figures['auc'].value:.4f}"
        assert auc in english and auc in chinese and "another policy" not in english
        told = client.get("/v1/model").json()["measured"]["by_validation"]
        assert told["report"]["validation"]["promises"] == COUNT
    finally:
        with service.store.write() as db:
            measured.served.set_state(db, measured.NAME, None)
