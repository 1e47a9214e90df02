"""Events, languages and examples out of YAML: all are whole, one's own are taken, and what is wrong is one line."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from millstream import language
from millstream.crowd.data import chosen, demonstrations, events, locales
from millstream.errors import InputError

PACKAGED = "en,zh,fr,ko"


def own(folder: Path, **changes: object) -> Path:
    """Italian, as somebody might add it."""
    values: dict[str, object] = {
        "code": "it", "name": "Italian", "script": "latin", "write": "Scrivi solo in italiano.", "longest": 160,
        "names": ["Giulia", "Marco", "Sofia"], "places": ["in un bar a Torino"], "times": {"morning": "sabato mattina"},
        "home": "a casa",
        "matters": ["il forno all'angolo ha chiuso"],
        "relations": {"friends": "amici", "couple": "una coppia"},
        "ground": "$a e $b sono $relation. Parlano $place, $time.", "roles": {"user": "cliente", "agent": "consulente"},
    }  # fmt: skip
    file = folder / "it.yaml"
    file.write_text(yaml.safe_dump(values | changes, allow_unicode=True), encoding="utf-8")
    return file


def test_there_are_29_events_and_six_frequent_ones() -> None:
    assert len(events()) == 29 and len({each.means for each in events().values()}) == 29
    assert {each.code for each in chosen("frequent")} == {
        "gossip", "making_plans", "joking_around", "catching_up", "small_talk", "recapping_the_day",
    }  # fmt: skip
    assert len(chosen("all")) == 29 and [each.code for each in chosen("lecture, gossip")] == ["lecture", "gossip"]


def test_each_event_fits_every_packaged_language() -> None:
    for each in locales(PACKAGED, chosen("all")):
        assert set(each.relations) >= {relation for event in events().values() for relation in event.between}
        assert all(f"${name}" in each.ground for name in ("a", "b", "relation", "place", "time", "matter"))
        assert len(each.matters) == 6 and set(each.times) >= {
            when for event in events().values() for when in event.when
        }
        said = each.ground + " ".join((*each.places, *each.times.values(), *each.names))
        assert language.share(said.replace("$", " "), each.script) > 0.4
    assert {f.name[:-5] for f in (files("millstream") / "crowd" / "languages").iterdir()} == set(PACKAGED.split(","))


def test_the_examples_are_of_one_language_and_of_no_frequent_event() -> None:
    shown = demonstrations()
    assert shown.lang == "en"
    for each in shown.demonstrations:
        assert each.event in events() and not events()[each.event].frequent
        assert all(name in each.ground for name in each.names)
        assert all(language.among(line, "en") for line in each.lines)


def test_a_language_of_ones_own(tmp_path: Path) -> None:
    english, italian = locales(f"en,{own(tmp_path)}", chosen("making_plans"))
    assert (english.code, italian.code) == ("en", "it")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"longest": 3}, r"it\.yaml: longest: "),
        ({"asking": "["}, r"it\.yaml: asking: .*no regular expression"),
        ({"names": ["Giulia"]}, r"it\.yaml: names: "),
        ({"tongue": "yes"}, r"it\.yaml: tongue: "),
        ({"relations": {"strangers": "sconosciuti"}}, "gossip: these languages share no relation"),
        ({"code": "en"}, "'en' is there twice"),
    ],
)
def test_a_language_that_is_wrong_is_one_line(tmp_path: Path, changes: dict[str, object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        locales(f"en,{own(tmp_path, **changes)}", chosen("gossip"))


def test_what_is_not_known_says_what_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no speech event 'shouting'.*gossip"):
        chosen("gossip,shouting")
    with pytest.raises(InputError, match=r"no data for the language 'tlh'.*en, fr, ko, zh"):
        locales("en,tlh", ())
    with pytest.raises(InputError, match="cannot be read"):
        locales(str(tmp_path / "gone.yaml"), ())
    (tmp_path / "torn.yaml").write_text("names: [", encoding="utf-8")
    with pytest.raises(InputError, match="not YAML"):
        locales(str(tmp_path / "torn.yaml"), ())
