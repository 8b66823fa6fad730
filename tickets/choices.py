"""What the fields of tickets offer in a team: its statuses, its people, its tags."""

from core import labels
from core.folding import sort_key
from members import people
from replica.versioned_cache import remembered
from teams.models import Team
from tickets.models import STATUSES, Status, TicketTag

Choice = tuple[str, str]


def status_choices(team: Team) -> list[Choice]:
    """The team's statuses; cStar's own five until they were fetched."""

    def load() -> list[Choice]:
        own = Status.objects.filter(team=team).values_list("key", "name")
        return list(own) or [(word, word) for word in STATUSES]

    return [(key, labels.named(key, name)) for key, name in remembered(team, "statuses", load)]


def assignee_choices(team: Team) -> list[Choice]:
    return remembered(team, "assignees", lambda: [(member.cstar_id, member.name) for member in people.assignable(team)])


def tag_choices(team: Team) -> list[Choice]:
    def load() -> list[Choice]:
        names = TicketTag.objects.filter(team=team).values_list("name", flat=True).distinct()
        return [(name, name) for name in sorted(names, key=sort_key)]

    return remembered(team, "tags", load)


def member_names(team: Team) -> dict[str, str]:
    """Of all members, those included who may be given no ticket any more."""
    return remembered(team, "names", lambda: {key: one.name for key, one in people.of_team(team).items()})
