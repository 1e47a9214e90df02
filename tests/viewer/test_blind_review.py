"""Packages for raters: randomised, resumable, blind, and nothing lost; agreement and other tools' forms."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from millstream.conversations import Conversation, Utterance
from millstream.errors import InputError
from millstream.viewer import blind, exchange
from millstream.viewer.blind import Answer, Package

SCORES = dict.fromkeys(blind.DIMENSIONS, 3)


def talks(corpus: str, count: int) -> list[Conversation]:
    said = [Utterance(role="user", text=f"{corpus[0]}{n} hello") for n in range(count)]
    return [Conversation(corpus=corpus, key=str(n), lang="en", turns=(each,)) for n, each in enumerate(said)]


def package(folder: Path, count: int = 20) -> Package:
    blind.write(blind.made(talks("ours", 30), talks("real", 30), count, 0), folder)
    return Package(folder)


def test_half_are_pairs_and_no_item_names_its_source(tmp_path: Path) -> None:
    found = package(tmp_path / "p")
    kinds = [each.kind for each in found.items.values()]
    assert kinds.count("pair") == kinds.count("sheet") == 10
    text = (tmp_path / "p" / "items.jsonl").read_text(encoding="utf-8")
    assert "ours" not in text and "real" not in text
    key = json.loads((tmp_path / "p" / "key.json").read_text(encoding="utf-8"))
    sides = [tuple(each.values()) for each in key.values() if len(each) == 2]
    assert {first.split()[0] for first, _ in sides} == {"ours", "real"}
    assert all({side.split()[0] for side in pair} == {"ours", "real"} for pair in sides)


def answer(found: Package, rater: str) -> str:
    """The next item of a rater, with a choice of the side whose words begin with o."""
    item = found.next(rater)["item"]
    if item["kind"] == "pair":
        first = item["sides"][0][0][1].startswith("o")
        found.write(Answer(rater=rater, item=item["id"], choice="first" if first else "second"))
    else:
        found.write(Answer(rater=rater, item=item["id"], scores=SCORES))
    return str(item["id"])


def test_raters_have_orders_and_sides_of_their_own_and_go_on_where_they_stopped(tmp_path: Path) -> None:
    found = package(tmp_path / "p")
    assert [each.id for each in found.order("ann")] != [each.id for each in found.order("bo")]
    turned = {rater: [blind.swapped(rater, item) for item in found.items] for rater in ("ann", "bo")}
    assert turned["ann"] != turned["bo"] and 0 < sum(turned["ann"]) < 20
    seen = [answer(found, "ann") for _ in range(7)]
    found = Package(tmp_path / "p")  # another day
    assert found.next("ann")["done"] == 7 and found.next("bo")["done"] == 0
    seen += [answer(found, "ann") for _ in range(13)]
    assert len(set(seen)) == 20 and found.next("ann")["item"] is None


def test_choices_are_kept_in_terms_of_the_item(tmp_path: Path) -> None:
    found = package(tmp_path / "p")
    for rater in ("ann", "bo"):
        for _ in range(20):
            answer(found, rater)
    key = json.loads((tmp_path / "p" / "key.json").read_text(encoding="utf-8"))
    for (_, item), row in found.answers().items():
        if row["kind"] == "pair":
            assert key[item][row["choice"]].startswith("ours")
    shown = {row["shown_first"] for row in found.answers().values() if row["kind"] == "pair"}
    assert shown == {"a", "b"}


@pytest.mark.parametrize("body", [
    {"choice": "first", "scores": SCORES}, {}, {"choice": "third"}, {"scores": {"overall": 3}},
    {"scores": SCORES | {"overall": 6}},
])  # fmt: skip
def test_half_an_answer_is_none(body: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Answer.model_validate({"rater": "ann", "item": "item-001", **body})


def test_an_answer_of_the_other_kind_is_refused(tmp_path: Path) -> None:
    found = package(tmp_path / "p")
    pair = next(each.id for each in found.items.values() if each.kind == "pair")
    with pytest.raises(ValueError, match="another kind"):
        found.write(Answer(rater="ann", item=pair, scores=SCORES))
    with pytest.raises(ValueError, match="no such item"):
        found.write(Answer(rater="ann", item="item-999", scores=SCORES))
    assert not (tmp_path / "p" / "answers.jsonl").exists()


def test_too_few_dialogues_and_a_package_with_answers(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too few"):
        blind.made(talks("ours", 3), [], 5, 0)
    found = package(tmp_path / "p")
    answer(found, "ann")
    with pytest.raises(InputError, match="answers already"):
        package(tmp_path / "p")
    with pytest.raises(InputError, match="no package"):
        Package(tmp_path / "none")


def test_argilla_can_publish_what_is_written(tmp_path: Path) -> None:
    """By Argilla 2's own rules: a field and a question that are required, ratings of 0 to 10, two labels or more, no
    value of a record that the settings do not name."""
    items = list(package(tmp_path / "p").items.values())
    exchange.write(items, tmp_path / "p")
    found = json.loads((tmp_path / "p" / "argilla.json").read_text(encoding="utf-8"))
    assert set(found) == {"pairs", "sheets"}
    for made in found.values():
        settings = made["settings"]
        names = [each["name"] for part in ("fields", "questions", "metadata") for each in settings[part]]
        assert len(set(names)) == len(names)
        assert all(any(each["required"] for each in settings[part]) for part in ("fields", "questions"))
        for each in settings["questions"]:
            options = each["values"] if each["type"] == "rating" else list(each["labels"])
            assert len(set(options)) == len(options) >= 2
            assert each["type"] == "label_selection" or all(0 <= value <= 10 for value in options)
        required = {each["name"] for each in settings["fields"] if each["required"]}
        for record in made["records"]:
            assert required <= record.keys() <= {"id", *names} and all(record[name] for name in required)
    assert sum(len(made["records"]) for made in found.values()) == 20


TAGS = {
    "View": set(), "Header": {"value"}, "Choice": {"value"},
    "Paragraphs": {"name", "value", "layout", "nameKey", "textKey"},
    "Rating": {"name", "toName", "maxRating", "required"}, "Choices": {"name", "toName", "choice", "required"},
}  # fmt: skip
"""What Label Studio's pages of its tags list, of the parameters that are used here (labelstud.io/tags)."""


@pytest.mark.parametrize("kind", exchange.KINDS)
def test_label_studio_knows_every_tag_and_finds_every_value(tmp_path: Path, kind: str) -> None:
    items = list(package(tmp_path / "p").items.values())
    tasks = exchange.studio(items, kind)
    every = list(ElementTree.fromstring(exchange.config(kind)).iter())
    assert all(set(each.attrib) <= TAGS[each.tag] for each in every)
    shown = {each.attrib["name"]: each.attrib["value"].removeprefix("$") for each in every if each.tag == "Paragraphs"}
    asked = [each.attrib for each in every if "toName" in each.attrib]
    assert {each["toName"] for each in asked} <= shown.keys() and all(each["required"] == "true" for each in asked)
    assert len({*shown, *(each["name"] for each in asked)}) == len(shown) + len(asked)
    assert len(tasks) == 10 and len(asked) == (1 if kind == "pair" else 5)
    for task in tasks:
        assert all(line.keys() == {"role", "text"} for name in shown.values() for line in task["data"][name])
        assert all(task["data"][name] for name in shown.values())


def test_a_copy_of_a_package_has_its_items_and_key_and_none_of_its_answers(tmp_path: Path) -> None:
    first = package(tmp_path / "p")
    answer(first, "ann")
    blind.write(blind.kept(tmp_path / "p"), tmp_path / "copy")
    assert blind.kept(tmp_path / "copy") == blind.kept(tmp_path / "p")
    assert not (tmp_path / "copy" / "answers.jsonl").exists()
    for torn in ("{}", "[", "[1]"):
        (tmp_path / "p" / "key.json").write_text(torn, encoding="utf-8")
        with pytest.raises(InputError, match="not the key"):
            blind.kept(tmp_path / "p")


def test_raters_are_asked_in_the_language_of_the_item(tmp_path: Path) -> None:
    said = Conversation(corpus="ours", key="1", lang="zh", turns=(Utterance(role="user", text="在吗"),))
    blind.write(blind.made([said], [], 1, 0), tmp_path / "p")
    assert Package(tmp_path / "p").next("ann")["dimensions"]["overall"].startswith("总的来说")
    assert package(tmp_path / "q").next("ann")["dimensions"]["overall"].startswith("All in all")


def test_the_package_that_ships_is_ready() -> None:
    """A hundred items of our own samples, both kinds, both languages, small, unrated, with what raters need to know."""
    folder = Path(__file__).parents[2] / "samples" / "raters"
    assert {path.name for path in folder.iterdir()} == {"items.jsonl", "key.json", "README.md"}
    assert sum(path.stat().st_size for path in folder.iterdir()) < 300_000
    found = blind.kept(folder)
    assert len(found) == 100 and {item.lang for item, _ in found} == {"zh", "en"}
    assert sum(item.kind == "pair" for item, _ in found) == 50
    sources = {side.rpartition(" ")[0] for _, key in found for side in key.values()}
    assert sources == {"millstream", "turns shuffled", "cut short", "agent padded", "gibberish"}
    assert all("millstream" in " ".join(key.values()) for item, key in found if item.kind == "pair")
    leaflet = (folder / "README.md").read_text(encoding="utf-8")
    assert "50 pairs" in leaflet and "50 组对话二选一" in leaflet and "No person has rated these items yet" in leaflet
    assert Package(folder).next("ann")["of"] == 100
