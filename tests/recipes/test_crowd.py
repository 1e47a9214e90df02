"""`millstream run --recipe crowd`: the whole run with a scripted writer, its page, and wrong input."""

import json
import re
import shutil
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from millstream import crowdwork, ledger
from millstream.backends import scripted
from millstream.chat import Request, stacked
from millstream.cli import app
from millstream.crowd.talk import Goal, Talk
from millstream.models import Model
from millstream.recipe import Settings, Task
from millstream.recipes import crowd
from millstream.run import Run
from millstream.slots import Slots
from millstream.table import Table

SAMPLE = Path(__file__).parents[2] / "samples" / "crowd"
WORDS = {
    "en": [
        "bread",
        "morning",
        "choir",
        "weather",
        "garden",
        "holiday",
        "market",
        "river",
        "winter",
        "coffee",
        "window",
    ],
    "fr": ["pain", "matin", "chorale", "temps", "jardin", "vacances", "marché", "rivière", "hiver", "café", "fenêtre"],
    "zh": ["面包", "早晨", "合唱", "天气", "花园", "假期", "市场", "河流", "冬天", "咖啡", "窗户"],
}
SAYS = {"en": "Is the {} or the {} better?", "fr": "Le {}, la {} ?", "zh": "{}还是{}？"}


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def run(out: Path, *more: object) -> Result:
    return call("run", SAMPLE, "--recipe", "crowd", "--out", out, "--set", "encoder=none", "--model", "scripted", *more)


def speaks(request: Request) -> str:
    """Another plain sentence for every line of every talk, in the language asked for, a question where one is due."""
    body: dict[str, Any] = json.loads(request.body)
    if "response_format" not in body:
        return "A"
    told = " ".join(each["content"] for each in body["messages"])
    lang = "zh" if "简体中文" in told else "fr" if "français" in told else "en"
    about = re.findall("What goes on: (.*)", told)[0]
    (goal,) = re.findall(r"Your next line to .*?: (.*)", body["messages"][-1]["content"])
    words, n = WORDS[lang], body["seed"] // 100 + zlib.crc32(about.encode())
    line = SAYS[lang].format(words[n % len(words)], words[(n * 5 + 3) % len(words)])
    if Goal(side=0, text=goal).form == "tells":
        line = line.replace(" ?", ".").replace("?", ".").replace("？", "。")
    return json.dumps({"line": line})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crowd") / "run"


async def make(folder: Path, **settings: Any) -> tuple[int, tuple[str, ...]]:
    chosen = Settings.model_validate({"recipe": "crowd", "encoder": "none", "count": 6, **settings})
    with Run(folder, "crowd") as run_:
        return await crowd.make(Task((SAMPLE,), chosen, run_, Model("m", scripted.connect(speaks), "", 4)))


async def test_the_same_premises_in_three_languages_side_by_side(made: Path) -> None:
    accepted, lines = await make(made)
    talks = list(Table(made / "5_dialogues.jsonl", Talk))
    assert accepted == len(talks) == 6, lines
    for key in ("open-0", "open-1"):
        mine = [each for each in talks if each.cell.premise.key == key]
        assert [each.cell.lang for each in mine] == ["en", "zh", "fr"]
        assert len({each.cell.premise.id for each in mine}) == 1 and len({each.said() for each in mine}) == 3
    page = (made / "report.html").read_text(encoding="utf-8")
    assert page.count(": kept") == 6 and all(line.text.replace("'", "&#39;") in page for line in talks[0].lines)
    rows = [json.loads(row) for row in (made / "messages.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["metadata"]["lang"] for row in rows} == {"en", "zh", "fr"} and all(
        row["metadata"]["synthetic"] for row in rows
    )


class Gone(BaseException):
    """The machine went down."""


async def test_what_was_interrupted_goes_on_and_asks_for_nothing_again(tmp_path: Path) -> None:
    asked: list[str] = []

    async def go(stop: int) -> None:
        def writes(request: Request) -> str:
            if len(asked) == stop:
                raise Gone
            asked.append(request.body)
            return speaks(request)

        chosen = Settings.model_validate({"recipe": "crowd", "encoder": "none", "count": 6})
        async with ledger.opened(tmp_path / "cache.sqlite") as store:
            model = Model("m", stacked(scripted.connect(writes), store, Slots(1)), "", 1)
            with Run(tmp_path / "run", "crowd") as run_:
                await crowd.make(Task((SAMPLE,), chosen, run_, model))

    with pytest.raises(Gone):
        await go(20)
    assert len(asked) == 20 and not (tmp_path / "run" / "crowd.json").exists()
    await go(-1)
    assert len(asked) == len(set(asked)) and (tmp_path / "run" / "crowd.json").exists()


async def test_a_language_that_the_model_cannot_do_fails_and_is_named(tmp_path: Path) -> None:
    accepted, lines = await make(tmp_path / "run", languages="en,ko", count=4)
    assert accepted == 2 and any(line.startswith("Korean: 0 of 2 talks kept, FAILS") for line in lines)
    found = json.loads((tmp_path / "run" / "crowd.json").read_text(encoding="utf-8"))
    assert [each["fails"] for each in found["languages"]] == [False, True]
    assert found["languages"][1]["rejects"] == [["line script", 2]]


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("stream") / "run"
    source = SAMPLE.parent / "restaurant_en"
    assert call("run", source, "--model", "none", "--count", "2", "--out", out).exit_code == 0
    return out


async def test_a_run_of_streams_lends_its_people_and_its_outlines(stream: Path, tmp_path: Path) -> None:
    chosen = Settings.model_validate({"recipe": "crowd", "encoder": "none", "count": 4, "languages": "en,zh"})
    with Run(tmp_path / "run", "crowd") as run_:
        await crowd.make(Task((stream,), chosen, run_, Model("m", scripted.connect(speaks), "", 4)))
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "1 open premises and 1 tasks" in page and "service" in page


def test_outlines_of_two_runs_are_different_tasks(stream: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(stream, tmp_path / name)
    chosen = Settings.model_validate({"recipe": "crowd", "count": 8, "languages": "en"})
    with Run(tmp_path / "run", "crowd") as run_:
        work = crowdwork.prepared(Task((tmp_path / "one", tmp_path / "two"), chosen, run_, None))
    keys = [each.key for each in work.premises]
    assert len(keys) == len(set(keys)) == 8 and sum(key.startswith("task") for key in keys) == 4


def test_without_a_model_it_says_why_not(tmp_path: Path) -> None:
    for more in (("--model", "none"), ("--realiser", "template", "--read", "0")):
        found = call("run", SAMPLE, "--recipe", "crowd", "--out", tmp_path / "run", *more)
        assert found.exit_code == 2 and "every line written by a model" in " ".join(found.stderr.split())
        assert not (tmp_path / "run").exists()


def test_an_echo_says_nothing_and_every_talk_is_dropped_with_its_reason(tmp_path: Path) -> None:
    found = run(tmp_path / "run", "--count", "3")
    assert found.exit_code == 3 and "FAILS its checks (1 x line length)" in found.stderr
    summary = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    assert summary["drawn"] == 3 and summary["accepted"] == 0
    told = call("export", tmp_path / "run", "--to", tmp_path / "data")
    assert told.exit_code == 2 and "talks in many languages" in " ".join(told.stderr.split())


WRONG = [
    (("--set", "languages=en,tlh"), "no data for the language 'tlh'; there are: en, fr, ko, zh"),
    (("--set", "events=gossip,shouting"), "no speech event 'shouting'"),
    (("--set", "languages=gone.yaml"), "gone.yaml: cannot be read"),
    (("--set", "encoder=bert"), "encoder: String should match"),
]


@pytest.mark.parametrize(("more", "why"), WRONG)
def test_wrong_input_is_one_line_and_leaves_nothing(tmp_path: Path, more: tuple[str, ...], why: str) -> None:
    found = run(tmp_path / "run", *more)
    assert found.exit_code == 2 and why in " ".join(found.stderr.split()) and "Traceback" not in found.output
    assert not (tmp_path / "run").exists()


def test_a_torn_persona_file_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "spc.csv"
    file.write_text('user 1 personas,user 2 personas\n"I bake.\n', encoding="utf-8")
    found = call("run", file, "--recipe", "crowd", "--out", tmp_path / "run", "--model", "scripted")
    assert found.exit_code == 2 and "torn" in found.stderr and not (tmp_path / "run").exists()
    empty = tmp_path / "people.yaml"
    empty.write_text(yaml.safe_dump({"pairs": []}), encoding="utf-8")
    found = call(
        "run", empty, "--recipe", "crowd", "--out", tmp_path / "run", "--model", "scripted", "--set", "encoder=none"
    )
    assert found.exit_code == 2 and "no pair of personas" in found.stderr
