"""Splink with the settings that its own documentation publishes for each record set.

Read in the repository moj-analytical-services/splink, folder docs/demos, as of version 5: examples/duckdb/
`deduplicate_50k_synthetic`, `febrl3`, `febrl4` (the detailed model), `transactions`; `tutorials/` 03 to 05 and
examples/duckdb/`accuracy_analysis_from_labels_column` for fake_1000. The settings are theirs: comparisons,
blocking, training, recall of the deterministic rules. Where a demo names no seed, 1 is set, so that a run can
be repeated. `threshold` is the one at which the demo clusters or looks at its errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Published:
    """A demo. `run` takes tables and gives a trained linker; `floor`: the least probability predicted;
    `threshold`: the probability at which it clusters."""

    run: Callable[[list[pa.Table]], Any]
    threshold: float
    source: str
    floor: float = 0.01


def _linker(tables: list[pa.Table], settings: Any) -> Any:
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI()
    names = ("__ori", "_dest") if len(tables) == 2 else ("records",)
    sides = [api.register(t, dataset_display_name=n) for t, n in zip(tables, names, strict=True)]
    return Linker(sides if len(sides) == 2 else sides[0], settings, log_level=None)


def _train(linker: Any, prior: tuple[list[Any], float] | None, pairs: float, em: list[Any]) -> Any:
    training = linker.training
    if prior:
        training.estimate_probability_two_random_records_match(prior[0], recall=prior[1])
    training.estimate_u_using_random_sampling(max_pairs=pairs, seed=SEED)
    for rule, without_tf in em:
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=without_tf
        )
    return linker


def historical(tables: list[pa.Table]) -> Any:
    """deduplicate_50k_synthetic."""
    import duckdb
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name",
                "surname",
                forename_surname_concat_col_name="first_name_surname_concat",
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
    )
    joined = (
        duckdb.from_arrow(tables[0])
        .project("*, first_name || ' ' || surname as first_name_surname_concat")
        .to_arrow_table()
    )
    prior = [
        block_on("first_name", "surname", "dob"),
        block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
        block_on("dob", "postcode_fake"),
    ]
    em = [(block_on("first_name", "surname"), True), (block_on("dob"), True)]
    return _train(_linker([joined], settings), (prior, 0.6), 1e7, em)


def febrl3(tables: list[pa.Table]) -> Any:
    """febrl3."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on(c)
            for c in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
    )
    prior = [
        block_on("soc_sec_id"),
        block_on("given_name", "surname", "date_of_birth"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ]
    em = [(block_on("date_of_birth"), False), (block_on("postcode"), False)]
    return _train(_linker(tables, settings), (prior, 0.9), 1e6, em)


def febrl4(tables: list[pa.Table]) -> Any:
    """febrl4, the detailed model."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison(
                "date_of_birth",
                input_is_string=True,
                datetime_format="%Y%m%d",
                invalid_dates_as_null=True,
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
        ],
    )
    prior = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    em = [(block_on("date_of_birth"), True), (block_on("postcode"), True)]
    return _train(_linker(tables, settings), (prior, 0.8), 1e6, em)


def fake_1000(tables: list[pa.Table]) -> Any:
    """Tutorials 03 to 05."""
    import splink.comparison_library as cl
    from splink import ColumnExpression, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds(ColumnExpression("dob").cast_to_string(), 1),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "city"),
            block_on("surname"),
        ],
    )
    prior = [
        block_on("first_name", "dob"),
        "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
        block_on("email"),
    ]
    em = [(block_on("first_name", "surname"), False), (block_on("dob"), False)]
    return _train(_linker(tables, settings), (prior, 0.7), 2e6, em)


def fake_1000_accuracy(tables: list[pa.Table]) -> Any:
    """accuracy_analysis_from_labels_column."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on(c) for c in ("first_name", "surname", "dob", "email")
        ],
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
    )
    prior = [
        "l.first_name = r.first_name and levenshtein(r.dob::VARCHAR, l.dob::VARCHAR) <= 1",
        "l.surname = r.surname and levenshtein(r.dob::VARCHAR, l.dob::VARCHAR) <= 1",
        "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
        "l.email = r.email",
    ]
    em = [
        (block_on("dob"), True),
        (block_on("email"), True),
        (block_on("first_name", "surname"), True),
    ]
    return _train(_linker(tables, settings), (prior, 0.7), 1e6, em)


def _days(n: int) -> dict[str, str]:
    later = "transaction_date_r >= transaction_date_l"
    return {
        "sql_condition": f"transaction_date_r - transaction_date_l <= {n} and {later}",
        "label_for_charts": f"<= {n} days",
    }


def transactions(tables: list[pa.Table], with_key: bool = True) -> Any:
    """transactions. The demo's last blocking rule, which it calls a cheat, joins by the key of the truth."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    near = (
        "substr(l.memo, 1,3) = substr(r.memo,1,3) "
        "and l.amount/r.amount > 0.7 and l.amount/r.amount < 1.3"
    )
    blocking = [
        f"strftime(l.transaction_date, '%Y%m') = strftime(r.transaction_date, '%Y%m') and {near}",
        f"strftime(l.transaction_date+15, '%Y%m') = strftime(r.transaction_date, '%Y%m') and {near}",
        block_on("substr(memo,1,9)"),
        "round(l.amount/2,0)*2 = round(r.amount/2,0)*2 "
        "and yearweek(r.transaction_date) = yearweek(l.transaction_date)",
        "round(l.amount/2,0)*2 = round((r.amount+1)/2,0)*2 "
        "and yearweek(r.transaction_date) = yearweek(l.transaction_date + 4)",
    ]
    amount = {
        "output_column_name": "amount",
        "comparison_levels": [
            cll.NullLevel("amount"),
            cll.ExactMatchLevel("amount"),
            *(cll.PercentageDifferenceLevel("amount", x) for x in (0.01, 0.03, 0.1, 0.3)),
            cll.ElseLevel(),
        ],
    }
    day = {
        "output_column_name": "transaction_date",
        "comparison_levels": [
            cll.NullLevel("transaction_date"),
            *(_days(n) for n in (1, 4, 10, 30)),
            cll.ElseLevel(),
        ],
    }
    settings = SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=1 / tables[0].num_rows,
        blocking_rules_to_generate_predictions=blocking
        + ([block_on("unique_id")] if with_key else []),
        comparisons=[amount, cl.LevenshteinAtThresholds("memo", [2, 6, 10]), day],
    )
    em = [(block_on("memo"), False), (block_on("amount"), False)]
    return _train(_linker(tables, settings), None, 1e6, em)


def senzing(tables: list[pa.Table]) -> Any:
    """Nobody published settings for these sets: Splink's ready comparisons for such fields, every pair
    compared, trained as its tutorial trains."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=["1=1"],
        comparisons=[
            cl.ForenameSurnameComparison("given", "surname"),
            cl.NameComparison("company"),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.EmailComparison("email"),
            cl.ExactMatch("ssn"),
            cl.ExactMatch("licence"),
            cl.ExactMatch("passport"),
            cl.ExactMatch("phone"),
            cl.LevenshteinAtThresholds("address", [2, 6]),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
    )
    prior = [block_on("given", "born"), block_on("email", "surname"), block_on("ssn")]
    em = [(block_on(c), False) for c in ("surname", "born", "address")]
    return _train(_linker(tables, settings), (prior, 0.7), 1e6, em)


PUBLISHED: Final = {
    "historical": Published(historical, 0.95, "examples/duckdb/deduplicate_50k_synthetic"),
    "febrl3": Published(febrl3, 0.5, "examples/duckdb/febrl3"),
    "febrl4": Published(febrl4, 0.99, "examples/duckdb/febrl4"),
    "fake_1000": Published(fake_1000, 0.2, "tutorials/03, 04, 05"),
    "fake_1000 accuracy": Published(
        fake_1000_accuracy, 0.5, "examples/duckdb/accuracy_analysis_from_labels_column"
    ),
    "transactions": Published(transactions, 0.5, "examples/duckdb/transactions", 0.001),
    "transactions without the key": Published(
        lambda tables: transactions(tables, False),
        0.5,
        "the same, without its rule by the key",
        0.001,
    ),
    "senzing": Published(senzing, 0.5, "ready comparisons of the library; no demo has this set"),
}
