"""Pairwise and B-cubed figures, by hand."""

from __future__ import annotations

import pytest

from tallystick.adapters.linking import measure


@pytest.mark.parametrize(
    ("found", "truth", "pairwise", "bcubed"),
    [
        ("aab", "xxy", (1, 1), (1, 1)),
        ("abc", "xxx", (1, 0), (1, 1 / 3)),  # nothing joined: nothing wrong, nothing found
        ("aaa", "xyz", (0, 1), (1 / 3, 1)),  # all joined, none belongs: there was nothing to find
        (
            "aaab",
            "xxyy",
            (1 / 3, 1 / 2),
            ((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, (1 + 1 + 0.5 + 0.5) / 4),
        ),
        # a cluster of four and one of two, in one: 7 of 15 pairs; (4 * 4/6 + 2 * 2/6) / 6
        ("aaaaaa", "xxxxyy", (7 / 15, 1), ((4 * 4 / 6 + 2 * 2 / 6) / 6, 1)),
        ("", "", (1, 1), (1, 1)),
    ],
)
def test_small_cases(
    found: str, truth: str, pairwise: tuple[float, float], bcubed: tuple[float, float]
) -> None:
    quality = measure(list(found), list(truth))
    assert (quality.pairwise.precision, quality.pairwise.recall) == pytest.approx(pairwise)
    assert (quality.bcubed.precision, quality.bcubed.recall) == pytest.approx(bcubed)


def test_f1_is_the_harmonic_mean_and_the_order_does_not_matter() -> None:
    found, truth = "aabbcc", "xxxyyz"
    quality = measure(list(found), list(truth))
    p, r = quality.pairwise.precision, quality.pairwise.recall
    assert quality.pairwise.f1 == pytest.approx(2 * p * r / (p + r))
    assert measure(list(found[::-1]), list(truth[::-1])) == quality


def test_lists_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 clusters found for 1 records"):
        measure([1, 2], [1])
