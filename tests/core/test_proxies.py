"""Whom a header is believed from."""

import pytest
from django.test import RequestFactory

from config import env
from core.proxies import client_address


@pytest.mark.parametrize(
    ("peer", "passed", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # nobody we know: its word counts for nothing
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.1"),  # the first is what the client wrote itself
        ("127.0.0.1", "198.51.100.1, 10.0.0.7", "198.51.100.1"),  # two proxies, both ours
        ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_last_address_that_no_proxy_of_ours_is_at(peer, passed, client, settings, monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")
    settings.TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "")
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=passed)
    assert client_address(request) == client


def test_one_client_that_guesses_passwords_locks_out_no_other(client, world):
    def sign_in(address: str):
        form = {"username": "agent", "password": "wrong"}
        return client.post("/accounts/sign-in/", form, headers={"X-Forwarded-For": address})

    assert [sign_in("198.51.100.1").status_code for _ in range(11)][-1] == 429
    assert sign_in("198.51.100.2").status_code != 429
