"""Threads to dialogues of two: chains, flat threads, references, signatures, what is cut off, and the whole command."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from millstream import corpora
from millstream.cli import app
from millstream.conversations import Found
from millstream.recipes.threads import answered, cut, worded
from millstream.records import Cue, Reject


def comment(n: int, author: str, text: str, above: int | None = None) -> Cue:
    kind = "" if above is None else "reply"
    return Cue(
        recording="r", track="comment", n=n, start=None, end=None, text=text, author=author, kind=kind, reply_to=above
    )


def found(cues: list[Cue]) -> list[Found]:
    return [each for each in cut(cues) if isinstance(each, Found)]


def test_a_chain_of_two_and_the_answer_of_a_third_as_reference() -> None:
    thread = [
        comment(0, "va00001", "is the lamb spicy?"),
        comment(1, "va00002", "it is mild, see https://kitchen.example/lamb", 0),
        comment(2, "va00001", "great, thanks", 1),
        comment(3, "va00003", "medium I would say", 0),
    ]
    first, second = found(thread)
    assert [(turn.role, turn.text) for turn in first.turns] == [
        ("user", "is the lamb spicy?"), ("agent", "it is mild, see <URL>"), ("user", "great, thanks"),
    ]  # fmt: skip
    assert first.turns[1].others == ("medium I would say",)
    assert second.turns[1].others == ("it is mild, see <URL>",)
    assert first.turns[2].cues == (2,)


def test_a_third_one_begins_another_dialogue() -> None:
    """A asks, B answers twice, C asks B: two dialogues, the second begins with what B said."""
    thread = [
        comment(0, "va00001", "does it have a pool?"),
        comment(1, "va00002", "yes", 0),
        comment(2, "va00002", "it is heated", 1),
        comment(3, "va00003", "is it open in winter?", 2),
        comment(4, "va00002", "until ten", 3),
    ]
    one, other = found(thread)
    assert [turn.text for turn in one.turns] == ["does it have a pool?", "yes it is heated"]
    assert [turn.text for turn in other.turns] == ["yes it is heated", "is it open in winter?", "until ten"]


def test_in_a_flat_thread_the_name_says_who_is_meant() -> None:
    thread = [
        comment(0, "va00001", "which room is quiet?"),
        comment(1, "va00002", "the loft", 0),
        comment(2, "va00003", "the garden room", 0),
        comment(3, "va00001", "@va00002 has it a desk?", 0),
        comment(4, "va00002", "it has", 0),
    ]
    replies = answered(thread)
    assert {n: [cue.n for cue in own] for n, own in replies.items()} == {0: [1, 2], 1: [3], 3: [4]}
    longest = max(found(thread), key=lambda each: len(each.turns))
    assert [turn.text for turn in longest.turns] == ["which room is quiet?", "the loft", "has it a desk?", "it has"]


def test_the_account_that_answers_many_is_the_agent_and_its_signature_goes() -> None:
    threads = [
        comment(0, "va00001", "my order is late"),
        comment(1, "v5a0000", "sorry, what is its number? ^JT", 0),
        comment(2, "va00002", "is delivery free?"),
        comment(3, "v5a0000", "from 30 dollars on -- Anna", 2),
    ]
    assert [each.turns[1].text for each in found(threads)] == ["sorry, what is its number?", "from 30 dollars on"]


def test_what_is_cut_off_is_told_and_not_used() -> None:
    thread = [
        comment(0, "va00001", "how do I"),
        comment(1, "va00002", "you open the settings and then you ...", 0),
        comment(2, "va00001", "ok", 1),
    ]
    (only,) = cut(thread)
    assert isinstance(only, Reject) and (only.step, only.reason) == ("truncated", "a message is cut off")


def test_one_alone_and_one_without_a_name_are_no_dialogue() -> None:
    assert not found([comment(0, "va00001", "hello"), comment(1, "va00001", "anyone?", 0)])
    assert not found([comment(0, "", "hello?"), comment(1, "va00001", "hi", 0)])
    assert worded(comment(0, "va00001", "@va00002: look at www.a.example and @va00003")) == "look at <URL> and <USER>"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 8)), min_size=1, max_size=14))
def test_a_dialogue_has_two_people_in_turns(drawn: list[tuple[int, int]]) -> None:
    """Whatever the tree: at most 20 turns, both roles, and every turn's cues are of one author."""
    cues = [comment(n, f"va0000{who}", f"line {n}", min(up, n - 1) if n else None) for n, (who, up) in enumerate(drawn)]
    by_n = {cue.n: cue for cue in cues}
    for each in found(cues):
        assert {turn.role for turn in each.turns} == {"user", "agent"} and len(each.turns) <= 20
        people = [{by_n[n].author for n in turn.cues} for turn in each.turns]
        assert all(len(who) == 1 for who in people) and len(set.union(*people)) == 2


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["run", "--recipe", "threads", *map(str, words)])


def test_the_recipe_runs_alone(tmp_path: Path) -> None:
    """A yt-dlp info file to conversations that the corpus reader takes; the same again says the same."""
    comments = [
        {"id": "a", "parent": "root", "author": "Rosa Falk", "text": "how much is the room?"},
        {"id": "a.1", "parent": "a", "author": "Seaside House", "text": "80 a night, call 138 0013 8000"},
        {"id": "a.2", "parent": "a", "author": "Ilja Brandt", "text": "we paid 75"},
    ]
    video, out = tmp_path / "tour.info.json", tmp_path / "out"
    video.write_text(json.dumps({"id": "tour", "title": "Tour", "comments": comments}), encoding="utf-8")
    made = run(video, "--out", out, "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert (told["dialogues"], told["turns"], told["references"]) == (2, 4, 2)
    written = (out / "conversations.jsonl").read_text(encoding="utf-8")
    assert "138" not in written and "Rosa" not in written and '"basis": "unknown"' in written
    read = list(corpora.conversations(out / "conversations.jsonl"))
    assert [turn.role for turn in read[0].turns] == ["user", "agent"]
    again = CliRunner().invoke(app, ["resume", str(out), "--json"])
    assert json.loads(again.stdout) == told, again.output
    assert json.loads(CliRunner().invoke(app, ["status", str(out), "--json"]).stdout)["finished"]
    refused = CliRunner().invoke(app, ["export", str(out), "--to", str(tmp_path / "data")])
    assert refused.exit_code == 2 and "conversations.jsonl" in refused.output


def test_nothing_to_cut_and_nothing_to_read(tmp_path: Path) -> None:
    alone, torn = tmp_path / "tour.info.json", tmp_path / "torn.info.json"
    said = {"id": "a", "author": "x", "text": "nice"}
    alone.write_text(json.dumps({"id": "t", "comments": [said]}), encoding="utf-8")
    assert run(alone, "--out", tmp_path / "none").exit_code == 3
    torn.write_text('{"comments": [{"id": "a", "te', encoding="utf-8")
    refused = run(torn, "--out", tmp_path / "torn")
    assert refused.exit_code == 2 and "torn.info.json" in refused.output and "Traceback" not in refused.output
    assert not (tmp_path / "torn").exists()
