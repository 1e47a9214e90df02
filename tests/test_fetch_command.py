"""A recording is fetched only where its rights allow it, and they lie beside it. Over loopback alone."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from listen.toned import A, tones, written
from millstream import intake

PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
NEEDS = pytest.mark.skipif(shutil.which("yt-dlp", path=PATH) is None, reason="yt-dlp is not installed")
OWNED = ("--basis", "owned", "--licence", "CC-BY-4.0")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "web").mkdir()
    written(tmp_path / "web" / "talk.wav", tones([(A, 2)]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "web")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(url: str, to: Path, *flags: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "millstream", "fetch", url, "--to", str(to), *flags]
    env = {**os.environ, "NO_PROXY": "127.0.0.1", "PATH": PATH if path is None else path}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ((), "not fetched: its basis is unknown"),
        (("--basis", "unknown"), "not fetched: its basis is unknown"),
        (("--basis", "licensed"), "not fetched: basis licensed without its licence"),
        (("--basis", "consent"), "not fetched: basis consent without its consent"),
        (("--basis", "mine"), "'mine' is no basis"),
        ((*OWNED, "--retention", "soon"), "'soon' is no date"),
        ((*OWNED, "--retention", "2020-01-01"), "it was to be gone by 2020-01-01"),
    ],
)
def test_what_rights_do_not_allow_is_not_fetched(flags: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = fetch("http://127.0.0.1:9/talk.wav", tmp_path / "talks", *flags)
    assert done.returncode == 2 and said in done.stderr and not (tmp_path / "talks").exists()


@pytest.mark.parametrize("url", ["file:///etc/hostname", "talk.wav", "--exec", "ftp://127.0.0.1/a"])
def test_what_is_no_address_of_the_web_is_refused(url: str, tmp_path: Path) -> None:
    done = fetch(url, tmp_path, *OWNED)
    assert done.returncode == 2 and list(tmp_path.iterdir()) == []


def test_without_yt_dlp_it_says_so(tmp_path: Path) -> None:
    done = fetch("http://127.0.0.1:9/talk.wav", tmp_path, *OWNED, path=str(tmp_path))
    assert done.returncode == 2 and "yt-dlp is not installed" in done.stderr


def test_a_folder_whose_owner_opted_out_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "rights.yaml").write_text("opted_out: true")
    done = fetch("http://127.0.0.1:9/talk.wav", tmp_path, *OWNED)
    assert done.returncode == 2 and "opted out" in done.stderr


@NEEDS
def test_a_recording_is_saved_with_its_rights(address: str, tmp_path: Path) -> None:
    done = fetch(f"{address}/talk.wav", tmp_path / "talks", *OWNED, "--retention", "2999-01-31")
    assert done.returncode == 0, done.stderr
    clip, beside = tmp_path / "talks" / "talk.wav", tmp_path / "talks" / "talk.rights.yaml"
    assert clip.read_bytes() == (tmp_path / "web" / "talk.wav").read_bytes()
    assert set(done.stdout.split()) == {str(clip), str(beside)}
    assert yaml.safe_load(beside.read_text())["retention"] == "2999-01-31"
    rights = intake.rights_of(clip, clip.parent)
    assert (rights.basis, rights.licence) == ("owned", "CC-BY-4.0")


@NEEDS
def test_what_is_not_there_leaves_nothing(address: str, tmp_path: Path) -> None:
    done = fetch(f"{address}/gone.wav", tmp_path / "talks", *OWNED)
    assert done.returncode == 2 and "yt-dlp could not save it" in done.stderr and "404" in done.stderr
    assert not (tmp_path / "talks").exists() or list((tmp_path / "talks").iterdir()) == []


@NEEDS
def test_a_recording_whose_owner_opted_out_stays_away(address: str, tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "talk.rights.yaml").write_text("opted_out: true")
    done = fetch(f"{address}/talk.wav", tmp_path / "talks", *OWNED)
    assert done.returncode == 2 and "opted out" in done.stderr
    assert yaml.safe_load((tmp_path / "talks" / "talk.rights.yaml").read_text()) == {"opted_out": True}
