"""The hidden fields of our forms that say whose page a form stood on.

The person is signed: a form that comes without a session is thereby known to be of a page that was made for somebody.
"""

from django.core.signing import BadSignature, Signer
from django.http import QueryDict

_SALT = "core.guard"  # of forms in pages that are open since before an upgrade


def signed_person(person: str) -> str:
    """The value of the field `person` for the account with this key."""
    return Signer(salt=_SALT).sign(person)


def is_of(person: str, form: QueryDict) -> bool:
    """Whether the form stood on a page of this account; one that does not say so is taken for theirs."""
    return form.get("person", person).partition(":")[0] == person


def is_ours(form: QueryDict) -> bool:
    """Whether the form stood on a page that was made for somebody who was signed in."""
    try:
        return bool(Signer(salt=_SALT).unsign(form.get("person", "")))
    except BadSignature:
        return False
