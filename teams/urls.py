"""Signing in, changing team, settings."""

from django.conf import settings
from django.urls import path

from teams import embed, openid, views

app_name = "teams"

urlpatterns = [
    path("accounts/sign-in/", views.SignInView.as_view(), name="sign_in"),
    path("accounts/sign-out/", views.sign_out, name="sign_out"),
    path("accounts/oidc/<slug:provider_id>/", openid.start, name="oidc_start"),
    path("accounts/oidc/<slug:provider_id>/callback/", openid.callback, name="oidc_callback"),
    path("teams/switch/", views.switch, name="switch"),
    path("embed/", embed.embed, name="embed"),
    path("embed/token/", embed.embed_token, name="embed_token"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/password/", views.password, name="password"),
]

if settings.SANDBOX:
    urlpatterns.append(path("accounts/demo/", views.demo_sign_in, name="demo_sign_in"))
