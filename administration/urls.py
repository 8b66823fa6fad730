"""What admins do about their team and the desk, below /settings/."""

from django.urls import path

from administration import accounts, desk, group_rules, people, team

app_name = "administration"

urlpatterns = [
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/change/", accounts.account_change, name="account_change"),
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
    path("teams/", desk.teams, name="teams"),
    path("teams/add/", desk.add, name="team_add"),
    path("teams/remove/", desk.remove, name="team_remove"),
    path("teams/encryption/", desk.renew_encryption, name="encryption"),
]
