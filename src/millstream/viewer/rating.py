"""The server of a package for raters: the next item, an answer, and the agreement when somebody asks for it.

How agreement is worked out is handed in. Knows HTTP and packages.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from millstream.viewer import server
from millstream.viewer.blind import Answer, Package

Agreement = Callable[[Mapping[tuple[str, str], Mapping[str, Any]]], Any]
"""The last answer of each (rater, item) -> what they agree on, as plain values."""


def application(package: Package, agreement: Agreement) -> web.Application:
    app = server.base("rate.html", "rate.js")
    app.router.add_get("/api/next", server.asked(lambda request: _next(package, request.query.get("rater", ""))))
    app.router.add_get("/api/agreement", server.asked(lambda request: agreement(package.answers())))
    app.router.add_post("/api/answer", server.written(lambda body: package.write(Answer.model_validate(body))))
    return app


def _next(package: Package, rater: str) -> dict[str, Any]:
    if not rater.strip():
        raise ValueError("a rater has a name")
    return package.next(rater)
