"""Members, the team's people at cStar, as the desk knows them."""

from django.utils.translation import gettext_lazy as _

from members.models import Member
from replica.capabilities import Feature
from replica.refresh import pages
from replica.resource import Resource, Words

MEMBERS = Resource(
    name="members",
    words=Words(_("member"), _("members")),
    model=Member,
    order=10,
    read_all=lambda client, team: pages(client.members),
    optional=True,
    audit_type="member",
    features={
        "members": Feature(
            _("cStar does not list the team's members."),
            _("Tickets cannot be assigned in the desk, and IDs are shown instead of names."),
        )
    },
)
