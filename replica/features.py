"""What following cStar's changes takes for granted, and what is done where it is missing."""

from django.utils.translation import gettext_lazy as _

from replica.capabilities import Feature
from replica.log_trust import AUDIT_LOG, COMPLETE
from replica.refresh import EXPORT

_LOOKS = _("The desk looks through the lists every few minutes, so changes by others show up later than usual.")

FEATURES = {
    AUDIT_LOG: Feature(lacking=_("cStar gives no audit log."), instead=_LOOKS, level="warning"),
    COMPLETE: Feature(lacking=_("cStar's audit log does not tell of every change."), instead=_LOOKS, level="warning"),
    EXPORT: Feature(
        lacking=_("cStar's export cannot be used, or lacks what lists have."),
        instead=_("Lists are read page by page, 100 rows a request, and seldom where they are long."),
    ),
}
