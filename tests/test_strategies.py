"""The framework of customer support as data: whole in two languages, read by its names, its map learnt or set."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.strategies import Framework, framework

FRAME = framework()


def test_five_stages_and_twelve_strategies_in_both_languages() -> None:
    assert len(FRAME.stages) == 5 and len(FRAME.strategies) == 12
    assert [each.number for each in FRAME.strategies] == list(range(1, 13))
    for each in FRAME.strategies:
        assert all(set(words) == {"zh", "en"} for words in (each.names, each.means, each.unlike))


def test_the_map_is_many_to_many() -> None:
    assert any(len(each.stages) > 1 for each in FRAME.strategies)
    assert all(len(FRAME.of_stage(stage)) > 1 for stage in FRAME.order)


NAMES = ["RP", "rp", "重述或转述", "策略3 重述或转述", "Strategy 3: Restatement or Paraphrasing", "策略3"]


@pytest.mark.parametrize("word", NAMES)
def test_a_strategy_goes_by_its_names(word: str) -> None:
    assert FRAME.code(word) == "RP"


@pytest.mark.parametrize("word", ["Upselling", "策略13", "", "推销", "GT+IV"])
def test_a_label_outside_the_set_is_one_clear_line(word: str) -> None:
    with pytest.raises(InputError, match=r"no strategy.*there are: GT, IV"):
        FRAME.code(word, "labels.csv: line 3")


@given(st.sampled_from(FRAME.codes), st.sampled_from(("", *FRAME.order)))
def test_a_turn_stands_in_a_stage_of_its_strategy(strategy: str, after: str) -> None:
    stages = FRAME.stages_of(strategy)
    assert FRAME.home(strategy, after) in (stages or FRAME.order)


def test_the_stage_goes_on_and_not_back_where_it_can() -> None:
    assert FRAME.home("RP", "exploring") == "resolving" and FRAME.home("RP", "connecting") == "identifying"
    assert FRAME.home("OT", "exploring") == "exploring" and FRAME.home("GT", "maintaining") == "connecting"


def test_a_map_is_learnt_from_turns() -> None:
    turns = [("resolving", "ID")] * 9 + [("exploring", "信息传达")] * 4 + [("connecting", "ID")]
    learnt = FRAME.learnt(turns)
    assert learnt.stages_of("ID") == ("resolving", "exploring")
    assert learnt.stages_of("GT") == FRAME.stages_of("GT")
    with pytest.raises(InputError, match="no stage 'selling'"):
        FRAME.learnt([("selling", "ID")])


def test_a_file_of_ones_own_is_read_and_its_faults_are_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(FRAME.model_dump_json(), encoding="utf-8")
    assert framework(file) == FRAME
    file.write_text(FRAME.model_dump_json().replace('["exploring"]', '["haggling"]'), encoding="utf-8")
    with pytest.raises(InputError, match=r"mine.yaml.*PS: no stage 'haggling'"):
        framework(file)
    file.write_text("stages: [", encoding="utf-8")
    with pytest.raises(InputError, match="not YAML"):
        framework(file)
    with pytest.raises(InputError, match="cannot be read"):
        framework(tmp_path / "none.yaml")


def test_a_code_may_not_stand_twice() -> None:
    rows = FRAME.model_dump()
    with pytest.raises(ValueError, match="GT is there twice"):
        Framework.model_validate(rows | {"strategies": [*rows["strategies"], rows["strategies"][0]]})
