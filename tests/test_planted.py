"""The planter behind benchmarks/planted.py: it changes what is said and nothing else, or its counts lie."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import yaml
from planted import missed, odd_number, table, wilson
from planting import KINDS, Bank, Host, Planted, plant, sentences

import builders
from millstream.domain import Domain, Kind, SlotSpec
from millstream.errors import InputError
from millstream.records import Act, Dialogue, Fact, Lang, Turn
from millstream.rows import encoded
from millstream.shapes import Known

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"

SOLD: dict[Lang, dict[str, dict[str, str]]] = {
    "zh": {
        "云帆E5": {"price": "14.98万元", "range": "510公里", "energy": "纯电", "delivery": "现车"},
        "云帆E7": {"price": "19.98万元", "range": "610公里", "energy": "纯电", "delivery": "4周左右"},
    },
    "en": {
        "Harbour Platter": {"price": "$58", "serves": "4", "vegetarian": "no", "allergens": "fish, milk"},
        "Garden Bowl": {"price": "$19", "serves": "1", "vegetarian": "yes", "allergens": "sesame"},
    },
}
NAMES = {"price": "价格", "range": "续航", "energy": "能源", "delivery": "提车"}
KIND: dict[str, Kind] = {"price": "money", "range": "number", "serves": "number", "vegetarian": "flag"}


def domain(lang: Lang) -> Domain:
    attributes = next(iter(SOLD[lang].values()))
    slots = [
        SlotSpec(name=each, names={lang: (NAMES.get(each, each),)}, kind=KIND.get(each, "text"))
        for each in attributes
    ]
    named = {lang: builders.DOMAIN[lang]}
    return Domain(name=named[lang], names=named, entity=named, role=named, slots=tuple(slots), words={})


def dialogue(lang: Lang, number: int) -> Dialogue:
    """The two things compared on price, every attribute of the first told, a refusal, a goodbye."""
    base = builders.dialogue(lang=lang, number=number)
    one, other = list(SOLD[lang])[:: 1 if number % 2 else -1]
    told = [Act(act="inform", slot=slot, value=value, entity=one) for slot, value in SOLD[lang][one].items()]
    compared = [told[0], told[0].model_copy(update={"entity": other, "value": SOLD[lang][other]["price"]})]
    rest = [Act(act="refuse")], [Act(act="bye")]
    agents = [agent(lang, acts) for acts in (compared, *([act] for act in told), *rest)]
    user = base.turns[0].model_copy(update={"text": "我有20万。" if lang == "zh" else "I have 60."})
    return base.model_copy(update={"turns": tuple(turn for each in agents for turn in (user, each))})


def agent(lang: Lang, acts: list[Act]) -> Turn:
    said = "{0.entity}的{1}：{0.value}。" if lang == "zh" else "The {1} of the {0.entity} is {0.value}."
    told = [said.format(act, NAMES[act.slot] if lang == "zh" else act.slot) for act in acts if act.value]
    text = " ".join(told) or ("价格真的动不了。" if lang == "zh" else "I can't move on that.")
    return Turn(role="agent", text=text, acts=tuple(acts), state=(), stage="", draft=text)


def facts(lang: Lang) -> tuple[Fact, ...]:
    return tuple(
        Fact(entity=entity, attribute=slot, value=value, evidence=(builders.evidence(value),))
        for entity, row in SOLD[lang].items()
        for slot, value in row.items()
    )


BANKS = [sentences(BENCHMARKS / name) for name in ("planted.yaml", "planted_opened.yaml", "planted_held_out.yaml")]


@pytest.fixture(scope="module", params=BANKS, ids=["development", "opened", "held out"])
def bank(request: pytest.FixtureRequest) -> Bank:
    chosen: Bank = request.param
    return chosen


@pytest.fixture(scope="module")
def hosts(bank: Bank) -> list[Host]:
    langs: tuple[Lang, ...] = ("zh", "en")
    known = {lang: Known(domain(lang), lang, facts(lang)) for lang in langs}
    return [Host(dialogue(lang, number), known[lang], bank) for lang in langs for number in range(8)]


@pytest.fixture(scope="module")
def sixty(hosts: list[Host]) -> list[Planted]:
    return plant(hosts, 60, 0)


def test_every_error_changes_the_text_of_one_turn_and_nothing_else(sixty: list[Planted]) -> None:
    for each in sixty:
        was, now = each.host.dialogue, each.dialogue
        changed = [n for n, (a, b) in enumerate(zip(was.turns, now.turns, strict=True)) if a != b]
        assert changed == [each.turn]
        assert now.turns[each.turn].text.strip() and now.turns[each.turn].text != was.turns[each.turn].text
        back = now.turns[each.turn].model_copy(update={"text": was.turns[each.turn].text})
        assert back == was.turns[each.turn]
        assert now.model_copy(update={"turns": was.turns}) == was


def test_half_of_them_are_chinese_and_every_kind_comes_at_least_thrice(sixty: list[Planted]) -> None:
    assert len(sixty) == 60
    assert Counter(each.host.known.lang for each in sixty) == {"zh": 30, "en": 30}
    counts = Counter(each.kind for each in sixty)
    assert set(counts) == set(KINDS) and min(counts.values()) >= 3


def test_no_placeholder_of_a_sentence_is_left_open(hosts: list[Host]) -> None:
    planted = plant(hosts, 300, 1)
    assert len(planted) == 300
    assert not [each.text for each in planted if "{" in each.text]


def test_the_seed_decides(hosts: list[Host], sixty: list[Planted]) -> None:
    def texts(planted: list[Planted]) -> list[tuple[int, str]]:
        return [(each.turn, each.text) for each in planted]

    assert texts(plant(hosts, 60, 0)) == texts(sixty)
    assert texts(plant(hosts, 60, 1)) != texts(sixty)


def test_what_is_swapped_or_told_of_another_is_not_so(hosts: list[Host]) -> None:
    """A value put in the place of another must not happen to be true of the thing."""
    true = {turn.text for host in hosts for turn in host.turns}
    for kind in ("value of another thing", "two things swapped"):
        planted = [text for host in hosts for n in range(5) for _, text in KINDS[kind](host, Random(n))]
        assert planted and not true & set(planted)


def test_a_kind_that_fits_no_dialogue_leaves_its_place(hosts: list[Host]) -> None:
    ends = [each.dialogue.model_copy(update={"turns": each.turns[-2:]}) for each in hosts[8:]]
    mute = [Host(each, hosts[-1].known, hosts[-1].bank) for each in ends]
    planted = plant(mute, 20, 0)
    assert len(planted) == 20
    assert "two things swapped" not in {each.kind for each in planted}


def test_nothing_to_plant_in_gives_nothing() -> None:
    assert plant([], 60, 0) == []


def test_the_baseline_sees_a_number_that_no_fact_has_and_nothing_else(hosts: list[Host]) -> None:
    host = hosts[0]
    assert not odd_number(host, host.dialogue)
    for text, odd in (("云帆E5现在15.98万元。", True), ("云帆E5现在全网最低价。", False)):
        turns = (*host.turns[:-1], host.turns[-1].model_copy(update={"text": text}))
        assert odd_number(host, host.dialogue.model_copy(update={"turns": turns})) is odd


def test_wilson_agrees_with_the_published_figures() -> None:
    """Newcombe 1998, table I: 81 of 263, and 0 of 20."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_no_sentence_is_held_out_and_developed_on() -> None:
    """Nor held out twice; what is in both would make the held-out figure a development figure."""
    *developed, held = (sayings(bank) for bank in BANKS)
    assert len(held) == len(set(held)) > 300
    assert not set(held) & {said for bank in developed for said in bank}


def sayings(bank: Bank) -> list[str]:
    kinds = [bank.feature, bank.guarantee, bank.time, bank.stock, bank.promise, bank.third_party]
    pools = [pool for kind in (*kinds, bank.contradiction, bank.name) for own in kind.values() for pool in own.values()]
    return [said.strip(",，。. ") for pool in pools for said in pool]


def test_the_table_counts_each_error_once(sixty: list[Planted]) -> None:
    judged = [(each, ()) for each in sixty]
    lines = list(table(judged, []))
    assert lines[-1].startswith("found 0 of 60 = 0.0%")
    assert len(list(missed(judged, []))) == 60


def test_the_command_reads_run_folders_and_fails_below_the_least(tmp_path: Path, hosts: list[Host]) -> None:
    chosen = [host for host in hosts if host.known.lang == "zh"]
    known = chosen[0].known
    rows = b"".join(encoded(each.dialogue.id, [each.dialogue]) for each in chosen)
    (tmp_path / "8_dialogues.jsonl").write_bytes(rows)
    (tmp_path / "2_facts.jsonl").write_bytes(encoded("all", list(known.facts)))
    written = yaml.safe_dump(known.domain.model_dump(mode="json"), allow_unicode=True)
    (tmp_path / "domain.yaml").write_text(written, encoding="utf-8")
    ran = command(str(tmp_path), "--n", "5", "--least", "6")
    assert ran.returncode == 1, ran.stderr
    assert f"untouched (false alarms)    {len(chosen):>8}" in ran.stdout


def test_a_folder_that_is_no_run_is_one_clear_line(tmp_path: Path) -> None:
    ran = command(str(tmp_path))
    assert ran.returncode != 0 and "no 8_dialogues.jsonl in it" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("held", [b"", b"feature: 3", b"\xff", b"a: [", None])
def test_a_file_that_is_no_bank_is_one_clear_line(tmp_path: Path, held: bytes | None) -> None:
    path = tmp_path / "bank.yaml"
    if held is not None:
        path.write_bytes(held)
    with pytest.raises(InputError, match=r"bank\.yaml: .*; give"):
        sentences(path)


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, str(BENCHMARKS / "planted.py"), *words]
    return subprocess.run(line, capture_output=True, text=True, check=False)
