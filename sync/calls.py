"""The way from the desk to a team's cStar: each call says what it is for, and is paid from the key's hour."""

from cstar import Client
from sync.models import Lane
from teams.clients import client_for
from teams.models import Team


def client(team: Team, lane: Lane, purpose: str, person: str = "") -> Client:
    """A client for one purpose ("reply", "open ticket"), in a person's name ("": the desk's own)."""
    return client_for(team)
