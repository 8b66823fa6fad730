"""Whether cStar accepts a team's key, asked before the key is kept."""

from django.utils.translation import gettext as _

from core.errors import sentence
from cstar import CStarError, Forbidden, NotFound, Unauthorized
from teams.clients import client_for
from teams.models import Team


def objection(team: Team) -> str:
    """Why the key cannot be the team's, "" if it is: one call, which the key's budget hears of with the next answer.

    The team need not be saved.
    """
    if not team.key.startswith("sk_"):
        return _("A secret key begins with sk_. Copy it from the team's settings at cStar.")
    try:
        client_for(team).members.list(page_size=1)
    except Unauthorized:
        return _("cStar does not know this key. Copy it again from the team's settings there.")
    except (Forbidden, NotFound):
        return _("This key does not belong to the team with this ID. Compare both with the team's settings at cStar.")
    except CStarError as error:
        return _("The key could not be verified, so it was not saved. %(reason)s") % {"reason": sentence(error)}
    return ""
