"""Who somebody becomes here whom a provider vouches for."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from sso import openid
from sso.identity import Identity, RefusedError, admit
from teams.models import User


@pytest.fixture
def arrive(client, world):
    """`arrive(subject="x", ...)` signs somebody in whom the provider `corp` vouches for."""

    def arrived(**told) -> User:
        request = RequestFactory().get("/")
        request.session = client.session
        return admit(request, Identity(**{"provider": "corp", "subject": "s-1", **told}))

    return arrived


def test_an_account_is_made_once_and_takes_the_names_it_was_given(arrive):
    told = {"email": "ada@corp.example", "trust_email": True}
    made = arrive(username="ada", first_name="Ada", last_name="Lovelace", **told)
    assert (made.username, made.email, made.get_full_name()) == ("ada", "ada@corp.example", "Ada Lovelace")
    assert not made.has_usable_password()
    assert arrive(username="countess", **{**told, "email": "ada@new.example"}).pk == made.pk
    assert User.objects.get(pk=made.pk).email == "ada@new.example"


def test_the_name_that_a_person_chose_stays(arrive):
    made = arrive(first_name="Augusta")
    User.objects.filter(pk=made.pk).update(first_name="Ada")
    arrive(first_name="Augusta", last_name="King")
    assert User.objects.get(pk=made.pk).get_full_name() == "Ada"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"username": "agent"}, "agent-2"),
        ({"username": "AGENT"}, "AGENT-2"),
        ({"email": "manager@corp.example"}, "manager-2"),
        ({}, "s-1"),
        ({"username": "x" * 400}, "x" * 140),
    ],
)
def test_nobody_is_given_the_name_of_somebody_else(told, name, arrive):
    assert arrive(**told).username == name


def test_an_address_alone_opens_nobodys_account(arrive):
    agent = User.objects.get(username="agent")
    assert arrive(email=agent.email).pk != agent.pk


def test_a_trusted_address_opens_the_account_that_was_made_for_it_once(arrive):
    agent = User.objects.get(username="agent")
    assert arrive(email=agent.email.upper(), trust_email=True).pk == agent.pk
    assert arrive(subject="s-2", email=agent.email, trust_email=True).pk != agent.pk


def test_two_accounts_of_one_address_are_not_chosen_between(arrive):
    User.objects.create_user("ada", "shared@corp.example")
    User.objects.create_user("grace", "shared@corp.example")
    assert arrive(email="shared@corp.example", trust_email=True).username == "shared"


def test_the_same_subject_of_another_provider_is_another_person(arrive):
    assert arrive().pk != arrive(provider="other").pk


def test_a_switched_off_account_stays_out(arrive):
    User.objects.filter(pk=arrive().pk).update(is_active=False)
    with pytest.raises(RefusedError, match="deactivated"):
        arrive()


@pytest.mark.parametrize("subject", ["", "x" * 192])
def test_without_a_usable_subject_nobody_is_anybody(subject, arrive):
    with pytest.raises(RefusedError):
        arrive(subject=subject)


def test_of_what_the_provider_tells_only_the_groups_are_kept(arrive):
    arrive(groups=frozenset({"b", "a"}), email="ada@corp.example")
    assert SocialAccount.objects.get().extra_data == {"groups": ["a", "b"]}


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"groups": ["a", 7, ""]}, {"a"}),
        ({"groups": "a"}, {"a"}),
        ({"groups": None}, set()),
        ({"groups": {"a": 1}}, set()),
        ({}, set()),
    ],
)
def test_groups_come_as_one_or_many(claims, expected):
    told = openid.from_claims({"sub": "x", **claims}, provider="corp", groups_claim="groups", trust_email=False)
    assert told.groups == expected


@pytest.mark.parametrize(
    ("checked", "email"), [(True, "a@b.example"), ("true", "a@b.example"), (False, ""), ("false", "")]
)
def test_an_address_that_was_not_checked_is_not_taken(checked, email):
    claims = {"sub": "x", "email": "a@b.example", "email_verified": checked}
    assert openid.from_claims(claims, provider="corp", groups_claim="groups", trust_email=True).email == email


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "socialaccount_connections"]
)
def test_the_librarys_own_pages_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["", "callback/", "callback/?code=x&state=y"])
def test_a_provider_that_nobody_set_up_is_not_there(path, client, world):
    assert client.get(f"/accounts/oidc/corp/{path}").status_code == 404
    assert client.get(f"/accounts/oidc/saml/{path}").status_code == 404
