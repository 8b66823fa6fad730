"""Signing in and out, and the desk in a portal's frame."""

from django.conf import settings
from django.urls import path

from sso import embed_views, openid, views

app_name = "sso"

urlpatterns = [
    path("accounts/sign-in/", views.SignInView.as_view(), name="sign_in"),
    path("accounts/sign-out/", views.sign_out, name="sign_out"),
    path("accounts/oidc/<slug:provider_id>/", openid.start, name="oidc_start"),
    path("accounts/oidc/<slug:provider_id>/callback/", openid.callback, name="oidc_callback"),
    path("embed/", embed_views.embed, name="embed"),
    path("embed/token/", embed_views.embed_token, name="embed_token"),
]

if settings.SANDBOX:
    urlpatterns.append(path("accounts/demo/", views.demo_sign_in, name="demo_sign_in"))
