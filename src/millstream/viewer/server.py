"""The local server: the page, the list, a dialogue, and what people write. Bound to loopback; see guard.py.

Knows HTTP and hands everything else on.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from millstream.errors import InputError
from millstream.viewer import decisions, detail, guard, index, sound
from millstream.viewer.decisions import Decision
from millstream.viewer.index import Entry, Filter, Index
from millstream.viewer.sound import Sounds

PAGE = 50
LARGEST = 1 << 18
"""Bytes of a request."""
_KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
_FILTERS = ("text", "domain", "lang", "outcome", "status", "decision")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def opened(run: Path, sounds: Sounds = MappingProxyType({})) -> web.Application:
    """The pages and data of a run; what is in `sounds` can be listened to."""
    found = index.opened(run)
    app = base("index.html", "app.js")
    app.router.add_get("/api/run", asked(lambda request: _about(run, found) | {"media": list(sounds)}))
    app.router.add_get("/api/dialogues", asked(lambda request: _listed(run, found, request.query)))
    app.router.add_get("/api/dialogue/{id}", asked(lambda request: _one(run, found, request.match_info["id"])))
    app.router.add_post("/api/review", written(lambda body: _decided(run, found, body)))
    app.router.add_get("/media/{recording}", sound.played(sounds))
    return app


def base(page: str, script: str) -> web.Application:
    """An application that is guarded and has a page, a script and the style."""
    app = web.Application(middlewares=[guard.guarded], client_max_size=LARGEST)
    for route, name in (("/", page), (f"/{script}", script), ("/app.css", "app.css")):
        app.router.add_get(route, _file(name))
    app.router.add_get("/favicon.ico", _nothing)
    return app


async def _nothing(request: web.Request) -> web.StreamResponse:
    """There is no icon; a browser asks all the same."""
    return web.Response(status=204)


def _file(name: str) -> Handler:
    body = (files("millstream") / "viewer" / "static" / name).read_bytes()

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=_KINDS[Path(name).suffix], charset="utf-8")

    return answer


def asked(work: Callable[[web.Request], Any]) -> Handler:
    """An answer worked out beside the loop, since it reads files."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await asyncio.to_thread(work, request))
        except InputError as error:
            return web.json_response({"error": str(error)}, status=409)
        except (KeyError, ValueError) as error:
            return web.json_response({"error": f"not found: {error}"}, status=404)

    return answer


def written(work: Callable[[Any], Any]) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await request.text())
            return web.json_response(await asyncio.to_thread(work, body))
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, each['loc']))} {each['msg']}".strip() for each in error.errors())
            return web.json_response({"error": told}, status=400)
        except InputError as error:
            return web.json_response({"error": str(error)}, status=409)
        except (ValueError, TypeError, KeyError) as error:
            return web.json_response({"error": f"cannot be read: {error}"}, status=400)

    return answer


# --- what is answered --------------------------------------------------------------------------------------


def _about(run: Path, found: Index) -> dict[str, Any]:
    every, named = found.entries, ("domain", "lang", "outcome", "status")
    return {
        "name": run.name,
        "dialogues": len(every),
        "choices": {name: sorted({str(getattr(each, name)) for each in every}) for name in named},
        "reviewed": len(decisions.standing(decisions.all_of(run))),
    }


def _listed(run: Path, found: Index, query: Any) -> dict[str, Any]:
    standing = decisions.standing(decisions.all_of(run))
    chosen = found.chosen(Filter(**{name: query.get(name, "")[:500] for name in _FILTERS}), standing)
    start = max(0, int(query.get("start", "0")))
    rows = [_row(found, each, standing.get(each.id, "")) for each in chosen[start : start + PAGE]]
    return {"of": len(chosen), "start": start, "page": PAGE, "rows": rows}


def _row(found: Index, entry: Entry, decision: str) -> dict[str, Any]:
    names = ("id", "domain", "lang", "route", "outcome", "about", "status", "reason")
    row = {name: getattr(entry, name) for name in names}
    turns = found.read(entry).turns
    return row | {"decision": decision, "turns": len(turns), "opening": turns[0].text[:160] if turns else ""}


def _one(run: Path, found: Index, name: str) -> dict[str, Any]:
    entry = found.find(name)
    if entry is None:
        raise KeyError(name)
    made = detail.shown(found.read(entry), detail.calls(run, name))
    return made | {"status": entry.status, "reason": entry.reason, "reviews": _history(run, name)}


def _history(run: Path, name: str) -> list[dict[str, Any]]:
    return [row for row in decisions.all_of(run) if row["dialogue"] == name]


def _decided(run: Path, found: Index, body: Any) -> dict[str, Any]:
    """What was written, and all that stands of the dialogue now: another browser may have decided meanwhile."""
    decision = Decision.model_validate(body)
    entry = found.find(decision.dialogue)
    if entry is None:
        raise KeyError(decision.dialogue)
    if decision.turn is not None and decision.turn >= len(found.read(entry).turns):
        raise ValueError(f"there is no turn {decision.turn}")
    return decisions.write(run, decision) | {"reviews": _history(run, decision.dialogue)}
