"""Passwords are guessed at neither from one address nor from thousands."""

import pytest
from django.test import Client

from teams.models import Membership, User
from teams.password_throttle import NAMES
from teams.policy import Role

PASSWORD = "between-the-engines"


@pytest.fixture
def ada(acme) -> User:
    user = User.objects.create_user("ada", password=PASSWORD)
    Membership.objects.create(user=user, team=acme, role=Role.AGENT)
    return user


def attempt(username: str, password: str, number: int = 0, browser: Client | None = None):
    """From an address of its own."""
    address = f"203.0.{number // 250}.{number % 250}"
    return (browser or Client()).post(
        "/accounts/sign-in/", {"username": username, "password": password}, REMOTE_ADDR=address
    )


def guess_at(*names: str) -> list[int]:
    return [
        attempt(names[number % len(names)], f"guess-{number}", number).status_code for number in range(NAMES.most + 1)
    ]


def test_a_name_is_guessed_at_so_often_from_all_addresses_together(ada):
    answers = guess_at("ada")
    assert answers == [200] * NAMES.most + [429]
    page = attempt("ada", PASSWORD, 9_999)
    assert page.status_code == 429
    assert "Too many wrong passwords for this username." in page.content.decode()
    assert 0 < int(page["Retry-After"]) <= 3600


@pytest.mark.parametrize("name", ["ADA", "\uff41da", "Ada"])
def test_other_ways_to_write_it_are_the_same_name(name, ada):
    guess_at("ada", name)
    assert attempt("ada", PASSWORD, 9_999).status_code == 429


def test_a_name_that_nobody_has_is_treated_alike(ada):
    assert guess_at("nobody-has-this") == guess_at("ada")


def test_nobody_is_locked_out_of_where_they_signed_in_before(ada):
    mine = Client()
    assert attempt("ada", PASSWORD, browser=mine).status_code == 302
    mine.post("/accounts/sign-out/")
    guess_at("ada")
    assert attempt("ada", PASSWORD, 9_999).status_code == 429
    assert attempt("ada", PASSWORD, browser=mine).status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "ada", "ada:1:x"])
def test_the_mark_of_such_a_browser_cannot_be_made_up(cookie, ada):
    guess_at("ada")
    browser = Client()
    browser.cookies["browser"] = cookie
    assert attempt("ada", PASSWORD, 9_999, browser).status_code == 429


def test_the_mark_is_good_for_its_name_alone(ada):
    User.objects.create_user("grace", password=PASSWORD)
    browser = Client()
    attempt("grace", PASSWORD, browser=browser)
    browser.post("/accounts/sign-out/")
    guess_at("ada")
    assert attempt("ada", PASSWORD, 9_999, browser).status_code == 429


def test_in_such_a_browser_too_there_are_ten_tries_from_an_address(ada):
    browser = Client()
    attempt("ada", PASSWORD, browser=browser)
    browser.post("/accounts/sign-out/")
    answers = [attempt("ada", "wrong", browser=browser).status_code for _ in range(11)]
    assert answers[-1] == 429


def test_the_mark_says_nothing(ada):
    browser = Client()
    attempt("ada", PASSWORD, browser=browser)
    mark = browser.cookies["browser"]
    assert (mark["httponly"], mark["samesite"], mark["path"]) == (True, "Lax", "/")
    assert "ada" not in mark.value
