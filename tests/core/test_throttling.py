"""How often one address may knock where everybody may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory

from core.throttling import Limit, client, limited
from sso import sign_in_options
from teams import password_throttle

FEW = Limit("few", most=3, seconds=60)
AT_FULL_MINUTE = "2026-01-05T09:30:00Z"


def ask(view, address: str = "203.0.113.9") -> HttpResponse:
    return view(RequestFactory().get("/", REMOTE_ADDR=address))


def answering(status: int, **how):
    """A limited view, and how often it was reached."""
    reached: list[str] = []

    @limited(FEW, plain=True, **how)
    def view(request):
        reached.append(request.path)
        return HttpResponse(status=status)

    return view, reached


@time_machine.travel(AT_FULL_MINUTE, tick=False)
def test_one_too_many_is_told_when_to_come_again():
    view, reached = answering(200)
    assert [ask(view).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = ask(view)
    assert refused["Retry-After"] == "60"
    assert refused["Content-Type"].startswith("text/plain")
    assert "Too many attempts" in refused.content.decode()
    assert len(reached) == 3


def test_the_next_minute_is_another_one():
    view, _ = answering(200)
    with time_machine.travel(AT_FULL_MINUTE, tick=False) as clock:
        assert [ask(view).status_code for _ in range(4)][-1] == 429
        clock.shift(45)
        assert ask(view)["Retry-After"] == "15"
        clock.shift(15)
        assert ask(view).status_code == 200


@time_machine.travel(AT_FULL_MINUTE, tick=False)
def test_others_are_not_held_up():
    view, _ = answering(200)
    assert [ask(view).status_code for _ in range(4)][-1] == 429
    assert ask(view, "203.0.113.10").status_code == 200


@time_machine.travel(AT_FULL_MINUTE, tick=False)
def test_what_does_not_count_is_never_too_much():
    view, reached = answering(200, counts=lambda response: response.status_code != 200)
    assert {ask(view).status_code for _ in range(10)} == {200}
    view, reached = answering(403, counts=lambda response: response.status_code != 200)
    assert [ask(view).status_code for _ in range(5)] == [403, 403, 403, 429, 429]
    assert len(reached) == 3


@time_machine.travel(AT_FULL_MINUTE, tick=False)
def test_many_at_once_do_not_slip_through_together():
    with ThreadPoolExecutor(16) as threads:
        view, reached = answering(200)
        list(threads.map(lambda _: ask(view), range(64)))
    assert len(reached) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one customer's network
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.10", False),
        ("", "nonsense", True),
    ],
)
def test_who_counts_as_one(one, other, same):
    factory = RequestFactory()
    found = [client(factory.get("/", REMOTE_ADDR=address)) for address in (one, other)]
    assert (found[0] == found[1]) is same


# Where it is put ---------------------------------------------------------------------------------------------------


@time_machine.travel(AT_FULL_MINUTE, tick=False)
@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("get", "/accounts/oidc/corp/", sign_in_options.STARTS),
        ("get", "/accounts/oidc/corp/callback/", sign_in_options.ANSWERS),
        ("get", "/accounts/saml/corp/", sign_in_options.STARTS),
        ("post", "/accounts/saml/corp/acs/", sign_in_options.ANSWERS),
        ("post", "/accounts/demo/", sign_in_options.STARTS),
    ],
)
def test_the_ways_in_are_limited(method, path, limit, client, world):
    for _ in range(limit.most):
        assert getattr(client, method)(path).status_code != 429
    refused = getattr(client, method)(path)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= limit.seconds
    assert "Wait a few minutes" in refused.content.decode()
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert getattr(other, method)(path).status_code != 429


@time_machine.travel(AT_FULL_MINUTE, tick=False)
def test_many_names_with_one_password_are_limited_and_those_who_know_theirs_are_not(client, agent):
    agent.person.set_password("a long enough password")
    agent.person.save()
    good = {"username": "agent", "password": "a long enough password"}

    def sign_in(form: dict) -> int:
        return client.post("/accounts/sign-in/", form).status_code

    for number in range(password_throttle.PASSWORDS.most):
        assert sign_in({"username": f"name-{number}", "password": "Winter2026!"}) == 200
        if number % 10 == 0:
            assert sign_in(good) == 302
            client.post("/accounts/sign-out/")
    assert sign_in({"username": "name", "password": "Winter2026!"}) == 429
    assert client.get("/accounts/sign-in/").status_code == 200
