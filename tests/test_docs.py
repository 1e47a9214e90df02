"""The documents say what the code does: links, commands, constants, names, error lines and examples.

Reads the documents and the package; runs nothing but the examples of CONTRIBUTING.md and the parsing of command
lines. Knows nothing of how the prose should sound.
"""

import ast
import csv
import importlib
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
import yaml

import builders
from millstream import domain, plugins, weights
from millstream.cli import COMMANDS, loaded
from millstream.domain import Domain, SlotSpec
from millstream.exporters import messages, quadruplets
from millstream.recipe import Recipe, Settings
from millstream.records import Basis, Move, Outcome, Rights, SignalKind
from millstream.shapes import Known
from millstream.sources import srt, youtube_chat

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "millstream"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "samples").glob("*.md")])
EVERY = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
SHELL = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.M | re.S)
INLINE = re.compile(r"`(millstream [^`\n]+)`")
MACHINES = re.compile(r"(?<![\w.])/(?:work|home|root|Users|tmp|mnt)/|[A-Z]:\\|pypi|pythonhosted|npmjs|huggingface\.co")
"""Paths of a machine, and hosts of package indexes and hubs."""


def said(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """The part of a page under a heading, up to the next one of its level or above."""
    higher, fenced, rows = re.compile(rf"#{{1,{heading.index(' ')}}} "), False, []
    for row in text.partition(f"{heading}\n")[2].splitlines(keepends=True):
        fenced ^= row.startswith("```")
        if higher.match(row) and not fenced:
            break
        rows.append(row)
    return "".join(rows)


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.M | re.S)


def first_cells(text: str) -> set[str]:
    """The words in backticks of the first cells of a page's tables."""
    return {word for row in re.findall(r"^\| ([^|]+) \|", text, re.M) for word in re.findall(r"`([^`]+)`", row)}


# --- links, commands, what a page may not say --------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@EVERY
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(there), f"{target}: no such heading"


def command_lines(page: Path) -> Iterator[tuple[str, bool]]:
    """(command line, whether it stands alone and so has to be whole)."""
    text = page.read_text(encoding="utf-8")
    for block in SHELL.findall(text):
        yield from ((line, True) for line in block.replace("\\\n", " ").splitlines() if line.startswith("millstream "))
    yield from ((line, False) for line in INLINE.findall(text))


@EVERY
def test_every_command_line_parses(page: Path) -> None:
    for line, whole in command_lines(page):
        _, name, *words = shlex.split(line, comments=True)
        if name in ("--help", "--version", "COMMAND"):
            continue
        assert name in COMMANDS, f"{line}: no such command"
        command = loaded(name)
        known = {option for each in command.params for option in each.opts} | {"--help", "-h"}
        flags = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert flags <= known, f"{line}: {flags - known}"
        if whole:
            assert command.make_context(name, words).params


@EVERY
def test_a_page_speaks_of_the_project_alone(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = MACHINES.search(text)
    assert not found, found and found.group()


@EVERY
def test_no_page_was_merged_by_half(page: Path) -> None:
    assert not re.search(r"^(?:<{7}|={7}|>{7})(?: |$)", page.read_text(encoding="utf-8"), re.M)


def test_operating_has_every_command() -> None:
    rows = re.findall(r"^\| (.+?) \|", said("docs/operating.md"), re.M)
    assert {word for row in rows for word in re.findall(r"`(\w+)", row)} >= set(COMMANDS)


def test_the_readme_names_the_two_commands() -> None:
    lines = [line for block in SHELL.findall(said("README.md")) for line in block.splitlines()]
    assert {"make demo", "make test"} <= set(lines)
    targets = re.findall(r"^([a-z]+):", said("Makefile"), re.M)
    named = re.compile(r"(?:^|`)make ([a-z]+)\b", re.M)
    assert {each for page in PAGES for each in named.findall(page.read_text(encoding="utf-8"))} <= set(targets)


def test_programs_get_a_short_page() -> None:
    assert len(said("AGENTS.md").splitlines()) <= 40


# --- names and numbers -------------------------------------------------------------------------------------


def test_formats_names_every_reader_and_form() -> None:
    text = said("docs/formats.md")
    sources = first_cells(section(text, "## Sources"))
    assert set(plugins.names("sources")) <= sources
    assert set(plugins.names("documents")) <= first_cells(section(text, "## Documents and tables"))
    for name in plugins.names("corpora"):
        assert f"`corpora/{name}`" in text
    for name in (*plugins.names("exporters"), "splits", "all"):
        assert f"`{name}`" in section(text, "## What is written")


def test_formats_names_every_key_of_a_domain() -> None:
    text = section(said("docs/formats.md"), "## Domain files")
    assert set(Domain.model_fields) | set(SlotSpec.model_fields) == first_cells(text)
    needed = {name for name in Domain.model_fields if re.search(rf"^\| `{name}` \| yes ", text, re.M)}
    required = {name for kind in (Domain, SlotSpec) for name, each in kind.model_fields.items() if each.is_required()}
    assert needed | {"name", "names"} == required | {"name", "names"}


def test_formats_names_every_setting_with_its_default() -> None:
    text = section(said("docs/formats.md"), "## Settings")
    rows = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text, re.M))
    assert rows == {name: str(each.default) for name, each in Settings.model_fields.items()}
    flags = dict(re.findall(r"^\| `(\w+)` \| `[^`]+` \| `(--[a-z]+)` \|", text, re.M))
    options = {option for each in loaded("run").params for option in each.opts}
    assert set(flags.values()) == {f"--{name}" for name in rows if f"--{name}" in options}


def test_formats_names_every_right() -> None:
    example, *_ = blocks(section(said("docs/formats.md"), "## Rights"), "yaml")
    assert set(yaml.safe_load(example)) == set(Rights.model_fields)
    assert set(get_args(Basis)) == first_cells(section(said("docs/privacy.md"), "## Rights: deny by default"))


def test_the_glossary_has_the_words_of_the_records() -> None:
    text = said("docs/glossary.md")
    for kind in (SignalKind, Move, Outcome, Basis):
        assert not [word for word in get_args(kind) if not re.search(rf"\b{word}\b", text)]


def test_concepts_names_the_critics_in_their_order() -> None:
    recipe: Recipe = plugins.load("recipes", "stream")()
    critics = [each.__module__.rpartition(".")[2] for each in recipe.critics]
    text = said("docs/concepts.md")
    assert re.findall(r"^\| `(\w+)` \|", text, re.M) == critics
    assert ", ".join(f"`{name}`" for name in critics) in " ".join(text.split())


def module_of(path: str) -> ModuleType:
    return importlib.import_module("millstream." + path.removesuffix(".py").replace("/", "."))


def test_the_recipe_page_has_the_constants_of_the_code() -> None:
    compared = 0
    for row in re.findall(r"^\|.*\| ([^|]*)\|$", said("docs/recipes/stream.md"), re.M):
        file = ""
        for words in re.findall(r"`([^`]+)`", row):
            name, _, value = words.partition(" = ")
            if "/" in words or "." in name:
                file = words
                assert (PACKAGE / file).exists(), f"no {file}"
            elif value:
                assert getattr(module_of(file), name) == ast.literal_eval(value), f"{file}: {name}"
                compared += 1
            elif name.isupper():
                assert hasattr(module_of(file), name), f"{file}: {name}"
    assert compared > 25


def test_every_file_that_a_page_names_is_there() -> None:
    tops = {each.name for each in PACKAGE.iterdir() if each.is_dir()}
    for page in PAGES:
        for named in re.findall(r"`([a-z_]+/[\w./]+\.(?:py|yaml|md|csv))`", page.read_text(encoding="utf-8")):
            top = named.partition("/")[0]
            if top in tops and "NAME" not in named:
                assert (PACKAGE / named).exists(), f"{page.name}: no {named}"


def test_models_has_the_catalogue() -> None:
    text = said("docs/models.md")
    for each in weights.catalogue():
        assert f"| `{each.name}` | `{each.file}` | {each.size:,} | {each.licence} |" in text
        assert f"| `{each.name}` | `{each.sha256}` |" in text
        assert not each.origin or each.origin.sha256 in text


def test_the_decision_on_dependencies_has_them_all() -> None:
    listed = tomllib.loads(said("pyproject.toml"))["project"]["dependencies"]
    names = {re.split(r"[<>=!~\[ ]", each)[0] for each in listed}
    assert names == first_cells(section(said("docs/decisions/0003-core-dependencies.md"), "## Decision"))
    assert len(names) <= 15
    licences = section(said("docs/models.md"), "## Licences of what is installed")
    assert not [name for name in names if name not in licences]


# --- error lines -------------------------------------------------------------------------------------------

ERRORS = ("InputError", "RightsError")
FILES = ("text.py", "pieces.py", "packed.py", "clock.py", "follow.py", "told.py")
MORE = ("intake.py", "domain.py", "recipe.py", "prepare.py")
READING = (*FILES, *MORE, "know", "listen", "sources", "documents", "corpora")


def lines_of_errors() -> Iterator[tuple[str, str]]:
    """(file, the longest fixed part of what an error says) of everything that reads files of the user."""
    files = [file for name in READING for file in ([PACKAGE / name] if "." in name else (PACKAGE / name).glob("*.py"))]
    for file in sorted(files):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
                what = node.args[0]
                values = what.values if isinstance(what, ast.JoinedStr) else [what]
                fixed = [str(each.value).strip(" :") for each in values if isinstance(each, ast.Constant)]
                if longest := max(fixed, key=len, default=""):
                    yield file.name, longest


def test_formats_explains_every_error_line() -> None:
    found = list(lines_of_errors())
    text = section(said("docs/formats.md"), "## Error lines")
    missing = [f"{file}: {line}" for file, line in found if line not in text and line.split(" (")[0] not in text]
    assert len(found) > 30 and not missing


# --- examples ----------------------------------------------------------------------------------------------


def test_the_examples_of_formats_are_right() -> None:
    text = said("docs/formats.md")
    (desks,) = blocks(section(text, "## Domain files"), "yaml")
    (settings,) = blocks(section(text, "## Settings"), "yaml")
    assert domain.parse(desks, "docs").by_name["price"].better == "low"
    assert Settings.model_validate(yaml.safe_load(settings)).count == 20
    rows = [json.loads(block) for block in blocks(section(text, "## What is written"), "json")]
    made = builders.dialogue()
    assert set(rows[0]) == set(quadruplets.row(made))
    assert set(rows[0]["H"][0]) == set(quadruplets.row(made)["H"][0])
    assert set(rows[0]["P_u"]) == set(quadruplets.row(made)["P_u"])
    assert set(rows[2]) == set(messages.row(made)) and set(rows[2]["metadata"]) == set(messages.row(made)["metadata"])


def example(path: str) -> dict[str, Any]:
    """What the example of CONTRIBUTING.md for this file defines."""
    (code,) = [block for block in blocks(said("CONTRIBUTING.md"), "python") if block.startswith(f"# {path}\n")]
    kind, name = Path(path).parts[-2:]
    assert name.removesuffix(".py") not in plugins.names(kind), "an example takes a name that is free"
    defined: dict[str, Any] = {"__name__": name}
    exec(compile(code, path, "exec"), defined)  # the documents of this repository are its code
    assert plugins.KINDS[kind] in defined
    assert ast.get_docstring(ast.parse(code))
    return defined


def test_the_example_of_a_source_reads(tmp_path: Path) -> None:
    file = tmp_path / "talk.lrc"
    file.write_text("[00:01.50] hello\n[00:03.00] how much is it\n", encoding="utf-8")
    made = example("src/millstream/sources/lrc.py")
    assert made["recognises"](file, "") and not made["recognises"](tmp_path / "talk.srt", "")
    cues = [cue for reading in made["read"](file) for cue in reading.cues]
    assert [(cue.start, cue.text) for cue in cues] == [(1.5, "hello"), (3.0, "how much is it")]


def test_the_example_of_a_document_reads(tmp_path: Path) -> None:
    file = tmp_path / "shop.faq"
    file.write_text("Q: Open on Sunday?\nA: Until noon.\n\nQ: Parking?\nA: No.\n", encoding="utf-8")
    passages = list(example("src/millstream/documents/faq.py")["read"](file))
    assert [each.title for each in passages] == ["Open on Sunday?", "Parking?"]
    start, end = passages[1].evidence[0].at
    assert file.read_text(encoding="utf-8")[start:end] == passages[1].text


async def test_the_example_of_a_critic_drops_what_it_says() -> None:
    judge = example("src/millstream/critics/shouting.py")["critic"](Known(domain.read("automotive"), "en", ()))
    assert (await judge(builders.saying(["Hello there", "Hi!"]))).passed
    verdict = await judge(builders.saying(["Hello there", "BUY IT!!!"]))
    assert not verdict.passed and verdict.turns == (1,)


def test_the_example_of_a_recipe_is_one() -> None:
    made = example("src/millstream/recipes/quick.py")["recipe"]()
    assert isinstance(made, Recipe) and len(made.critics) == 2


def test_the_example_of_an_exporter_writes(tmp_path: Path) -> None:
    made = builders.dialogue()
    (path,) = example("src/millstream/exporters/lines.py")["export"]([made], tmp_path)
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == [turn.text for turn in made.turns]
    assert all(row["synthetic"] for row in rows)


def test_the_example_of_a_domain_is_one() -> None:
    (text,) = [each for each in blocks(said("CONTRIBUTING.md"), "yaml") if "domains/bicycles.yaml" in each]
    assert {"price", "frame", "weight"} == set(domain.parse(text, "docs").by_name)


# --- the picture in the README -----------------------------------------------------------------------------


def seconds(clock: str) -> int:
    minutes, rest = clock.split(":")
    return int(minutes) * 60 + int(rest)


def test_the_evidence_of_the_readme_stands_in_the_sample() -> None:
    folder = ROOT / "samples" / "automotive_zh"
    tracks = {
        "speech": [cue for reading in srt.read(folder / "room.srt") for cue in reading.cues],
        "chat": [cue for reading in youtube_chat.read(folder / "room.live_chat.json") for cue in reading.cues],
    }
    with (folder / "prices.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    text = section(said("README.md"), "## A dialogue and its evidence")
    heard = re.findall(r"<- room, (\w+), cue (\d+), (\d+:\d\d)(?:–[\d:]+)?: “(.+?)”", text)
    told = re.findall(r"<- prices, row (\d+): “(.+?): (.+?)”", text)
    assert len(heard) >= 5 and len(told) >= 3
    for track, n, clock, quote in heard:
        cue = tracks[track][int(n)]
        assert quote == cue.text and int(cue.start or 0) == seconds(clock)
    assert all(rows[int(row) - 1][header] == cell for row, header, cell in told)
