"""Readers of real dialogues: each form gives plain turns, a torn file one clear line, and nothing else is read."""

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import builders
from millstream import corpora, intake
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.errors import InputError

ABCD = [
    {
        "convo_id": 7,
        "scenario": {"personal": {"customer_name": "ada bell"}, "order": {"order_id": "55123"}},
        "original": [
            ["agent", "Hi!"],
            ["agent", "How can I help?"],
            ["action", "Account pulled up."],
            ["customer", "I lost it."],
        ],
    }
]
CROSSWOZ = {
    "11": {
        "sys-usr": [1, 2],
        "messages": [
            {
                "content": "想找一家 人均50元的馆子",
                "role": "usr",
                "dialog_act": [["Inform", "餐馆", "人均消费", "50元"]],
            },
            {"content": "推荐您去小院。", "role": "sys", "dialog_act": [["Inform", "餐馆", "名称", "小院"]]},
        ],
    }
}
XRISAWOZ = [
    {
        "dialogue_id": "car#1",
        "dialogue": [
            {
                "user_utterance": ["A red car, please.", {"car-colour": {"red one": [[1, 2]]}}],
                "system_utterance": ["Sure.", {}],
                "user_actions": [["Inform", "car", "colour", "red"]],
                "system_actions": [],
            }
        ],
    }
]
TASKMASTER = [
    {
        "conversation_id": "dlg-1",
        "utterances": [
            {"speaker": "USER", "text": "A table at Boka\\r", "segments": [{"text": "Boka"}]},
            {"speaker": "ASSISTANT", "text": "Done ."},
        ],
    }
]
MULTIWOZ = {
    "P1": {
        "log": [
            {"text": "I 'd like the east .", "metadata": {}, "dialog_act": {"Hotel-Inform": [["Area", "east"]]}},
            {"text": "Which price ?", "metadata": {}, "dialog_act": {}},
        ]
    }
}
SGD = [
    {
        "dialogue_id": "1_0",
        "turns": [
            {
                "speaker": "USER",
                "utterance": "Book it",
                "frames": [{"actions": [{"act": "INFORM", "values": ["the 8th"]}]}],
            }
        ],
    }
]
CONVLAB = [
    {
        "dataset": "convlab",
        "dialogue_id": "train-7",
        "turns": [
            {
                "speaker": "user",
                "utterance": "Beer tonight ?",
                "utt_idx": 0,
                "dialogue_acts": {"binary": [{"intent": "directive", "domain": "", "slot": ""}], "categorical": []},
            },
            {"speaker": "system", "utterance": "Sure .", "utt_idx": 1, "dialogue_acts": {}},
        ],
    }
]
FORMS: dict[str, tuple[Any, list[tuple[str, str]], tuple[str, ...]]] = {
    "abcd": (
        ABCD,
        [("agent", "Hi!"), ("agent", "How can I help?"), ("user", "I lost it.")],
        ("55123", "ada bell"),
    ),
    "crosswoz": (CROSSWOZ, [("user", "想找一家 人均50元的馆子"), ("agent", "推荐您去小院。")], ("50元", "小院")),
    "xrisawoz": (XRISAWOZ, [("user", "A red car, please."), ("agent", "Sure.")], ("red", "red one")),
    "taskmaster": (TASKMASTER, [("user", "A table at Boka"), ("agent", "Done.")], ("Boka",)),
    "multiwoz": (MULTIWOZ, [("user", "I'd like the east."), ("agent", "Which price?")], ("east",)),
    "sgd": (SGD, [("user", "Book it")], ("the 8th",)),
    "convlab": (CONVLAB, [("user", "Beer tonight?"), ("agent", "Sure.")], ()),
}


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def test_dialogues_may_stand_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    rows = [{**SGD[0], "dialogue_id": name} for name in "ab"]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    assert [each.key for each in corpora.conversations(path)] == ["a", "b"]


@pytest.mark.parametrize("name", FORMS)
def test_each_form_gives_its_turns_and_what_to_mask(name: str, tmp_path: Path) -> None:
    value, turns, values = FORMS[name]
    (found,) = corpora.conversations(written(tmp_path / "part.json", value))
    assert found.corpus == name and [(turn.role, turn.text) for turn in found.turns] == turns
    assert found.values == values and found.lang == ("zh" if name == "crosswoz" else "en")
    assert found.key and found.group == found.key


@pytest.mark.parametrize("name", FORMS)
def test_a_torn_file_is_one_line(name: str, tmp_path: Path) -> None:
    path = written(tmp_path / "part.json", FORMS[name][0])
    path.write_text(path.read_text(encoding="utf-8")[:-3], encoding="utf-8")
    with pytest.raises(InputError, match=r"part\.json.*torn"):
        list(corpora.conversations(path))


def broken(value: Any) -> Iterator[Any]:
    """The value with one part of it, each in turn, put down as a number."""
    yield 3
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        for other in broken(part):
            copy: Any = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = other
            yield copy


@pytest.mark.parametrize("name", FORMS)
def test_strange_values_are_left_out_or_one_line(name: str, tmp_path: Path) -> None:
    for value in broken(FORMS[name][0]):
        with suppress(InputError):
            for each in corpora.conversations(written(tmp_path / "part.json", value)):
                assert isinstance(each, Conversation)


def test_a_zip_of_one_file_is_read_and_others_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "val.json.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("val.json", json.dumps(CROSSWOZ, ensure_ascii=False))
    assert len(list(corpora.conversations(path))) == 1
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("more.json", "[]")
    with pytest.raises(InputError, match="a zip of 2 files"):
        list(corpora.conversations(path))
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("data/dialogues.json", json.dumps(CONVLAB))
    assert [each.corpus for each in corpora.conversations(path)] == ["convlab"]
    path.write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(InputError, match="not a zip file, or torn"):
        list(corpora.conversations(path))


def test_a_folder_is_read_past_what_is_not_known(tmp_path: Path) -> None:
    written(tmp_path / "schema.json", {"slots": []})
    with pytest.raises(InputError, match="holds no dialogue"):
        list(corpora.conversations(tmp_path))
    written(tmp_path / "a.json", ABCD)
    assert [each.corpus for each in corpora.conversations(tmp_path)] == ["abcd"]


def test_what_no_reader_knows_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no corpus that is known; known are abcd, convlab, crosswoz"):
        list(corpora.conversations(written(tmp_path / "a.json", {"a": 1})))
    with pytest.raises(InputError, match="No such file or directory"):
        list(corpora.conversations(tmp_path / "nothing.json"))


def test_a_run_takes_no_corpus_of_dialogues_as_a_source(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not recognised"):
        intake.take([written(tmp_path / "part.json", MULTIWOZ)])


def test_our_own_dialogues_keep_words_and_values() -> None:
    made = builders.dialogue()
    found = own.conversation(made)
    assert [turn.text for turn in found.turns] == [turn.text for turn in made.turns]
    assert found.group == f"{made.scenario.domain} {made.scenario.aim}" and found.key == made.id
    stated = {slot.value for turn in made.turns for slot in turn.state if len(slot.value) > 1}
    assert stated <= set(found.values)


DATA = Path(os.environ.get("MILLSTREAM_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
REAL = {"abcd_service": 3, "crosswoz": 500, "xrisawoz_fewshot": 200, "taskmaster": 878}


@pytest.mark.data
@pytest.mark.parametrize("name", REAL)
def test_the_real_files(name: str) -> None:
    if not (DATA / name).is_dir():
        pytest.skip(f"the data set {name} is not here; MILLSTREAM_DATA names the folder of the sets")
    found = list(corpora.conversations(DATA / name))
    assert len(found) == REAL[name] and all(each.turns for each in found)
