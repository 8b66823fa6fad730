"""What admins do about their team and the desk, below /settings/."""

from django.urls import path

from administration import accounts, budget, group_rules, people, team, teams, webhook

app_name = "administration"

urlpatterns = [
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/change/", accounts.account_change, name="account_change"),
    path("budget/", budget.budget_page, name="budget"),
    path("budget/ask-again/", budget.ask_again, name="ask_again"),
    path("groups/", group_rules.rules, name="group_rules"),
    path("groups/remove/", group_rules.remove, name="group_rule_remove"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="person_add"),
    path("people/create/", people.create, name="person_create"),
    path("people/role/", people.change, name="person_change"),
    path("people/remove/", people.remove, name="person_remove"),
    path("team/", team.team, name="team"),
    path("team/name/", team.rename, name="team_rename"),
    path("team/key/", team.change_key, name="team_key"),
    path("teams/", teams.teams, name="teams"),
    path("teams/add/", teams.add, name="team_add"),
    path("teams/remove/", teams.remove, name="team_remove"),
    path("teams/encryption/", teams.renew_encryption, name="encryption"),
    path("webhook/", webhook.webhook, name="webhook"),
    path("webhook/register/", webhook.register, name="webhook_register"),
    path("webhook/test/", webhook.test, name="webhook_test"),
    path("webhook/remove/", webhook.remove, name="webhook_remove"),
]
