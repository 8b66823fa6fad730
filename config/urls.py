"""Every address of the site: one line an app."""

from django.conf import settings
from django.urls import include, path, register_converter

from config.metrics import metrics
from core import errors, health
from core.converters import CStarIdConverter

register_converter(CStarIdConverter, "cstar_id")

urlpatterns = [
    path("", include("dashboard.urls")),
    path("tickets/", include("tickets.urls")),
    path("customers/", include("customers.urls")),
    path("transfers/", include("transfers.urls")),
    path("articles/", include("articles.urls")),
    path("categories/", include("articles.categories.urls")),
    path("outbox/", include("outbox.urls")),
    path("activity/", include("activity.urls")),
    path("settings/", include("administration.urls")),
    path("", include("replica.urls")),
    path("live/", include("live.urls")),
    path("", include("teams.urls")),
    path("", include("sso.urls")),
    path("accounts/saml/", include("sso.saml_urls")),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics),
]

if settings.SANDBOX:
    urlpatterns.append(path("api/v1/", include("sandbox.urls")))

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
