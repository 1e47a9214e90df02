"""What is said in each delivery, read against what the delivery is known by; the rates name every kind."""

import re

import pytest

import builders
from millstream import domain, numbers, plugins
from millstream.critics import claims
from millstream.deliveries import data, has_cue, spoken_of
from millstream.plan.delivering import presets
from millstream.records import Lang
from millstream.shapes import Known

LANGS: tuple[Lang, ...] = ("zh", "en")
KINDS = plugins.names("deliveries")
UNCUED = {"code_mixing", "split", "two_intents", "typo"}
"""Known by their shape, or by the words that are swapped."""
LISTS = [
    (lang, kind, key, said)
    for lang in LANGS
    for kind, entry in data(lang).items()
    for key, said in entry.items()
    if isinstance(said, list)
]


def test_the_folder_the_wordings_and_the_rates_name_the_same_kinds() -> None:
    for named in (*presets().values(), *(data(lang) for lang in LANGS)):
        assert sorted(named) == KINDS
    assert all(0 < rate <= 1 for rates in presets().values() for rate in rates.values())
    assert all(callable(plugins.module("deliveries", kind).shown) for kind in KINDS)


@pytest.mark.parametrize(("lang", "kind", "key", "said"), LISTS, ids=lambda part: part if isinstance(part, str) else "")
def test_every_wording_shows_its_kind(lang: Lang, kind: str, key: str, said: list[str]) -> None:
    least = 1 if kind == "two_intents" else 6
    assert least <= len(set(said)) == len(said) <= 12
    if kind == "typo":
        assert all(has_cue(each, "typo", "amended") for each in said)
    elif kind not in UNCUED:
        turns = [part for each in said for part in each.split(" | ")]
        answers = (kind, key) in {("nudge", "user"), ("veto", "agent")}  # shown by what they answer
        assert answers or not [each for each in turns if not has_cue(each.replace("$slot", "x"), kind)]


def test_an_agent_claims_nothing_in_passing() -> None:
    for lang in LANGS:
        said = spoken_of(KINDS, lang)
        assert len(said) > 30
        assert not [each for each in said if numbers.values(each.rpartition(" | ")[2])]


@pytest.mark.parametrize("name", domain.names())
async def test_the_claim_check_has_nothing_against_what_an_agent_says_in_passing(name: str) -> None:
    for lang in LANGS:
        judge = claims.critic(Known(domain.read(name), lang, ()))
        for said in spoken_of(KINDS, lang):
            verdict = await judge(builders.saying(["...", said.rpartition(" | ")[2]]))
            assert verdict.passed, (said, verdict.reason)


def test_a_typing_error_is_no_word_that_is_right_elsewhere() -> None:
    """Swapping back must not find an error where there is none."""
    for lang in LANGS:
        swaps = data(lang)["typo"]["swaps"]
        assert len(swaps) >= 20 and not set(swaps) & set(swaps.values())
        assert not [wrong for wrong in swaps.values() for right in swaps if wrong in right]


def test_cues_are_no_more_than_cues() -> None:
    plain = ("青屿E7多少钱？", "最多15万。", "How much is the Family Board?", "My budget is $20.")
    marking = [kind for kind in KINDS if kind not in UNCUED]
    shown = {(kind, text) for kind in marking for text in plain if has_cue(text, kind)}
    assert not shown, shown
    assert not re.search(r"\$", "".join(spoken_of(KINDS, "zh")))
