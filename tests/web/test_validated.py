"""The model page shows what a validation found, once it was published."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from starlette.testclient import TestClient
from tests.web.test_public import assert_inert

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
        "size": ["small", "large", "micro", "medium"] * (COUNT // 4),
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
    measured.publish(
        service, cut, validation_json(report), "tallystick validate --draws 20 --publish"
    )
    try:
        english, chinese = (client.get(f"/{lang}/model").text for lang in ("en", "zh"))
        assert "Validated on" in english and "检验日期" in chinese
        auc = f"{report.validation.figures['auc'].value:.4f}"
        assert auc in english and auc in chinese and "another policy" not in english
        told = client.get("/v1/model").json()["measured"]["by_validation"]
        assert told["report"]["validation"]["promises"] == COUNT
        for text in (english, chinese):
            assert_inert(text)
            assert "tallystick validate --draws 20 --publish" in text
            for part in ('id="drift"', 'id="fairness"', "PSI", ">micro<", ">DE<"):
                assert part in text, part
        for lang in ("en", "zh"):
            whole = client.get(f"/{lang}/model/validation")
            assert whole.status_code == 200 and auc[:5] in whole.text
            assert_inert(whole.text)
    finally:
        forget(service, measured.NAME)


def test_without_a_validation_its_page_says_that_there_is_none(client: TestClient) -> None:
    assert client.get("/en/model/validation").status_code == 404
    assert client.get("/en/model/validation.json").json()["type"].endswith("not-validated")


def test_a_validation_of_another_policy_says_so(client: TestClient) -> None:
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    cut = service.cut()
    assert cut is not None
    told = validation_json(compose_validation(predictions(), "tallystick", "a book", draws=20))
    measured.publish(service, cut, told)
    try:
        kept = measured.kept(service)
        assert kept is not None
        with service.store.write() as db:
            measured.served.set_state(db, measured.NAME, kept | {"policy": "another"})
        assert "another policy" in client.get("/en/model").text
    finally:
        forget(service, measured.NAME)


MARKS = {"80": {"cost_cents": 5_066_400, "strategy": "shells"}, "grade": None, "BBB": None}
FOUND = {
    "costs": "lab", "seeds": 4,
    "ratings": [{
        "rating": "Tallystick", "budgets_cents": [10_000, 10_000_000],
        "forgery": {"bad": {"before": 0.2, "reached": {}, "marks": MARKS}},
        "slander": {"slander": [50.0, 48.0, 31.5]},
    }],
}  # fmt: skip


def test_what_an_attack_found_is_on_the_page_with_its_command(client: TestClient) -> None:
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    assert "tallystick attack --publish" in client.get("/en/model").text
    cut = service.cut()
    assert cut is not None
    measured.publish_attack(service, cut.policy.digest(), FOUND, "tallystick attack --seeds 4")
    try:
        for lang, never in (("en", "not found"), ("zh", "未达到")):
            text = client.get(f"/{lang}/model").text
            assert_inert(text)
            for told in (
                "tallystick attack --seeds 4",
                "50,664",
                never,
                "31.5",
                "lab" if lang == "en" else "实验室",
            ):
                assert told in text, told
        card = client.get("/v1/model").json()["measured"]["by_attack"]
        assert card["found"]["ratings"][0]["rating"] == "Tallystick"
    finally:
        forget(service, measured.ATTACKED)


def forget(service: Service, name: str) -> None:
    with service.store.write() as db:
        measured.served.set_state(db, name, None)
