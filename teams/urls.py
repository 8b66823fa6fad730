"""Signing in, changing team, settings."""

from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.urls import path

from teams import views

app_name = "teams"

urlpatterns = [
    path("accounts/sign-in/", views.SignInView.as_view(), name="sign_in"),
    path("accounts/sign-out/", LogoutView.as_view(next_page="teams:sign_in"), name="sign_out"),
    path("teams/switch/", views.switch, name="switch"),
    path("settings/", views.settings_page, name="settings"),
]

if settings.SANDBOX:
    urlpatterns.append(path("accounts/demo/", views.demo_sign_in, name="demo_sign_in"))
