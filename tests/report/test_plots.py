"""Plots are text in SVG, in the page's colours, whatever the words of the sources are."""

import re
from pathlib import Path
from xml.etree import ElementTree

from builders import altered, dialogue
from millstream.records import Act, Dialogue
from millstream.report import drawing
from millstream.report.counts import read
from millstream.report.plots import plots


def drawn(*kept: Dialogue) -> dict[str, str]:
    return {plot.title: str(plot.svg) for plot in plots(read(kept)[0])}


def texts(svg: str) -> set[str]:
    return {each.text or "" for each in ElementTree.fromstring(svg).iter("text")}


def test_every_plot_is_an_svg_element_with_real_text() -> None:
    made = drawn(dialogue(), dialogue(lang="en", number=3))
    assert len(made) == 6
    for svg in made.values():
        assert svg.startswith("<svg ")
        assert texts(svg)
        assert "<script" not in svg
        assert "<style" not in svg
    assert {"success", "lost price", "abandoned"} <= texts(made["Outcomes"])
    assert "negotiate" in texts(made["Stages, by move"])


def test_every_plot_has_its_numbers_and_they_add_up() -> None:
    tally, _ = read([dialogue(), dialogue(lang="en", number=3)])
    made = {plot.title: dict(plot.numbers) for plot in plots(tally)}
    turns = tally.utterances
    assert made["Turns per dialogue"] == {"12 turns": 2} and turns == 24
    assert sum(made["Length of utterances"].values()) == sum(made["Stages, by move"].values()) == turns
    assert sum(made["Outcomes"].values()) == 2 and made["Outcomes"]["success"] == tally.outcomes["success"]
    assert made["Dialogue acts"]["user, inform"] == tally.acts["user"]["inform"]
    assert sum(made["Use of personas"].values()) == 4


def test_the_ids_of_the_plots_do_not_collide() -> None:
    ids = [each for svg in drawn(dialogue()).values() for each in re.findall(r'\bid="([^"]+)"', svg)]
    assert ids
    assert len(set(ids)) == len(ids)


def test_what_a_plot_refers_to_is_in_it() -> None:
    for svg in drawn(dialogue()).values():
        ids = set(re.findall(r'\bid="([^"]+)"', svg))
        assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', svg)) <= ids


def test_colours_are_the_pages() -> None:
    svg = drawn(dialogue())["Dialogue acts"]
    assert "var(--user)" in svg
    assert "var(--agent)" in svg
    assert "#070809" not in svg


def test_words_no_font_has_are_spelled_out() -> None:
    kept = dialogue(2)
    odd = altered(kept.turns[0], acts=(Act(act="砍价 $x^$ <b>"),), stage="尾声")
    made = drawn(altered(kept, turns=(odd, kept.turns[1])))
    assert "\\u780d\\u4ef7 $x^$ <b>" in texts(made["Dialogue acts"])
    assert "<b>" not in made["Dialogue acts"]
    assert "\\u5c3e\\u58f0" in texts(made["Stages, by move"])


def test_the_same_dialogues_give_the_same_plots() -> None:
    assert drawn(dialogue()) == drawn(dialogue())


def test_of_nothing_come_no_plots_and_of_an_empty_dialogue_all() -> None:
    assert drawn() == {}
    assert len(drawn(altered(dialogue(), turns=()))) == 6


def test_one_side_alone_can_speak() -> None:
    kept = dialogue()
    monologue = altered(kept, turns=tuple(turn for turn in kept.turns if turn.role == "user"))
    assert len(drawn(monologue)) == 6


def test_plots_are_files_in_the_colours_of_print(tmp_path: Path) -> None:
    paths = drawing.save(plots(read((dialogue(),))[0]), tmp_path / "new" / "plots")
    assert len(paths) == 12 and {path.suffix for path in paths} == {".svg", ".png"}
    acts = (tmp_path / "new" / "plots" / "dialogue-acts.svg").read_text(encoding="utf-8")
    assert drawing.PRINT.user in acts and "var(--" not in acts and ElementTree.fromstring(acts).tag.endswith("svg")
    assert (tmp_path / "new" / "plots" / "stages-by-move.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_printed_has_the_pages_colours_by_light() -> None:
    style = (Path(drawing.__file__).parent / "style.css.j2").read_text(encoding="utf-8").partition("@media")[0]
    assert all(f"--{name}: {colour};" in style for name, colour in drawing.PRINT._asdict().items())
