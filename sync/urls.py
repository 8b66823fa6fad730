"""Where cStar reaches the desk, and what admins see of how the working copy is kept."""

from django.urls import path

from sync import receiver, views, webhook_pages

app_name = "sync"

urlpatterns = [
    path("hooks/cstar/<uuid:team_id>/", receiver.hook, name="hook"),
    path("settings/budget/", views.budget_page, name="budget"),
    path("settings/budget/ask-again/", views.ask_again, name="ask_again"),
    path("settings/notices/<int:pk>/read/", views.notice_read, name="notice_read"),
    path("settings/webhook/", webhook_pages.webhook, name="webhook"),
    path("settings/webhook/register/", webhook_pages.register, name="webhook_register"),
    path("settings/webhook/test/", webhook_pages.test, name="webhook_test"),
    path("settings/webhook/remove/", webhook_pages.remove, name="webhook_remove"),
]
