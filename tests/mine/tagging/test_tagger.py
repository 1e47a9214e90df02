"""What a small tagger learns, keeps in a file, and finds; and that the packaged one and the rules are one."""

from pathlib import Path

import numpy as np
import pytest

from millstream.mine.find import Hit
from millstream.mine.personal import by_rule, found, united
from millstream.mine.tagging import gate
from millstream.mine.tagging.cues import sane
from millstream.mine.tagging.fit import fitted
from millstream.mine.tagging.learn import Costs, Example, learned
from millstream.mine.tagging.seen import pieces, seen
from millstream.mine.tagging.tagger import Tagger, best, load, packaged, save, spans


def plates(count: int) -> list[Example]:
    texts = [f"{word} {letters} {n:04}" for n in range(count) for word, letters in (("blocking me", "ZKQ"),)]
    stay = [Example(f"order code ZKQ {n:04}", ()) for n in range(count)]
    return [Example(text, (Hit(12, len(text), "plate"),)) for text in texts] + stay


@pytest.fixture(scope="module")
def small() -> Tagger:
    return learned(plates(20), ["plate"], rounds=4, least=2, costs=Costs(), seed=1)


def test_what_stands_before_a_code_tells_whose_it_is(small: Tagger) -> None:
    assert small.found("blocking me ZKQ 8412") == [Hit(12, 20, "plate")]
    assert small.found("order code ZKQ 8412") == small.found("") == small.found("，") == []


def test_a_tagger_in_a_file_finds_the_same(small: Tagger, tmp_path: Path) -> None:
    save(small, tmp_path / "small.npz")
    again = load(tmp_path / "small.npz")
    assert again.labels == small.labels and list(again.names) == list(small.names)
    assert again.found("blocking me ZKQ 8412") == small.found("blocking me ZKQ 8412")


def test_the_likeliest_sequence_weighs_what_follows_what() -> None:
    scores = np.array([[1, 0], [0, 0.5]], np.float32)
    assert best(scores, np.zeros((2, 2), np.float32)) == [0, 1]
    assert best(scores, np.array([[0, -9], [0, 0]], np.float32)) == [0, 0]


def test_a_label_that_goes_on_from_nothing_begins() -> None:
    told = pieces("ab cd ef")
    assert list(spans(told, ["I-id", "I-id", ""])) == [Hit(0, 5, "id")]
    assert list(spans(told, ["B-id", "B-id", "B-card"])) == [Hit(0, 2, "id"), Hit(3, 5, "id"), Hit(6, 8, "card")]


def test_every_piece_of_a_hostile_text_is_seen() -> None:
    text = "\u202e①②③" + "9" * 5000 + " İ\ud83d. . -_@ " + "a " * 50
    told = pieces(text)
    assert len(list(seen(text, told))) == len(told) and packaged().found(text) is not None


@pytest.mark.parametrize("said", ["congrats on 300k", "这款多少钱", "two please", "买一送一", "what a nice car"])
def test_a_plain_line_stays_and_most_do_not_reach_the_tagger(said: str) -> None:
    assert found(said) == []


def test_hardly_a_line_of_a_stream_reaches_the_tagger() -> None:
    captions = Path(__file__).parents[3] / "samples" / "restaurant_en"
    lines = [line for file in captions.glob("*.vtt") for line in file.read_text().splitlines() if " " in line]
    reaching = [line for line in lines if gate.packaged().may_hold(line.lower())]
    assert lines and len(reaching) < 0.15 * len(lines)


def test_a_gate_learns_which_texts_to_let_through(tmp_path: Path) -> None:
    holding = [f"{lead} kestrel_{n}" for n in range(30) for lead in ("find me as", "my snap is")]
    empty = [f"{lead} {n}" for n in range(30) for lead in ("how much is the", "is it under")]
    made = fitted(holding, empty, least=0.0)
    gate.save(made, tmp_path / "gate.npz")
    for each in (made, gate.load(tmp_path / "gate.npz")):
        assert each.may_hold("my snap is otter_7") and not each.may_hold("how much is the otter")
        assert not each.may_hold("")


@pytest.mark.parametrize(
    "said",
    [
        "咸鱼卖家号 moyan_2, 聊",
        "i stream on twitch as tin kettle nine",
        "修好寄回柳塘乡北坪村小学隔壁",
        "订位是廖先生的",
    ],
)
def test_what_belongs_to_somebody_reaches_the_tagger(said: str) -> None:
    assert gate.packaged().may_hold(said) and found(said)


def test_what_cannot_be_what_it_is_called_is_none() -> None:
    assert sane("坐g1566 2号车厢", Hit(0, 9, "plate")) is None
    assert sane("车牌浙a0d772", Hit(0, 9, "plate")) == Hit(2, 9, "plate")
    assert sane("this is it", Hit(8, 10, "name")) is None and sane("it's lorna", Hit(5, 10, "name")) is not None
    assert sane("look at amazon dot com", Hit(8, 22, "mail")) is None
    assert sane("尾号零七四", Hit(2, 5, "handle")) is None


def test_a_name_ends_at_a_sign_and_a_week_is_none() -> None:
    assert sane("患者尚禾，猫叫豆包", Hit(2, 9, "name")) == Hit(2, 4, "name")
    assert sane("for imelda quist, shes", Hit(4, 22, "name")) == Hit(4, 16, "name")
    assert sane("is mr. quist in", Hit(3, 5, "name")) is None and sane("the l w b", Hit(4, 9, "name")) is None
    assert sane("上周约的", Hit(1, 3, "name")) is None and sane("周约到了", Hit(0, 2, "name")) is not None


def test_a_rule_is_made_longer_and_only_a_telephone_renamed() -> None:
    rules = [Hit(5, 9, "address")]
    assert united(rules, [Hit(2, 12, "address")]) == [Hit(2, 12, "address")]
    assert united(rules, [Hit(2, 12, "phone")]) == rules
    assert united([Hit(5, 9, "phone")], [Hit(2, 12, "card")]) == [Hit(2, 12, "card")]
    assert united([Hit(5, 9, "phone")], [Hit(5, 9, "card")]) == [Hit(5, 9, "phone")]
    assert united([Hit(5, 9, "qq")], [Hit(4, 9, "handle"), Hit(20, 25, "id")]) == [Hit(4, 9, "qq"), Hit(20, 25, "id")]


@pytest.mark.parametrize(
    "said", ["礼盒寄到青屿市望江路18号翠竹苑3栋502", "courier is at 12 Juniper Row, Pebble Bay, blocking KXZ 4471"]
)
def test_the_door_masks_at_least_what_rules_mask(said: str) -> None:
    kept = {at for hit in found(said) for at in range(hit.start, hit.end)}
    assert all(at in kept for hit in by_rule(said) for at in range(hit.start, hit.end)) and kept


@pytest.mark.parametrize(
    "said",
    [
        "这台XQG100-138多少钱",
        "two for 39.90, code SAVE20",
        "显卡RTX 4090还有吗",
        "the 2026 model starts at 24,900",
        "第12排7座",
    ],
)
def test_what_is_nobodys_stays(said: str) -> None:
    assert found(said) == []


def test_a_price_in_words_is_nobodys_account() -> None:
    for said in ("Kittiwake's a double ninety eight", "family pan's fifty eight five eight"):
        assert found(said) == []
    assert found("my insta is fifty eight underscore five eight") != []
