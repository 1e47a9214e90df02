"""Web addresses, and the proxies in front of them. Knows nothing of connections.

Before the host a name and a password may stand: they are used, and neither shown nor kept.
"""

import base64
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from millstream.errors import InputError

_PORTS = {"http": 80, "https": 443}
_PLAIN = "/%:@!$&'()*+,;=~-._"
"""What stands in a path as it is; a percent sign is of a path that is quoted already."""
_USER = re.compile(r"^([^/?#]*//)?[^/?#]*@")
_ANY_USER = re.compile(r"^([^/?#]*//)?.*@", re.DOTALL)
"""Of what is no address: a password may hold what ends a host, and is then cut with all before it."""


@dataclass(frozen=True)
class Address:
    """`netloc`: host and port as the header Host has them. `user`: what stood before the host as the value of an
    Authorization, "" if nothing did."""

    scheme: str
    host: str
    port: int
    netloc: str
    path: str
    user: str


def address(url: str) -> Address:
    """InputError for what is none."""
    remedy = "give --base-url like http://127.0.0.1:8000/v1"
    try:
        parts = urlsplit(url)
        port, host = parts.port, _host(parts)
    except ValueError as error:
        why = "" if "@" in url else f" ({error})"  # which may say again what stands before the host
        raise InputError(f"not a web address{why}", _ANY_USER.sub(r"\1", url), remedy) from error
    if parts.scheme not in _PORTS or not host:
        raise InputError("not a web address", _ANY_USER.sub(r"\1", url), remedy)
    shown = f"[{host}]" if ":" in host else host
    netloc, path = f"{shown}:{port}" if port else shown, quote(parts.path or "/", safe=_PLAIN)
    path += f"?{quote(parts.query, safe=f'{_PLAIN}?')}" if parts.query else ""
    return Address(parts.scheme, host, port or _PORTS[parts.scheme], netloc, path, _user(parts))


def shown(url: str) -> str:
    """An address for people and files: without a name and a password before its host."""
    return _USER.sub(r"\1", url)


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return host if host.isascii() else host.encode("idna").decode()


def _user(parts: SplitResult) -> str:
    if parts.username is None:
        return ""
    named = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {base64.b64encode(named.encode()).decode()}"


def proxy(to: Address) -> Address | None:
    """Who is asked to pass it on, as HTTPS_PROXY and its like say now; None where nobody is. InputError for one that is
    asked in another way than over HTTP."""
    direct = proxy_bypass(to.host) or proxy_bypass(f"{to.host}:{to.port}")
    url = None if direct else getproxies().get(to.scheme)
    if not url:
        return None
    try:
        return address(url if "://" in url else f"http://{url}")
    except InputError as error:
        remedy = f"give one like http://127.0.0.1:3128, or name {to.host} in NO_PROXY"
        what = f"HTTP proxies only, and {error.where} is none"
        raise InputError(what, f"{to.scheme.upper()}_PROXY", remedy) from error
