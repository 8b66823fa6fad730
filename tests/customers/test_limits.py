"""What cStar holds already is no reason to refuse another change, and nothing that is typed is cut."""

import pytest

from customers.models import Customer
from replica.refresh import refresh
from sandbox.models import Customer as SandboxCustomer
from tests.customers.test_customers import form, path

OLD = {
    "a long tag": {"tags": ["x" * 70]},
    "a tag longer than cStar takes today": {"tags": ["x" * 99, "y" * 100]},
    "many tags": {"tags": [f"{number} " + "x" * 43 for number in range(50)]},
    "more tags than cStar takes today": {"tags": [f"tag {number}" for number in range(60)]},
    "long notes": {"notes": "words " * 5_000},
    "notes longer than cStar takes today": {"notes": "words " * 20_000},
    "a long name": {"name": "x" * 200},
}


@pytest.fixture(params=OLD)
def old(request, acme) -> Customer:
    found = SandboxCustomer.objects.filter(team__name="Acme Support").first()
    SandboxCustomer.objects.filter(pk=found.pk).update(**OLD[request.param])
    refresh(acme)
    return Customer.objects.get(team=acme, cstar_id=found.pk)


def as_shown(agent, customer, **typed) -> dict:
    """What the form of the page sends, but for what is typed."""
    page = agent.get(path(customer, "edit/")).context["form"]
    shown = {name: page[name].value() or "" for name in page.FIELDS}
    return form(**shown) | {f"initial-{name}": value for name, value in shown.items()} | typed


def test_something_else_is_changed(agent, old):
    answer = agent.post(path(old, "edit/"), as_shown(agent, old, email="another@new.example"))
    assert answer["Location"] == path(old)
    now = SandboxCustomer.objects.get(pk=old.cstar_id)
    assert now.email == "another@new.example"
    assert (now.name, now.tags, now.notes or "") == (old.name, old.tags, old.notes)


def test_a_tag_goes_where_others_are_longer_than_one_may_write(agent, acme):
    customer = SandboxCustomer.objects.filter(team__name="Acme Support").first()
    SandboxCustomer.objects.filter(pk=customer.pk).update(tags=["x" * 100, "going", "staying"])
    refresh(acme)
    held = Customer.objects.get(team=acme, cstar_id=customer.pk)
    agent.post(path(held, "edit/"), as_shown(agent, held, tags=f"{'x' * 100}, staying"))
    assert SandboxCustomer.objects.get(pk=customer.pk).tags == ["x" * 100, "staying"]


@pytest.mark.parametrize(
    ("name", "typed", "limit"),
    [
        ("name", "x" * 201, "200"),
        ("notes", "x" * 50_001, "50000"),
        ("tags", "x" * 101, "100"),
        ("tags", ",".join(f"t{number}" for number in range(51)), "50"),
    ],
)
def test_what_is_too_long_is_said_and_kept(agent, acme, name, typed, limit):
    customer = Customer.objects.filter(team=acme).first()
    answer = agent.post(path(customer, "edit/"), as_shown(agent, customer, **{name: typed}))
    assert answer.status_code == 400
    assert limit in str(answer.context["form"].errors[name])
    assert typed in answer.content.decode()


@pytest.mark.parametrize("page", ["/customers/new/", "/tickets/new/"])
def test_no_field_cuts_what_is_pasted(agent, page):
    html = agent.get(page).content.decode()
    form = html[html.index("<form", html.index("<main")) :]
    assert [part[:60] for part in form.split("<")[1:] if "maxlength" in part and 'type="search"' not in part] == []


def test_25000_characters_of_notes_are_saved_whole(agent, acme):
    customer = Customer.objects.filter(team=acme).first()
    text = "line of notes\n" * 1_800
    agent.post(path(customer, "edit/"), as_shown(agent, customer, notes=text.strip()))
    assert SandboxCustomer.objects.get(pk=customer.cstar_id).notes == text.strip()
