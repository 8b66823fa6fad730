"""What admins do about their team, below /settings/."""

from django.urls import path

from administration import group_rules

app_name = "administration"

urlpatterns = [
    path("groups/", group_rules.rules, name="group_rules"),
    path("groups/remove/", group_rules.remove, name="group_rule_remove"),
]
