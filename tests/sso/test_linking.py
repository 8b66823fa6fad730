"""Who may become an account that is here already, by its e-mail address: who comes from a trusted provider, once."""

from types import SimpleNamespace

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client, RequestFactory

from sso.identity import Identity, RefusedError, admit
from sso.openid import from_claims, identity
from teams.models import Membership, User
from tests.conftest import Person

ADDRESS = "vera@corp.example"
PASSWORD = "only-the-admin-knows"
NEW = {"new-username": "vera", "new-email": ADDRESS, "new-password": PASSWORD, "new-role": "agent"}


def arrives(client: Client, subject: str = "s-1", provider: str = "corp", **said) -> User:
    """Somebody signs in at a provider, in this browser."""
    request = RequestFactory().get("/")
    request.session = client.session
    user = admit(request, Identity(**{"provider": provider, "subject": subject, "trust_email": True, **said}))
    request.session.save()
    client.cookies["session"] = request.session.session_key
    return user


def signs_in(client: Client, username: str = "vera", password: str = PASSWORD) -> int:
    client.post("/accounts/sign-in/", {"username": username, "password": password})
    return client.get("/tickets/").status_code


@pytest.fixture
def planted(world) -> User:
    """An account with somebody's address, whose password the team's admin chose."""
    Person("admin").post("/settings/people/create/", NEW)
    return User.objects.get(username="vera")


@pytest.fixture
def vera(world) -> Client:
    return Client()


def test_who_made_the_account_cannot_sign_in_as_its_person(planted, vera):
    assert arrives(vera, email=ADDRESS) == planted
    assert vera.get("/tickets/").status_code == 200
    assert signs_in(Client()) == 302
    assert not User.objects.get(pk=planted.pk).has_usable_password()


def test_a_session_from_before_the_link_ends(planted, vera):
    admins = Client()
    assert signs_in(admins) == 200
    arrives(vera, email=ADDRESS)
    assert admins.get("/tickets/").status_code == 302
    assert vera.get("/tickets/").status_code == 200


def test_a_session_without_a_password_from_before_the_link_ends_too(planted, vera):
    User.objects.filter(pk=planted.pk).update(password="!")
    portals = Person("vera")
    assert portals.get("/tickets/").status_code == 200
    arrives(vera, email=ADDRESS)
    assert portals.get("/tickets/").status_code == 302


def test_the_second_sign_in_ends_nothing(planted, vera):
    arrives(vera, email=ADDRESS)
    arrives(Client(), email=ADDRESS)
    assert vera.get("/tickets/").status_code == 200


@pytest.mark.parametrize("provider", ["corp", "other"])
def test_an_account_that_a_provider_vouches_for_is_found_by_no_address(provider, vera):
    mine = arrives(vera, email=ADDRESS)
    assert arrives(Client(), subject="s-2", provider=provider, email=ADDRESS) != mine


@pytest.mark.parametrize("email", [ADDRESS, "VERA@corp.example"])
def test_an_untrusted_providers_address_is_neither_kept_nor_looked_for(planted, email, vera):
    other = arrives(vera, provider="open", email=email, trust_email=False)
    assert other != planted
    assert other.email == ""
    # The person of the trusted provider comes later, and finds what was made for them.
    assert arrives(Client(), email=ADDRESS) == planted


def test_who_changes_their_address_at_an_untrusted_provider_captures_nobody(vera):
    mallory = arrives(Client(), provider="open", trust_email=False)
    arrives(Client(), provider="open", email=ADDRESS, trust_email=False)
    assert User.objects.get(pk=mallory.pk).email == ""
    assert arrives(vera, email=ADDRESS) != mallory


def test_an_address_that_is_no_longer_trusted_goes(vera):
    mine = arrives(vera, email=ADDRESS)
    assert mine.email == ADDRESS
    arrives(vera, email=ADDRESS, trust_email=False)
    assert User.objects.get(pk=mine.pk).email == ""


def test_an_address_of_a_trusted_provider_outlives_a_sign_in_at_another(vera):
    mine = arrives(vera, email=ADDRESS)
    SocialAccount.objects.create(user=mine, provider="open", uid="s-9")
    arrives(vera, provider="open", subject="s-9", email="other@corp.example", trust_email=False)
    assert User.objects.get(pk=mine.pk).email == ADDRESS


@pytest.mark.parametrize(
    "lookalike",
    [
        "vera@corp.example.",
        "vera+x@corp.example",
        '"vera"@corp.example',
        "v\u0435ra@corp.example",  # a Cyrillic letter
        "vera@c\u043erp.example",
        "ver\uff41@corp.example",  # a full-width letter, which NFKC would make an "a"
        "vera\uff20corp.example",
        "vera@corp\u3002example",
        "vera@corp.examp\u2113e",
        "vera @corp.example",
    ],
)
def test_a_lookalike_is_another_address(planted, lookalike, vera):
    assert arrives(vera, email=lookalike) != planted


@pytest.mark.parametrize(
    ("held", "claimed"),
    [
        ("mike@corp.example", "m\u0131ke@corp.example"),  # both are MIKE in capitals
        ("kim@corp.example", "\u212aim@corp.example"),  # a Kelvin sign, which is k in small letters
        ("strasse@corp.example", "stra\u00dfe@corp.example"),
        ("m\u00fcller@corp.example", "M\u00dcLLER@corp.example"),
    ],
)
def test_letters_beyond_ascii_are_the_same_only_as_they_are_written(held, claimed, vera):
    there = User.objects.create_user("there", held)
    assert arrives(vera, email=claimed) != there
    assert arrives(Client(), subject="s-2", email=held) == there


def test_small_and_capital_letters_are_the_same_address(planted, vera):
    assert arrives(vera, email="Vera@CORP.example") == planted


@pytest.mark.parametrize(
    "checked",
    [None, False, "false", "", "True ", 0, 1, 2, [], {}, [True], {"a": 1}, "yes"],
)
def test_an_address_counts_only_if_the_provider_says_that_it_checked_it(checked):
    claims = {"sub": "x", "email": ADDRESS, "email_verified": checked}
    assert from_claims(claims, provider="corp", groups_claim="groups", trust_email=True).email == ""


def test_without_a_word_about_it_an_address_does_not_count():
    said = {"sub": "x", "email": ADDRESS}
    assert from_claims(said, provider="corp", groups_claim="groups", trust_email=True).email == ""


@pytest.mark.parametrize(
    ("token", "details", "email"),
    [
        ({"email": ADDRESS, "email_verified": True}, {"email": "x@corp.example", "email_verified": False}, ADDRESS),
        ({"email": ADDRESS}, {"email": "x@corp.example", "email_verified": True}, ""),
        ({"email_verified": True}, {"email": ADDRESS}, ""),
        ({"email_verified": True}, {"email": ADDRESS, "email_verified": False}, ""),
        ({}, {"email": ADDRESS, "email_verified": True}, ADDRESS),
    ],
)
def test_that_an_address_was_checked_is_said_beside_it(token, details, email):
    app = SimpleNamespace(provider_id="corp", settings={"groups_claim": "groups", "trust_email": True})
    told = {"id_token": {"sub": "x", "nonce": "n", **token}, "userinfo": {"sub": "x", **details}}
    login = SimpleNamespace(
        account=SimpleNamespace(extra_data=told), state={"nonce": "n"}, provider=SimpleNamespace(app=app)
    )
    assert identity(login).email == email


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", 7, None, ["x"], {}])
def test_what_no_database_takes_is_no_claim(odd):
    names = ("name", "given_name", "family_name", "preferred_username", "email")
    said = {"sub": "x", "email_verified": True, "groups": [odd], **dict.fromkeys(names, odd)}
    told = from_claims(said, provider="corp", groups_claim="groups", trust_email=True)
    assert (told.username, told.email, told.first_name, told.last_name, told.groups) == ("", "", "", "", frozenset())


@pytest.mark.parametrize(
    ("checked", "email"), [({}, ADDRESS), ({"email_verified": False}, ""), ({"email_verified": []}, "")]
)
def test_a_provider_that_never_says_it_may_be_trusted_nevertheless(checked, email):
    said = {"sub": "x", "email": ADDRESS, **checked}
    told = from_claims(said, provider="corp", groups_claim="groups", trust_email="always")
    assert told.email == email
    assert told.trust_email is True


def test_a_switched_off_account_does_not_come_back_as_a_new_one(planted, vera):
    arrives(vera, email=ADDRESS)
    User.objects.filter(pk=planted.pk).update(is_active=False)
    with pytest.raises(RefusedError, match="deactivated"):
        arrives(Client(), provider="other", email=ADDRESS)


@pytest.mark.parametrize("name", [ADDRESS, "VERA@corp.example"])
def test_nobody_is_given_an_address_for_a_user_name(name, vera):
    assert "@" not in arrives(vera, username=name, trust_email=False).username


def test_no_account_is_made_whose_user_name_is_an_address(world):
    page = Person("admin").post("/settings/people/create/", NEW | {"new-username": "ceo@corp.example", "new-email": ""})
    assert page.status_code == 400
    assert "cannot be an email address" in page.content.decode()


def test_the_address_of_another_teams_account_finds_nobody_before_a_provider_vouches_for_it(
    planted, acme, globex, vera
):
    """Its admin would sign in as them in this team as well."""
    Membership.objects.filter(team=acme, user__username="admin").delete()
    admin = Person("admin")
    page = admin.post("/settings/people/add/", {"who": ADDRESS, "role": "agent"})
    assert "No account has this username or address." in page.content.decode()
    assert not globex.memberships.filter(user=planted).exists()
    arrives(vera, email=ADDRESS)
    admin.post("/settings/people/add/", {"who": ADDRESS, "role": "agent"})
    assert globex.memberships.filter(user=planted).exists()


def test_adding_by_address_finds_whose_address_it_is_and_not_who_is_called_so(planted, acme, globex):
    User.objects.create_user(ADDRESS, password=PASSWORD)
    Membership.objects.create(user=planted, team=globex, role="agent")
    Membership.objects.filter(user=planted, team=acme).delete()
    Person("admin").post("/settings/people/add/", {"who": ADDRESS, "role": "agent"})
    assert list(acme.memberships.filter(user__username__in=["vera", ADDRESS]).values_list("user", flat=True)) == [
        planted.pk
    ]
