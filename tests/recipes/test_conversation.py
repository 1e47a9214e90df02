"""Talk of two in broadcast speech: a third one ends it, silence too; what is too short is left with its reason."""

import json
from pathlib import Path

from typer.testing import CliRunner

from millstream.cli import app
from millstream.conversations import Found
from millstream.recipes.conversation import SILENCE, cut
from millstream.records import Cue, Reject

TALK = ["A Is the room quiet?", "B It is.", "A And the bed?", "B Two metres.", "A Is it dear?", "B Eighty a night."]


def speech(*told: str, pause: float = 0.5, length: float = 3.0) -> list[Cue]:
    """Each: a speaker's letter ("-": nobody known) and the words."""
    cues, at = [], 0.0
    for n, each in enumerate(told):
        speaker, _, text = each.partition(" ")
        name = "" if speaker == "-" else f"SPEAKER_{speaker}"
        cues.append(Cue(recording="r", track="speech", n=n, start=at, end=at + length, text=text, speaker=name))
        at += length + pause
    return cues


def reasons(cues: list[Cue]) -> list[str]:
    return [each.reason for each in cut(cues) if isinstance(each, Reject)]


def test_two_talk_until_a_third_enters() -> None:
    talk, rest = cut(speech(*TALK, "C Good evening everybody.", "C Here is the weather."))
    assert isinstance(talk, Found) and isinstance(rest, Reject)
    assert [turn.role for turn in talk.turns] == ["user", "agent"] * 3
    assert (talk.turns[0].text, talk.turns[-1].end) == ("Is the room quiet?", 20.5)
    assert rest.reason == "one person alone"


def test_cues_of_one_sentence_are_one_utterance() -> None:
    split = ["A Is the", "A room quiet?", *TALK[1:]]
    (talk,) = cut(speech(*split))
    assert isinstance(talk, Found) and talk.turns[0].text == "Is the room quiet?" and talk.turns[0].cues == (0, 1)


def test_silence_ends_a_talk() -> None:
    assert len(list(cut(speech(*TALK, *TALK, pause=SILENCE)))) == 1
    assert len(list(cut(speech(*TALK, pause=SILENCE + 0.1)))) == 6


def test_what_is_too_little_says_why() -> None:
    assert reasons(speech(*TALK[:5])) == ["one of the two speaks 2 times, 3 are needed"]
    assert reasons(speech(*TALK, length=2.0)) == ["12 seconds of speech, 15 are needed"]
    sparse = speech(*TALK * 4, length=4.0, pause=0.5)
    sparse = [cue.model_copy(update={"end": (cue.start or 0) + 0.9}) for cue in sparse]
    assert reasons(sparse) == ["speech is 21% of the time, 30% are needed"]
    assert reasons([cue.model_copy(update={"speaker": ""}) for cue in speech(*TALK)]) == ["its speech has no speakers"]
    assert reasons(speech(*TALK[:3], "- [applause]", *TALK[3:]))[1] == "nobody is named"
    assert list(cut([])) == []


def test_the_recipe_runs_alone(tmp_path: Path) -> None:
    """WhisperX's segments with speakers."""
    rows = [cue.model_dump(include={"start", "end", "text", "speaker"}) for cue in speech(*TALK, "C Hello.")]
    show = tmp_path / "show.whisper.json"
    show.write_text(json.dumps({"segments": rows}), encoding="utf-8")
    words = ["run", str(show), "--recipe", "conversation", "--out", str(tmp_path / "out"), "--json"]
    made = CliRunner().invoke(app, words)
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["dialogues"] == 1
    plain = tmp_path / "plain.srt"
    plain.write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n", encoding="utf-8")
    nothing = CliRunner().invoke(app, ["run", str(plain), "--recipe", "conversation", "--out", str(tmp_path / "none")])
    assert nothing.exit_code == 3 and "its speech has no speakers" in nothing.output
