"""Who may ask: a browser on this machine, showing our own page. Everything else is refused before it is read.

A page of a stranger can send requests to this machine, and a name of a stranger can be made to lead here (DNS
rebinding); so Host has to be ours, and so has Origin where there is one. Knows requests; nothing of runs.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

HOSTS = ("127.0.0.1", "localhost", "[::1]")
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'",
    "media-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses with 403 what is not ours; every answer forbids scripts, frames and loads of others."""
    refused = refusal(request)
    if refused:
        response: web.StreamResponse = web.json_response({"error": refused}, status=403)
    else:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = web.json_response({"error": error.reason}, status=error.status)
    response.headers.update(HEADERS)
    return response


def refusal(request: web.Request) -> str:
    """Why it is refused; "" if it is not."""
    host, _, port = request.headers.get("Host", "").rpartition(":")
    if host not in HOSTS or port != str(_port(request)):
        return "this server answers to this machine alone"
    origin = request.headers.get("Origin")
    if origin is not None and origin not in {f"http://{name}:{port}" for name in HOSTS}:
        return "another page may not ask"
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return "another page may not ask"
    if request.method != "GET" and request.content_type != "application/json":
        return "only JSON is taken"
    if request.method != "GET" and origin is None:
        return "a page has to say where it comes from"
    return ""


def _port(request: web.Request) -> int:
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return int(name[1]) if name else 0
