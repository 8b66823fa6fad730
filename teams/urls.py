"""Changing team, and a person's own settings."""

from django.urls import path

from teams import views

app_name = "teams"

urlpatterns = [
    path("teams/switch/", views.switch, name="switch"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/password/", views.password, name="password"),
]
