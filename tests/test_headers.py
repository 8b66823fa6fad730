"""Every page as it is served in production: what the MDN Observatory grades, and what it does not look at."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import observatory
from tests.conftest import Person
from tests.test_access import GUARDED, by_name

ROOT = Path(__file__).resolve().parent.parent
HOST = "desk.example.com"
OVER_TLS = {"Host": HOST, "X-Forwarded-Proto": "https"}
# What the site's name and its portals decide about.
BY_ENVIRONMENT = re.compile(
    r"(SECURE|SESSION_COOKIE|CSRF_COOKIE|X_FRAME|CONTENT_SECURITY|FRAME_)\w*|HTTPS|ALLOWED_HOSTS|MIDDLEWARE"
)


def as_in_production(monkeypatch, settings, folder: Path, **variables: str) -> None:
    """The settings that these variables would make, for this test's requests."""
    for name, value in ({"ALLOWED_HOSTS": HOST, "DATA_DIR": str(folder)} | variables).items():
        monkeypatch.setenv(name, value)
    for name, value in runpy.run_path(str(ROOT / "config/settings.py")).items():
        if BY_ENVIRONMENT.fullmatch(name):
            setattr(settings, name, value)


@pytest.fixture(params=["", "https://portal.example.com"], ids=["alone", "in a portal"])
def production(request, monkeypatch, settings, tmp_path, world) -> str:
    """The portal that may frame the desk, or none."""
    as_in_production(monkeypatch, settings, tmp_path, FRAME_ANCESTORS=request.param)
    return request.param


def assert_graded(response: HttpResponse, portal: str) -> None:
    marks = observatory.modifiers(response)
    assert observatory.score(response) >= observatory.A_PLUS, marks
    assert min(marks.values()) == 0, marks
    assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Permissions-Policy"]
    assert ("X-Frame-Options" in response) is not bool(portal)
    for name, cookie in response.cookies.items():
        assert name.startswith("__Host-")
        assert (cookie["path"], cookie["domain"]) == ("/", "")


@by_name([address for address in GUARDED if "live" not in address.name])
def test_each_page_is_graded_a_plus(address, production, acme):
    someone = Person("admin", headers=OVER_TLS)
    answer = someone.get(address.path(acme), secure=True)
    assert answer.getvalue() or answer.status_code in {204, 302, 405}
    assert_graded(answer, production)


@pytest.mark.parametrize("path", ["/accounts/sign-in/", "/nothing", "/", "/healthz", "/tickets/"])
def test_pages_for_everybody_are_graded_a_plus(path, production):
    anyone = Client(headers=OVER_TLS)
    assert_graded(anyone.get(path, secure=True), production)
    assert_graded(anyone.post(path, secure=True), production)


def test_the_sign_in_page_has_more_than_a_hundred_and_thirty_points(production):
    """Each bonus but that for integrity, which is for files of others, and that for a list that one has to ask for."""
    answer = Client(headers=OVER_TLS).get("/accounts/sign-in/", secure=True)
    assert observatory.score(answer) == 135


def test_the_grader_sees_what_is_missing(production):
    answer = Client(headers=OVER_TLS).get("/accounts/sign-in/", secure=True)
    best = observatory.score(answer)
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy"):
        kept = answer[name]
        del answer[name]
        assert observatory.score(answer) < best, name
        answer[name] = kept
    for flag in ("secure", "samesite"):
        kept = answer.cookies["__Host-csrf"][flag]
        answer.cookies["__Host-csrf"][flag] = ""
        assert observatory.score(answer) < 100
        answer.cookies["__Host-csrf"][flag] = kept
    policy = answer["Content-Security-Policy"]
    for worse in (policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"), "default-src *"):
        answer["Content-Security-Policy"] = worse
        assert observatory.score(answer) < 100
