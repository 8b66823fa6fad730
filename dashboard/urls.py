"""Home, and what of it changed while it is open."""

from django.urls import path

from dashboard import views

app_name = "dashboard"

urlpatterns = [
    path("", views.home, name="home"),
    path("home/live/", views.home_changes, name="live"),
]
