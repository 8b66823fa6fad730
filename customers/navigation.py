from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.navigation import Link, Section
from core.urls import page_url


def section(request: HttpRequest) -> Section:
    path = page_url("customers:list")
    return Section("", (Link(_("Customers"), path, "users", None, request.path.startswith(path), "g c"),))
