"""`millstream fetch`: a recording saved by yt-dlp, where its rights allow it, with those rights beside it.

yt-dlp is a program of others that the person installs; this file knows its flags and nothing of any platform.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen
from typing import Annotated
from urllib.parse import urlsplit

import yaml
from typer import Argument, Option

from millstream import intake
from millstream.addresses import shown
from millstream.commands.run import declared
from millstream.commands.terminal import say
from millstream.errors import InputError, RightsError
from millstream.records import Rights
from millstream.sources import name_of
from millstream.whole import whole

_PLAIN = ("--ignore-config", "--no-playlist", "--restrict-filenames", "--no-warnings", "--output", "%(id)s.%(ext)s")
"""Nobody's configuration, one recording, and a name that names nobody."""
_FILE = "file="
"""Before the names of files among the lines that yt-dlp prints."""
_NEEDED = {"licensed": "licence", "consent": "consent"}
"""What a basis is not believed without."""


@dataclass(frozen=True)
class Options:
    url: Annotated[str, Argument(metavar="URL", help="The page of one recording, or a media file.")]
    to: Annotated[Path, Option(metavar="FOLDER", help="Where it is saved.")]
    basis: Annotated[str | None, Option(help="owned, licensed, consent or fiction: why you may use it.")] = None
    licence: Annotated[str | None, Option(help="Its name, like CC-BY-4.0; needed where it is licensed.")] = None
    terms: Annotated[str | None, Option(help="The platform's terms.")] = None
    consent: Annotated[str, Option(help="Who agreed, and where that is written; needed with consent.")] = ""
    retention: Annotated[str, Option(metavar="DATE", help="The day by which it must be gone.")] = ""
    chat: Annotated[bool, Option("--chat", help="Its live chat, too.")] = False
    comments: Annotated[bool, Option("--comments", help="Its comments, too.")] = False
    captions: Annotated[bool, Option("--captions", help="Its captions in place of its sound.")] = False


def command(options: Options) -> int:
    """Save a recording with yt-dlp, where its rights allow it, with those rights beside it.

    yt-dlp has to be installed; it is no part of millstream:

        millstream fetch https://example.org/talk.mp4 --to talks --basis owned --licence CC-BY-4.0
    """
    program = shutil.which("yt-dlp")
    rights = _allowed(options)
    if program is None:
        raise InputError("yt-dlp is not installed", remedy="pip install yt-dlp, or save the stream yourself")
    (name,) = _asked([program, *_PLAIN, "--simulate", "--print", f"{_FILE}%(filename)s"], options.url) or ("",)
    key, _ = name_of(Path(name))
    intake.refuse(options.to / name, intake.rights_of(options.to / name, options.to, rights))
    beside = options.to / f"{key}.{intake.RIGHTS}"
    fresh = not beside.exists()
    _declare(beside, rights, options.url)
    try:
        flags = ["--paths", str(options.to), "--quiet", "--progress", "--newline", *_wanted(options)]
        saved = _asked([program, *_PLAIN, *flags, "--print", f"after_move:{_FILE}%(filepath)s"], options.url)
    except InputError:
        if fresh:
            beside.unlink()
        raise
    for path in sorted({*saved, *(str(each) for each in options.to.glob(f"{key}.*"))}):
        print(path)
    return 0


def _allowed(options: Options) -> Rights:
    """The rights as they are declared. InputError where they do not allow to save it, or the address is none."""
    if urlsplit(options.url).scheme not in ("http", "https"):
        raise InputError("no address of the web", shown(options.url), "give one that begins with https://")
    rights = declared(options.basis, options.licence, options.terms) or Rights()
    rights = rights.model_copy(update={"consent": options.consent, "retention": options.retention})
    if rights.basis == "unknown":
        remedy = "say with --basis why you may use it (docs/privacy.md), or leave it"
        raise RightsError("not fetched: its basis is unknown", shown(options.url), remedy)
    needed = _NEEDED.get(rights.basis, "")
    if needed and not getattr(rights, needed):
        what = f"not fetched: basis {rights.basis} without its {needed}"
        raise RightsError(what, shown(options.url), f"give --{needed}")
    if rights.retention and not _is_day(rights.retention):
        raise InputError(f"{rights.retention!r} is no date", "--retention", "write it as 2026-12-31")
    intake.refuse(options.to / intake.RIGHTS, intake.rights_of(options.to / "any", options.to, rights))
    return rights


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True


def _wanted(options: Options) -> Iterator[str]:
    yield from ("--skip-download",) if options.captions else ("--format", "bestaudio/best")
    langs = [*(["all,-live_chat"] if options.captions else []), *(["live_chat"] if options.chat else [])]
    if langs:
        yield from ("--write-subs", "--sub-langs", ",".join(langs))
    if options.comments:
        yield from ("--write-comments", "--write-info-json")


def _declare(path: Path, rights: Rights, url: str) -> None:
    said = {name: value for name, value in rights.model_dump().items() if value}
    with whole(path) as out:
        out.write(f"# fetched on {date.today().isoformat()} from {' '.join(shown(url).split())}\n")
        yaml.safe_dump(said, out, allow_unicode=True, sort_keys=False)


def _asked(command: Sequence[str], url: str) -> list[str]:
    """The files yt-dlp names; what it tells of its progress goes to stderr as it comes."""
    error, named = "", []
    with Popen([*command, "--", url], stdout=PIPE, stderr=STDOUT, text=True) as process:
        for line in map(str.strip, process.stdout or ()):
            if line.startswith(_FILE):
                named.append(line.removeprefix(_FILE))
            elif line.startswith("ERROR:"):
                error = line.removeprefix("ERROR:").strip()
            elif line:
                say(line)
    if process.returncode:
        why = error or "it does not say why"
        raise InputError(f"yt-dlp could not save it: {why}", shown(url), "see its documentation")
    return named
