"""Agreement equals hand-worked cases and plain definitions; raters who never met give no number."""

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.metrics import agreement

pytest.importorskip("krippendorff", reason="the extra `eval` is not installed")


def test_alpha_of_krippendorffs_own_example() -> None:
    """Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": four observers, twelve units, data missing."""
    table = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    cells = [(str(r), str(n), value) for r, row in enumerate(table) for n, value in enumerate(row)]
    ratings = {(rater, unit): value for rater, unit, value in cells if value is not None}
    for level, expected in (("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)):
        found = agreement.alpha(ratings, level)  # type: ignore[arg-type]
        assert found.value == pytest.approx(expected, abs=5e-4) and found.items == 11


@given(st.lists(st.lists(st.integers(1, 4), min_size=3, max_size=3), min_size=3, max_size=12))
def test_alpha_by_its_definition(rows: list[list[int]]) -> None:
    """1 - Do / De over pairs of ratings, squared differences (Krippendorff 2004, section 11.3), nothing missing."""
    ratings = {(f"{rater}", f"{item}"): float(row[rater]) for item, row in enumerate(rows) for rater in range(3)}
    found, values = agreement.alpha(ratings, "interval").value, [value for row in rows for value in row]
    if len(set(values)) < 2:
        assert found is None
        return
    seen = np.mean([(a - b) ** 2 for row in rows for n, a in enumerate(row) for m, b in enumerate(row) if n != m])
    by_chance = [(a - b) ** 2 for n, a in enumerate(values) for m, b in enumerate(values) if n != m]
    assert found == pytest.approx(1 - seen / np.mean(by_chance), abs=1e-6)


def by_coincidences(units: list[list[int]], apart: Callable[[Counter[int], int, int], float]) -> float:
    """1 - Do / De of the matrix of coincidences (Krippendorff 2011, section C), whatever is missing."""
    kept = [unit for unit in units if len(unit) > 1]
    totals = Counter(value for unit in kept for value in unit)
    seen = sum(apart(totals, a, b) / (len(unit) - 1)
               for unit in kept for n, a in enumerate(unit) for m, b in enumerate(unit) if n != m)  # fmt: skip
    chance = sum(totals[a] * totals[b] * apart(totals, a, b) for a in totals for b in totals)
    return 1 - seen * (totals.total() - 1) / chance


def ordinal(totals: Counter[int], a: int, b: int) -> float:
    low, high = sorted((a, b))
    return float((sum(totals[n] for n in range(low, high + 1)) - (totals[a] + totals[b]) / 2) ** 2)


APART: dict[str, Callable[[Counter[int], int, int], float]] = {
    "nominal": lambda totals, a, b: float(a != b), "ordinal": ordinal,
    "interval": lambda totals, a, b: float((a - b) ** 2),
}  # fmt: skip


@pytest.mark.parametrize("level", APART)
@given(st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=4), min_size=3, max_size=12))
def test_alpha_of_every_level_with_ratings_missing(level: str, units: list[list[int]]) -> None:
    ratings = {(f"{rater}", f"{item}"): float(value) for item, unit in enumerate(units)
               for rater, value in enumerate(unit)}  # fmt: skip
    found = agreement.alpha(ratings, level).value  # type: ignore[arg-type]
    if found is not None:
        assert found == pytest.approx(by_coincidences(units, APART[level]), abs=1e-6)


def test_what_gives_no_alpha() -> None:
    alone = {("ann", "1"): 1.0, ("bo", "2"): 2.0}
    assert agreement.alpha(alone, "nominal").value is None and "two raters" in agreement.alpha(alone, "nominal").why
    same = {(who, item): 3.0 for who in ("ann", "bo") for item in "1234"}
    assert agreement.alpha(same, "ordinal") == agreement.Alpha(None, 4, "all ratings are the same")
    apart = {("ann", item): 1.0 for item in "1234"} | {("bo", item): 2.0 for item in "1234"}
    found = agreement.alpha(apart, "nominal")
    assert found.value is not None and found.value < 0


SCORES = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=4, max_size=40)


@pytest.mark.parametrize(("weights", "power"), [("linear", 1), ("quadratic", 2)])
@given(SCORES)
def test_weighted_kappa_by_its_definition(weights: str, power: int, pairs: list[tuple[int, int]]) -> None:
    first, second = (list(side) for side in zip(*pairs, strict=True))
    values = sorted({*first, *second})
    found = agreement.kappa(first, second, weights)  # type: ignore[arg-type]
    if len(values) < 2:
        assert math.isnan(found)
        return
    seen = np.mean([abs(values.index(a) - values.index(b)) ** power for a, b in pairs])
    chance = np.mean([abs(values.index(a) - values.index(b)) ** power for a in first for b in second])
    assert found == pytest.approx(1 - seen / chance, abs=1e-6)


def test_ranks_by_hand() -> None:
    found = agreement.ranks([1, 2, 3, 4], [1, 3, 2, 4])
    assert found.spearman == pytest.approx(0.8) and found.kendall == pytest.approx(4 / 6)
    assert all(math.isnan(each) for each in agreement.ranks([1, 1, 1], [1, 2, 3]))


def test_the_ceiling_is_the_root_of_the_reliability() -> None:
    assert agreement.ceiling(0.5, 1) == pytest.approx(math.sqrt(0.5))
    assert agreement.ceiling(0.393, 3) == pytest.approx(math.sqrt(3 * 0.393 / (1 + 2 * 0.393)))
    assert agreement.ceiling(-0.1, 3) == 0.0


def test_the_answers_of_a_package() -> None:
    answers = {
        ("ann", "1"): {"choice": "a", "shown_first": "a"}, ("bo", "1"): {"choice": "a", "shown_first": "b"},
        ("ann", "2"): {"choice": "b", "shown_first": "b"}, ("bo", "2"): {"choice": "b", "shown_first": "a"},
        ("ann", "3"): {"scores": {"overall": 4}},
    }  # fmt: skip
    found = agreement.of_answers(answers)
    assert found["raters"] == 2 and found["alpha"]["better of two"]["value"] == pytest.approx(1.0)
    assert found["alpha"]["overall"]["value"] is None
    assert agreement.first_shown(list(answers.values())) == (2, 4)
    assert agreement.of_answers({}) == {"raters": 0, "answers": 0, "alpha": {}}
