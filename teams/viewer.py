"""Who looks at a team's data. Queries take this and no request, so that a worker can ask them too."""

from dataclasses import dataclass

from teams.models import Team, User


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at work in a team: `team` says whose objects are asked for, `user` who "me" is in a filter."""

    team: Team
    user: User
