"""The messages of imported tickets, where cStar takes none with the tickets: each is posted after its ticket.

That an import takes messages is not documented; that a message can be posted is. Whether to post them is seen from the
number of messages that an imported ticket has, once a day.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext_noop, ngettext

import cstar
from core.stored_texts import pattern
from replica import capabilities
from tickets import replies
from tickets.features import MESSAGES_IN_IMPORT
from transfers import batching, created_objects, lost_answers
from transfers.models import Run, RunBatch, RunRow
from transfers.remote_objects import RemoteReader
from transfers.resources import transfer_of
from transfers.run_client import Calls, client_of

Outcome, Plan = RunRow.Outcome, RunRow.Plan

NOT_POSTED = gettext_noop("Its messages were not sent, because it was not found: add them there.")
REFUSED = pattern(gettext_noop("cStar refused a message: {message}"))
_SAMPLES = 3


def number(run: Run) -> int:
    """How many messages the run's new tickets come with."""
    if run.import_options.threads:
        return run.import_options.told.get("messages", 0)
    return _with_messages(run).count()


def price(run: Run) -> int:
    """How many calls its messages cost for certain: a look at one ticket, as long as nobody knows better."""
    found, said = number(run), capabilities.is_offered(run.team, MESSAGES_IN_IMPORT)
    if not found or said:
        return 0
    return 1 if said is None else found + 1


def sentences(run: Run) -> list[str]:
    """What people should know of the messages before they start; nothing where cStar takes them."""
    found, said = number(run), capabilities.is_offered(run.team, MESSAGES_IN_IMPORT)
    if not found or said:
        return []
    if said is None:
        words = ngettext(
            "If cStar does not take the message with its ticket, it is sent after it, with a request of its own and"
            " without its date.",
            "If cStar does not take the {number} messages with their tickets, they are sent after them, with a request"
            " each and without their dates.",
            found,
        )
    else:
        words = ngettext(
            "cStar takes no message with its ticket: it is sent after it, with a request of its own and without its"
            " date. To keep the date, write it into the message before you import it.",
            "cStar takes no messages with tickets: the {number} messages are sent after them, with a request each and"
            " without their dates. To keep the dates, write them into the messages before you import them.",
            found,
        )
    return [words.format(number=localize(found))]


def plan(run: Run) -> bool:
    """Make a batch for each message that cStar did not take with its ticket; whether there is any. `CStarError`."""
    if not transfer_of(run.resource).messages or run.import_options.posted:
        return False
    rows = _with_messages(run).filter(outcome=Outcome.CREATED)
    if rows.exists() and not _takes_them(run, rows):
        # A worker that was killed may have queued some of them.
        queued = set(run.batches.filter(action=RunBatch.Action.MESSAGE).values_list("data__row", flat=True))
        for part in batching.in_chunks(rows, "batch"):
            _make_batches(run, [row for row in part if row.pk not in queued])
    run.import_options.posted = True
    run.save_options()
    return run.batches.filter(action=RunBatch.Action.MESSAGE).exists()


def post(run: Run, batch: RunBatch) -> None:
    """Post one message, unless a try whose answer was lost has done it. `CStarError` where it has to wait."""
    row = run.rows.get(pk=batch.data["row"])
    RunBatch.objects.filter(pk=batch.pk, first_sent_at=None).update(
        first_sent_at=timezone.now(), state=RunBatch.State.SENDING
    )
    calls = Calls()
    api = client_of(run, calls)
    reason = ""
    try:
        if not (batch.first_sent_at and _arrived(api, row, batch.data["at"])):
            _create(run, api, row, batch)
    except (cstar.BadRequest, cstar.Forbidden, cstar.NotFound, cstar.Conflict) as error:
        reason = REFUSED.format(message=error.message)[:500]
    except cstar.CStarError as error:
        lost_answers.note(batch, error)
        return
    finally:
        RunBatch.objects.filter(pk=batch.pk).update(calls=F("calls") + calls.made)
    _settle(row, batch, reason)


def _with_messages(run: Run) -> QuerySet[RunRow]:
    return run.rows.filter(resource=run.resource, plan=Plan.CREATE, after__messages__isnull=False)


def _takes_them(run: Run, rows: QuerySet[RunRow]) -> bool:
    """Whether cStar took the messages along with the tickets, judged by the message count of one of them."""
    offered = capabilities.is_offered(run.team, MESSAGES_IN_IMPORT)
    if offered is not None:
        return offered
    with RemoteReader(run) as reader:
        for row in rows.select_related("batch").order_by("pk")[:_SAMPLES]:
            sent = created_objects.sent_by(run, row)
            title = row.after["title"]
            found = [
                payload
                for payload in reader.searched(run.resource, title)
                if str(payload.get("title", "")).strip() == title.strip() and sent.made(payload)
            ]
            if counts := [one["messageCount"] for one in found if isinstance(one.get("messageCount"), int)]:
                capabilities.learn(run.team, MESSAGES_IN_IMPORT, max(counts) > 0)
                return max(counts) > 0
    return False


def _make_batches(run: Run, rows: list[RunRow]) -> None:
    """Find the tickets, whose ids an import does not tell, and queue their messages in order."""
    with RemoteReader(run) as reader:
        sent = [created_objects.sent_by(run, row) for row in rows if not row.cstar_id]
        found = list(created_objects.find(reader, run.resource, sent, thorough=True, certain=True))
    for each in found:
        if each.ours:
            each.row.cstar_id = each.payload["id"]
            each.row.before = {"messageCount": int(each.payload.get("messageCount") or 0)}
    for row in rows:
        if not row.cstar_id:
            row.reason = f"{row.reason} {NOT_POSTED}".strip()[:500]
    empty = [row for row in rows if row.cstar_id and not row.before.get("messageCount")]
    waiting = [{"row": row.pk, "at": at} for row in empty for at in range(len(row.after["messages"]))]
    with transaction.atomic():
        batching.save(rows, ["cstar_id", "before", "reason"])
        first = (run.batches.aggregate(last=Max("number"))["last"] or 0) + 1
        RunBatch.objects.bulk_create(
            RunBatch(run=run, number=number, action=RunBatch.Action.MESSAGE, resource=run.resource, data=data)
            for number, data in enumerate(waiting, first)
        )


def _arrived(api: cstar.Client, row: RunRow, at: int) -> bool:
    """Whether the thread has the message more often than those before it account for."""
    message, before = row.after["messages"][at], islice(row.after["messages"], at)
    there = Counter(_words(str(one.content or ""), str(one.sender)) for one in api.messages.list(row.cstar_id).items)
    wanted = _words(message["content"], message["sender"])
    return there[wanted] > sum(_words(one["content"], one["sender"]) == wanted for one in before)


def _words(content: str, sender: str) -> tuple[str, str]:
    return " ".join(content.split()), sender


def _create(run: Run, api: cstar.Client, row: RunRow, batch: RunBatch) -> None:
    message = row.after["messages"][batch.data["at"]]
    content, sender, name = message["content"], message["sender"], message.get("senderName")

    def key(named: bool) -> str:
        """Another request has another key."""
        return f"{batch.key}-plain" if name and not named else str(batch.key)

    shown = name if replies.takes_names(run.team) else None
    replies.post_message(run.team, api, row.cstar_id, content, sender=sender, name=shown, key=key)


@transaction.atomic
def _settle(row: RunRow, batch: RunBatch, reason: str) -> None:
    if reason:
        row.reason = f"{row.reason} {reason}".strip()[:500]
    else:
        row.before["messageCount"] = row.before.get("messageCount", 0) + 1
    batching.save([row], ["before", "reason"])
    RunBatch.objects.filter(pk=batch.pk).update(state=RunBatch.State.DONE)
