"""The shape of the code: imports go down the floors, and files and functions keep their bars."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src" / "millstream"
FILES = sorted(ROOT.rglob("*.py"))
LOWEST = {"records", "errors", "text", "pieces", "packed", "language", "numbers"}
SHARED = {"know", "deliveries", "services", "formats", "listen"}  # what is known, told, written and heard
CHOSEN = {"models"}
COMPOSED = {"recipe", "recipes", "pipeline", "cluster", "intake", "prepare", "split", "summary", "survey"}
COMPOSED |= {"evaluate", "prove", "follow", "forget", "arriving", "csconv", "rolecs", "csc_figures", "labelling"}
COMPOSED |= {"label_figures", "hands", "pool", "crowdwork", "crowd_figures", "taskwork", "retold"}
COMPOSED |= {"anchored"}
TOP = {"cli", "commands", "__main__"}


def unit(file: Path) -> str:
    """The file or the folder right under the package that a file belongs to."""
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


def floor(name: str) -> int:
    """0 knows nothing, 1 is the engine and what folders share, 2 the plural and verb folders and what chooses
    among them, 3 composes, 4 talks to people. A new folder is on floor 2, a new file beside them on floor 1."""
    named = ((LOWEST, 0), (SHARED, 1), (CHOSEN, 2), (COMPOSED, 3), (TOP, 4))
    return next((n for names, n in named if name in names), 2 if (ROOT / name).is_dir() else 1)


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("millstream."))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return len([each for each in every if each.arg not in ("self", "cls")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_go_down(file: Path) -> None:
    here = unit(file)
    for there in set(imported(file)) - {here, "__init__"}:
        assert floor(there) <= floor(here), f"{here} imports {there}, which is above it"
        if floor(there) == floor(here) == 2 and (ROOT / here).is_dir():
            raise AssertionError(f"{here} imports {there}, a folder of its own floor")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_keeps_its_bars(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 400
    assert not text.strip() or ast.get_docstring(tree), "no module docstring"
    for node in functions(file):
        where = f"{node.name}, line {node.lineno}"
        assert length(node) <= 60, f"{where}: {length(node)} lines"
        assert parameters(node) <= 6, f"{where}: {parameters(node)} parameters"
        assert node.returns is not None, f"{where}: no return type"
        late = [each for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom)]
        assert not late, f"{where}: imports inside a function"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_only_the_boundary_catches_everything(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or (isinstance(node.type, ast.Name) and node.type.id in BROAD)
            assert not broad or unit(file) == "errors", f"line {node.lineno}: a broad except"


BROAD = {"Exception", "BaseException"}


def test_the_medians_keep_their_bars() -> None:
    sizes = [len(file.read_text(encoding="utf-8").splitlines()) for file in FILES]
    bodies = [length(node) for file in FILES for node in functions(file)]
    assert statistics.median(size for size in sizes if size) <= 100
    assert statistics.median(bodies) <= 10
    assert sum(body <= 30 for body in bodies) >= 0.9 * len(bodies)


def test_no_test_patches() -> None:
    for file in Path(__file__).parent.rglob("*.py"):
        names = {
            node.attr
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute)
        }
        assert not names & {"setattr", "patch", "MagicMock", "Mock"}, f"{file.name} patches"


def test_there_is_no_cycle() -> None:
    graph = {unit(file): set() for file in FILES}
    for file in FILES:
        graph[unit(file)] |= set(imported(file)) & graph.keys() - {unit(file)}
    while free := [name for name, needs in graph.items() if not needs]:
        graph = {name: needs - set(free) for name, needs in graph.items() if name not in free}
    assert not graph, f"a cycle among {', '.join(sorted(graph))}"


@pytest.mark.parametrize(
    "name", ["millstream", "millstream.chat", "millstream.run", "millstream.models", "millstream.cli"]
)
def test_importing_is_quick(name: str) -> None:
    """The best of three: the machine may be busy."""
    if not (ROOT / f"{name.removeprefix('millstream.')}.py").exists() and name != "millstream":
        pytest.skip(f"{name} is not there yet")
    code = f"import time; start = time.process_time(); import {name}; print(time.process_time() - start)"
    took = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(3)]
    assert min(took) < 0.5, f"{min(took):.2f} s"
