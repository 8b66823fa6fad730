"""What MDN's HTTP Observatory would give an answer, by its published table of scores.

https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring: from 100 the penalties are taken; the bonuses
count only if 90 are left. Where the table knows several degrees, the one that we want and "worse" are told apart. Of
what depends on more than one answer (redirection, preloading) nothing is counted here.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from http.cookies import Morsel

from django.http import HttpResponse

A_PLUS = 100
SIX_MONTHS = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SESSIONS = re.compile(r"session|sess|auth|login|sid", re.IGNORECASE)


def score(response: HttpResponse) -> int:
    """The points of an answer over TLS."""
    found = list(modifiers(response).values())
    left = 100 + sum(points for points in found if points < 0)
    return max(0, left + sum(points for points in found if points > 0) if left >= 90 else left)


def modifiers(response: HttpResponse) -> dict[str, int]:
    """Penalty or bonus of each test."""
    policy = directives(response.get("Content-Security-Policy", ""))
    return {
        "content-security-policy": _policy(policy),
        "cookies": _cookies(list(response.cookies.values())),
        "cross-origin-resource-sharing": -50 if response.get("Access-Control-Allow-Origin") else 0,
        "cross-origin-resource-policy": _resources(response.get("Cross-Origin-Resource-Policy", "")),
        "referrer-policy": _referrer(response.get("Referrer-Policy", "")),
        "strict-transport-security": _transport(response.get("Strict-Transport-Security", "")),
        "subresource-integrity": _integrity(response),
        "x-content-type-options": 0 if response.get("X-Content-Type-Options") == "nosniff" else -5,
        "x-frame-options": _frames(policy, response.get("X-Frame-Options", "")),
    }


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.lower().split(";") if part.strip()]
    return {name: values for name, *values in parts}


def _policy(policy: dict[str, list[str]]) -> int:
    if not policy:
        return -25
    everywhere = [source for name, sources in policy.items() if name.endswith("-src") for source in sources]
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    objects = policy.get("object-src", policy.get("default-src", ["*"]))
    broad = {"*", "http:", "https:", "data:", "'unsafe-inline'", "'unsafe-eval'"}
    if any(source.startswith("http:") for source in everywhere) or broad & {*scripts, *objects}:
        return -20
    if any("unsafe" in source for source in everywhere):
        return 0
    closed = policy.get("default-src") == ["'none'"] and policy.get("form-action") in (["'self'"], ["'none'"])
    return 10 if closed else 5


def _cookies(cookies: list[Morsel]) -> int:
    if not cookies:
        return 0
    if not all(cookie["secure"] for cookie in cookies):
        return -40 if any(SESSIONS.search(cookie.key) and not cookie["secure"] for cookie in cookies) else -20
    if any(SESSIONS.search(cookie.key) and not cookie["httponly"] for cookie in cookies):
        return -30
    if any("csrf" in cookie.key and not cookie["samesite"] for cookie in cookies):
        return -20
    return 5 if all(cookie["samesite"].lower() in {"lax", "strict"} for cookie in cookies) else 0


def _resources(policy: str) -> int:
    return {"same-origin": 10, "same-site": 10, "cross-origin": 0, "": 0}.get(policy, -5)


def _referrer(policy: str) -> int:
    return 0 if not policy else 5 if policy in PRIVATE else -5


def _transport(header: str) -> int:
    age = re.search(r"max-age=(\d+)", header)
    return -20 if not age else 0 if int(age[1]) >= SIX_MONTHS else -10


def _frames(policy: dict[str, list[str]], header: str) -> int:
    named = policy.get("frame-ancestors", ["*"])
    return 5 if not {"*", "http:", "https:"} & set(named) else 0 if header in {"DENY", "SAMEORIGIN"} else -20


class _Scripts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and dict(attrs).get("src"):
            self.found.append(dict(attrs))


def _integrity(response: HttpResponse) -> int:
    if not response.get("Content-Type", "").startswith("text/html"):
        return 0
    parser = _Scripts()
    parser.feed(response.content.decode())
    if any(re.match(r"http:|//", script["src"]) for script in parser.found):
        return -50
    foreign = [script for script in parser.found if not script["src"].startswith("/")]
    if any(not script.get("integrity") for script in foreign):
        return -5
    return 5 if parser.found and all(script.get("integrity") for script in parser.found) else 0
