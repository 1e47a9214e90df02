"""The folder is the registry: every file of every plug-in folder defines what its kind must."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from millstream import plugins
from millstream.errors import InputError

EXEMPT = {("corpora", "streamdial")}  # gives seeds, not dialogues: read_profiles and read_plans
EXTRA = {
    ("backends", "local"): "xllamacpp",  # the extra `local`
    ("backends", "embedding"): "xllamacpp",
    ("retrievers", "bm25"): "bm25s",  # the extra `retrieval`
    ("retrievers", "titles"): "jieba",
    ("retrievers", "fused"): "bm25s",
}

EVERY = [(kind, name) for kind in plugins.KINDS for name in plugins.names(kind)]


@pytest.mark.parametrize(("kind", "name"), [each for each in EVERY if each not in EXEMPT])
def test_a_plug_in_defines_its_name(kind: str, name: str) -> None:
    if (kind, name) in EXTRA:
        pytest.importorskip(EXTRA[kind, name], reason="its extra is not installed")
    assert callable(plugins.load(kind, name))
    assert plugins.module(kind, name).__doc__


def test_the_folders_are_not_empty() -> None:
    """A walk over nothing passes: these must be there."""
    assert {"srt", "vtt", "ass"} <= set(plugins.names("sources"))
    assert {"shape", "claims", "labels", "leak"} <= set(plugins.names("critics"))
    assert plugins.names("exporters") and plugins.names("documents") and "stream" in plugins.names("recipes")


@pytest.mark.parametrize("kind", ["sources", "documents", "corpora"])
def test_what_reads_files_says_which_are_its_own(kind: str) -> None:
    for name in plugins.names(kind):
        assert callable(plugins.module(kind, name).recognises), name


def test_an_unknown_plug_in_is_one_clear_line_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"^no 'strict' in critics; there are: answers, "):
        plugins.load("critics", "strict")


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))
    for name in ("their_formats", "their_formats.good", "their_formats.needy", "their_formats.mute"):
        sys.modules.pop(name, None)


def test_one_from_outside_the_package(outside: Path) -> None:
    package = outside / "their_formats"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "good.py").write_text("def read(path):\n    yield from ()\n")
    (package / "needy.py").write_text("import a_library_nobody_has\n")
    assert list(plugins.load("sources", "their_formats.good")(Path())) == []
    with pytest.raises(InputError, match="needs 'a_library_nobody_has', which is not installed"):
        plugins.load("sources", "their_formats.needy")


def test_a_plug_in_without_its_function_is_one_clear_line(outside: Path) -> None:
    (outside / "their_formats").mkdir()
    (outside / "their_formats" / "__init__.py").write_text("")
    (outside / "their_formats" / "mute.py").write_text("def reed(path): ...\n")
    with pytest.raises(InputError, match=r"their_formats\.mute defines no 'read'"):
        plugins.load("sources", "their_formats.mute")


def test_a_package_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(InputError, match=r"no 'nobody\.has\.this' in sources"):
        plugins.load("sources", "nobody.has.this")


def test_what_an_extra_brings_is_asked_for_in_one_line() -> None:
    plugins.needed("reading", ["json", "csv"], "eval")
    line = r"^reading needs a_library_nobody_has, which is not installed; pip install 'millstream\[eval\]'$"
    with pytest.raises(InputError, match=line):
        plugins.needed("reading", ["json", "a_library_nobody_has"], "eval")
