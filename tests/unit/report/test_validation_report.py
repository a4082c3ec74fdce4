"""The validation report: it says what holds and what does not, in both languages, and nothing can run in it."""

from __future__ import annotations

import json
import re

import numpy as np
import pyarrow as pa
import pytest

from tallystick.adapters.drawing import draw
from tallystick.adapters.rivals import rivals
from tallystick.rating.validation.grades import migration
from tallystick.rating.validation.rolling import PREDICTION
from tallystick.rating.validation.validate import PredictionError
from tallystick.report.phrases import WORDS, Phrases
from tallystick.report.validation import (
    ValidationReport,
    compose_validation,
    in_language,
    validation_json,
)
from tallystick.report.validation_html import render_validation
from tallystick.report.validation_pictures import fairness_picture

COUNT = 4_000


def predictions(harsh: float = 1.0) -> pa.Table:
    """Honest probabilities of parties of several ages; one country's are multiplied by `harsh`."""
    rng = np.random.default_rng(7)
    party = rng.integers(0, 400, COUNT)
    true = rng.beta(2, 18, 400)[party]
    wronged = party % 4 == 0
    columns = {
        "promisor": party,
        "kind": ["pay"] * COUNT,
        "day": np.sort(rng.integers(19_000, 19_700, COUNT)),
        "y_ppm": (rng.random(COUNT) < true) * 1_000_000,
        "known": rng.choice([0, 2, 6, 30, 80], COUNT),
        "evidence_micro": [None] * COUNT,
        "country": ["<b>" if w else "DE" for w in wronged],
        "size": [None] * COUNT,
        "age_days": rng.integers(0, 900, COUNT),
        "contributor": [None] * COUNT,
        "block": np.arange(COUNT) * 9 // COUNT,
    }
    table = pa.table({f.name: pa.array(columns[f.name], f.type) for f in PREDICTION})
    said = np.where(wronged, np.minimum(harsh * true, 0.95), true)
    table = table.append_column("p_rating", pa.array(said))
    return table.append_column("p_base_rate", pa.array(np.full(COUNT, 0.1)))


@pytest.fixture(scope="module")
def report() -> ValidationReport:
    moved = migration([(1, "AA"), (2, "B")], [(1, "B"), (2, "B"), (3, "NR")])
    factors = pa.table({"R02": np.arange(COUNT) / COUNT})
    return compose_validation(
        predictions(), "rating", "A <book>", factors=factors, migration=moved, draws=30
    )


def test_of_an_honest_rating_everything_holds_but_what_was_planted(
    report: ValidationReport,
) -> None:
    held = {finding.key: finding.holds for finding in report.findings}
    assert held == {
        "level": True,
        "ece": True,
        "grades": True,
        "coverage": held["coverage"],
        "newcomers": True,
        "segments": True,
        "rivals": True,
        "stable": True,
    }
    assert {s.name for s in report.validation.stability if s.moved} == {"R02"}


def test_a_country_that_is_wronged_is_named() -> None:
    wronged = compose_validation(predictions(harsh=3), "rating", "a book", draws=30)
    found = {f.key: f for f in wronged.findings}
    assert not found["segments"].holds
    assert "Country <b> (0.3" in found["segments"].text
    assert not found["level"].holds
    assert not found["ece"].holds


def test_a_better_model_is_named() -> None:
    told = compose_validation(predictions(), "base_rate", "a book", draws=30)
    found = {f.key: f for f in told.findings}
    assert not found["rivals"].holds
    assert "Tallystick rating" in found["rivals"].text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_stands_alone_and_escapes_what_strangers_wrote(
    report: ValidationReport, lang: str
) -> None:
    page = render_validation(in_language(report.validation, report.subject, lang), draw)
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "A &lt;book&gt;" in page
    assert "&lt;b&gt;" in page and "<b>" not in page
    assert "nan" not in page.lower().replace("finance", "")
    assert page.count("<svg") > 20 and page.count('class="drawn"') == 1
    for finding in in_language(report.validation, report.subject, lang).findings:
        assert finding.text.split("：")[0].split(":")[0][:20] in page


def test_who_is_wronged_is_seen() -> None:
    """A country whose promises were called thrice as risky lies left of zero, and the text tells how far."""
    harsh = compose_validation(predictions(3.0), "rating", "a book", draws=60).validation
    shown = fairness_picture(harsh.segments, Phrases("en"))
    assert shown is not None
    country = next(row for row in shown.rows if row[0] == "<b>")
    assert country[2].startswith("−") and country[2][1:] in shown.text
    spec = shown.spec["data"]["values"]
    assert [value["off"] for value in spec if value["name"] == "<b>"] == [True]
    assert fairness_picture([], Phrases("en")) is None


def test_the_json_is_what_json_takes_and_tells_everything(report: ValidationReport) -> None:
    told = json.loads(json.dumps(validation_json(report), allow_nan=False))
    assert told["format"] == "tallystick.validation/1"
    assert set(told) == {"format", "lang", "subject", "findings", "validation"}
    assert told["validation"]["promises"] == COUNT
    assert told["validation"]["blocks"][0]["psi"] is None
    assert len(told["validation"]["rivals"]) == 2


def test_every_baseline_has_a_name() -> None:
    for model in rivals():
        assert f"v.model.{model.name}" in WORDS


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda t: t.drop_columns(["known"]), "lack the columns known"),
        (lambda t: t.drop_columns(["p_rating"]), "these models: base_rate"),
        (lambda t: t.slice(0, 0), "too few"),
        (
            lambda t: t.set_column(len(PREDICTION), "p_rating", pa.array(np.full(COUNT, 1.5))),
            "row 0: 1.5 is no probability",
        ),
    ],
)
def test_what_cannot_be_judged_is_refused_with_the_reason(spoil: object, told: str) -> None:
    with pytest.raises(PredictionError, match=told):
        compose_validation(spoil(predictions()), "rating", "a book", draws=5)  # type: ignore[operator]
