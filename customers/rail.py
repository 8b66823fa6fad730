from django.http import HttpRequest
from django.urls import reverse

from core.rail import Link, Section


def section(request: HttpRequest) -> Section:
    path = reverse("customers:list")
    return Section("People", (Link("Customers", path, "users", None, request.path.startswith(path), "g c"),))
