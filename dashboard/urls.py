"""Everything below /live/."""

from django.urls import path

from dashboard import views

app_name = "dashboard"

urlpatterns = [path("", views.heartbeat, name="live")]
