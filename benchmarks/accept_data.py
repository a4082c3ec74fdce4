"""Ratings against real data, strictly out of time: every model on every set, and the acceptance table (S12).

    python -m benchmarks accept_data                 four sets, 200 draws for the intervals (minutes)
    python -m benchmarks accept_data --scale .1      20 draws

Nine rolling blocks over the last 45 % of the promises, each foretold by models fitted on what was known before
it; intervals are drawn by party. A set whose data is absent is left out, saying so. The predictions are kept as
Parquet in the folder of made things, for a validation report of any model.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.accept_criteria import Met, Tested, judged
from benchmarks.accept_ours import OPEN, ours
from benchmarks.accept_scorecard import Scorecard
from benchmarks.accept_sets import DATA, SETS, DataSet
from benchmarks.common import cache, say, table
from tallystick.adapters.rivals import rivals
from tallystick.rating import Policy
from tallystick.rating.validation.bootstrap import Estimate
from tallystick.rating.validation.examples import Examples, counted_in_order, examples_of
from tallystick.rating.validation.measures import Foretold, paired, paired_log_loss
from tallystick.rating.validation.rolling import Model, foretell
from tallystick.rating.validation.segments import outcome, probability

CHAMPION: Final = "tallystick"
DEAL: Final = "scorecard_deal"
"""The model of the party that is accepted or not, and that of the deal; the others are what they are held
against."""

DRAWS: Final = 200
THIN: Final = 3


def contenders(promises: pa.Table, examples: Examples) -> list[Model]:
    """What is tested: the rating itself, by the production SQL and fit, with all evidence in full
    (`tallystick`: a book whose only contributor is its reader) and with the defences of a shared book
    (`tallystick_shared`); the yardstick of the method; then the baselines from the simplest."""
    full = ours(promises, examples, Policy(record=OPEN), "tallystick")
    shared = ours(promises, examples, Policy(), "tallystick_shared")
    wider = Scorecard("scorecard_wider", wider=True)
    deal = Scorecard("scorecard_deal", wider=True, deal=True)
    return [full, shared, Scorecard(), wider, deal, *rivals()]


def foretold(data: DataSet) -> pa.Table:
    """Predictions of every model for the test blocks of one set."""
    promises = counted_in_order(data.promises())
    examples = examples_of(promises, data.group)
    found = foretell(
        examples, contenders(promises, examples), data.kind, promises.select(["country", "size"])
    )
    pq.write_table(found, cache() / f"accept-{data.name}.parquet")
    return found


def compare(data: DataSet, predictions: pa.Table, draws: int) -> None:
    """Print every model of one set beside each other, and the champion against each."""
    y, party = outcome(predictions), predictions["promisor"].to_numpy()
    thin = predictions["known"].to_numpy() <= THIN
    ours = probability(predictions, CHAMPION)
    champion = Foretold(ours, y, party)
    rows = []
    for name in (c[2:] for c in predictions.column_names if c.startswith("p_")):
        p = probability(predictions, name)
        model = Foretold(p, y, party)
        found = model.estimates(draws)
        few = Foretold(p[thin], y[thin], party[thin]).measures() if thin.any() else None
        gap = paired_log_loss(ours, p, y, party, draws)
        rank = paired(champion, model, lambda m: m.auc, draws)
        rows.append(
            (
                name,
                told(found["log_loss"], 4),
                told(found["auc"], 3),
                f"{found['ece'].value:.3f}",
                f"{few.log_loss:.4f} ({few.auc:.3f})" if few else "",
                "" if name == CHAMPION else told(gap, 4, sign=True),
                "" if name == CHAMPION else told(rank, 3, sign=True),
            )
        )
    heads = ("model", "log loss", "AUC", "ECE", "thin files (AUC)", "ours less its", "AUC")
    title = (
        f"{data.title}: {len(y):,} promises of {champion.parties:,} parties, {y.mean():.1%} broken"
    )
    table(title, heads, rows)


def told(e: Estimate, digits: int, sign: bool = False) -> str:
    """A figure with its interval."""
    form = f"{'+' if sign else ''}.{digits}f"
    return f"{e.value:{form}} [{e.low:{form}}, {e.high:{form}}]"


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the tables; returns the figures that are watched."""
    draws = max(20, round(DRAWS * scale))
    tested: list[Tested] = []
    for data in SETS:
        if not data.there():
            say(f"  {data.title}: {DATA / data.file} is absent; set TALLYSTICK_DATA")
            continue
        predictions = foretold(data)
        compare(data, predictions, draws)
        tested.append(Tested(data.name, predictions, CHAMPION, DEAL, draws))
    found = judged(tested)
    heads = ("check", "must", "stretch", "measured", "met")
    table("Acceptance (S12)", heads, [_row(met) for met in found])
    missed = sum(not met.must_met for met in found)
    say(
        f"\n  {len(found) - missed} of {len(found)} met, {sum(m.aim_met for m in found)} at the stretch"
    )
    return {f"{met.check}": met.value for met in found}


def _row(met: Met) -> tuple[str, str, str, str, str]:
    grade = "stretch" if met.aim_met else "yes" if met.must_met else "NO"
    return met.check, met.must, met.aim, met.measured, grade


if __name__ == "__main__":
    main()
