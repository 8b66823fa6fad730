"""Where cStar reaches the desk, and where people put away notices about it."""

from django.urls import path

from replica import views, webhook_receiver

app_name = "replica"

urlpatterns = [
    path("hooks/cstar/<uuid:team_id>/", webhook_receiver.hook, name="hook"),
    path("settings/notices/<int:pk>/read/", views.notice_read, name="notice_read"),
]
