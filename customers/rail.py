from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.rail import Link, Section


def section(request: HttpRequest) -> Section:
    path = reverse("customers:list")
    return Section(_("People"), (Link(_("Customers"), path, "users", None, request.path.startswith(path), "g c"),))
