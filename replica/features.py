"""What following cStar's changes takes for granted, and what is done where it is missing."""

from django.utils.translation import gettext_lazy as _

from replica.capabilities import Feature
from replica.log_trust import AUDIT_LOG, COMPLETE
from replica.refresh import EXPORT

_LOOKS = _("The desk checks the lists every few minutes, so changes by others show up later than usual.")

FEATURES = {
    AUDIT_LOG: Feature(lacking=_("cStar does not provide an audit log."), instead=_LOOKS, level="warning"),
    COMPLETE: Feature(lacking=_("cStar's audit log does not list every change."), instead=_LOOKS, level="warning"),
    EXPORT: Feature(
        lacking=_("cStar's export does not work, or lacks data that lists have."),
        instead=_("Lists are read page by page, 100 rows per request; long lists are read less often."),
    ),
}
