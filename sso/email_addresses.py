"""When two e-mail addresses are the same one, wherever an address decides who somebody is.

Capital and small ASCII letters are the same; any other difference makes another address. Databases and Unicode know
more letters as equal (a dotless i, a Kelvin sign, full-width letters), which would let a look-alike be somebody else.
"""

from django.db.models import QuerySet

from teams.models import User


def folded(email: str) -> str:
    """The address with small ASCII letters: equal for addresses that are the same."""
    return email.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")  # bytes know ASCII alone


def people_with(people: QuerySet[User], email: str) -> list[User]:
    """Those of the people who have this address."""
    wanted = folded(email)
    return [one for one in people.filter(email__iexact=email) if folded(one.email) == wanted]
