"""report.html is one page that loads nothing, runs nothing, and shows hostile text as text."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summaries import summary

from builders import RECORDING, altered, blueprint, dialogue, evidence, persona, saying
from millstream.errors import InputError
from millstream.records import Act, Dialogue, Node, Slot, Trait
from millstream.report import counts, page
from millstream.report.counts import Heard, Summary

HOSTILE = (
    "<script>alert(1)</script></script><img src=x onerror=alert(1)></title><svg/onload=alert(1)>",
    "\" onmouseover=\"alert(1) ' autofocus='",
    "--><b>]]>&lt;b&gt;</details></article></q></bdi>",
    "{{ 7*7 }}{% raw %}",
)


class Reader(HTMLParser):
    """The elements and attributes a browser would see, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.seen = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("meta", "br", "path", "use", "link", "img", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("path", "use", "rect"):
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.seen += data


def written(made: Summary, kept: list[Dialogue], folder: Path, sample: int = 12) -> str:
    return page.write(made, *counts.read(kept, sample), folder / "report.html").read_text(encoding="utf-8")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def poisoned(words: str) -> tuple[Summary, Dialogue]:
    """The same words in every place of a report that can come from a stream or a file."""
    proof = evidence(words, recording=words)
    plan = blueprint(name=words)
    plan = altered(plan, nodes=(Node(name=words, stage=plan.stages[0].name, signal=words, action=words),))
    person = persona("agent")
    person = altered(person, fields=(Trait(name=words, value=words, origin="mined", evidence=(proof,)),))
    base = dialogue(plan=plan)
    turn = altered(
        base.turns[5],
        text=words, draft=f"{words}.", stage=words, strategy=words, grounding=(proof,),
        acts=(Act(act=words, slot=words, value=words, entity=words),), state=(Slot(slot=words, value=words),),
    )  # fmt: skip
    made = summary(
        stages=((words, 3),), rejects=((words, words, 1),), left_out=((words, words),), notes=((words, 2),),
        spending=((words, 1, 1, 0, 1, 1, 1.0),), model=words, settings=((words, words),),
        rights=((words, "unknown", words, words),), recordings=(Heard(words, words, words, 3.0, 1),),
        abstained=((words, words),), words=((words, 1),),
    )  # fmt: skip
    scenario = altered(base.scenario, domain=words, requests=(words,))
    return made, altered(base, turns=(turn,), personas=(person, person), scenario=scenario, licence=words)


def test_the_headline_and_the_tables(tmp_path: Path) -> None:
    seen = read(written(summary(), [dialogue(number=n) for n in range(14)], tmp_path)).seen
    assert "of 20 drawn, 12 asked for" in seen
    assert "209 calls in all" in seen
    assert "118 worded by the model" in seen
    for words in ("2,140", "quote is not in the cues", "torn.vtt", "3 service signals", "self-declared minors dropped"):
        assert words in seen
    assert "99,370" in seen


def test_a_turn_shows_its_labels_and_its_cues_with_their_times(tmp_path: Path) -> None:
    seen = read(written(summary(), [dialogue()], tmp_path)).seen
    assert "offer" in seen
    assert "price = 14.98万" in seen
    assert "提供建议" in seen
    assert "云帆汽车周六直播" in seen
    assert "speech, cues 5 and 6, 4:05–4:12" in seen
    assert "云帆E5 14.98万" in seen
    assert "not shown" in seen


def test_the_draft_is_shown_where_the_words_differ(tmp_path: Path) -> None:
    kept = saying(["one"])
    (same,) = kept.turns
    assert "<dt>draft</dt>" not in written(summary(), [altered(kept, turns=(altered(same, draft="one"),))], tmp_path)
    assert "<dt>draft</dt>" in written(summary(), [altered(kept, turns=(altered(same, draft="eins"),))], tmp_path)


def test_the_mark_is_there_for_people_and_for_programs(tmp_path: Path) -> None:
    html = written(summary(), [dialogue()], tmp_path)
    assert '<meta name="synthetic" content="true">' in html
    assert '<html lang="en" data-synthetic="true">' in html
    assert "Synthetic data." in read(html).seen


def test_nothing_is_loaded_and_nothing_runs(tmp_path: Path) -> None:
    reader = read(written(summary(), [dialogue()], tmp_path))
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(reader.tags)
    assert all(value.startswith("#") for name, value in reader.attributes if name in ("href", "src", "xlink:href"))
    policy = next(value for name, value in reader.attributes if value.startswith("default-src"))
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "@import" not in reader.seen
    assert not re.search(r"url\((?!#)", reader.seen)


def test_texts_are_in_their_language(tmp_path: Path) -> None:
    html = written(summary(), [dialogue(), dialogue(lang="en", number=1)], tmp_path)
    assert 'class="said" lang="zh" dir="auto">主播在吗' in html
    assert 'class="said" lang="en" dir="auto">Hi, is anyone there?' in html


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(tmp_path: Path, words: str) -> None:
    """The page around it is the same, element by element, as with harmless words."""
    reader, plain = (read(written(made, [kept], tmp_path)) for made, kept in (poisoned(words), poisoned("harmless")))
    outside = {"path", "use", "g", "text", "rect"}  # a plot has as many ticks as its numbers want
    assert [tag for tag in reader.tags if tag not in outside] == [tag for tag in plain.tags if tag not in outside]
    assert not any(name.startswith("on") for name, _ in reader.attributes)
    assert {name for name, _ in reader.attributes} == {name for name, _ in plain.attributes}
    assert reader.seen.count(words) >= 20


def test_controls_and_turned_directions_do_not_reach_the_page(tmp_path: Path) -> None:
    html = written(summary(), [saying(["a\x00b\x08\u202ec\x1b[31m"])], tmp_path)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", html)
    assert "a\ufffdb" in html


@settings(max_examples=6, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), min_size=5, max_size=40))
def test_any_texts_leave_the_page_whole(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    reader = read(written(summary(model=texts[0]), [saying(texts)], tmp_path_factory.mktemp("page")))
    assert "script" not in reader.tags
    assert reader.attributes.count(("class", "said")) == len(texts)


def test_a_run_of_nothing_is_a_page_too(tmp_path: Path) -> None:
    seen = read(written(Summary(), [], tmp_path)).seen
    assert "No dialogue was kept." in seen
    assert "Nothing was rejected." in seen


def test_only_the_sample_is_shown_and_all_is_counted(tmp_path: Path) -> None:
    reader = read(written(summary(), [dialogue(number=n) for n in range(9)], tmp_path, sample=2))
    assert reader.tags.count("article") == 2
    assert "2 of 9 dialogues" in reader.seen


def test_a_source_without_a_header_is_shown_by_its_id(tmp_path: Path) -> None:
    assert RECORDING in read(written(Summary(), [dialogue()], tmp_path)).seen


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="taken"):
        page.write(summary(), *counts.read([dialogue()]), tmp_path / "taken" / "report.html")
