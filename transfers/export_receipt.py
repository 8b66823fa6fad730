"""What became of an export: what its page tells, and who may have the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import labels, stored_texts
from replica import registry
from replica.listing import filters_of
from teams.access import TeamRequest
from teams.policy import May
from transfers.exporter import KEPT
from transfers.models import Run
from transfers.resources import transfer_of


@dataclass(frozen=True, slots=True)
class Exported:
    """An export's receipt. `lacks_older`: it has none of the closed tickets that are too old to be held here.

    `address` leads to making it anew. `size` in bytes and `until` are None where there is no file (any more).
    """

    address: str
    filters: list[tuple[str, str]]
    heads: list[str]
    lacks_older: bool
    readable: bool
    size: int | None
    until: datetime | None


def of(request: TeamRequest, run: Run) -> Exported:
    options, transfer, there = run.export_options, transfer_of(run.resource), is_there(run)
    form = filters_of(registry.get(run.resource), options.address)
    return Exported(
        address=form.address,
        filters=[(stored_texts.shown(label), labels.heard(value)) for label, value in options.filters],
        heads=[stored_texts.shown(column.head) for column in transfer.chosen(options.columns)],
        lacks_older=bool(transfer.older and transfer.older.may_match(form)) and not options.older,
        readable=may_read(request, run),
        size=run.path.stat().st_size if there else None,
        until=run.ended_at + KEPT if there and run.ended_at else None,
    )


def is_there(run: Run) -> bool:
    """Whether the run is an export that is finished, and its file is still kept."""
    return run.kind == Run.Kind.EXPORT and run.state == Run.State.DONE and bool(run.file) and run.path.is_file()


def may_read(request: TeamRequest, run: Run) -> bool:
    """Its maker, and those who manage the team."""
    return run.user_id == request.user.pk or request.membership.allows(May.MANAGE_TEAM)
