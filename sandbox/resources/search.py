"""`/search`: tickets, customers and articles in one query (docs/cstar-api.md#search). Any key."""

from collections.abc import Iterable
from datetime import datetime

from sandbox import errors
from sandbox.api import Call, Reply
from sandbox.models import Message, Ticket
from sandbox.resources import articles, customers, tickets

LIMIT, MAX_LIMIT = 10, 50
AROUND = 60  # characters of a snippet on each side of the match
KINDS = ("tickets", "customers", "articles")

# A hit: its moment for sorting, its type, its id, its title, and the texts a snippet may come from.
Hit = tuple[datetime, str, str, str, list[str]]


def search(call: Call) -> Reply:
    """Matches in a title or name come before matches in the text, then newest updated first. Not paginated."""
    wanted = call.params.text("q")
    if not wanted:
        raise errors.missing("q is required", "q")
    limit = min(call.params.whole_number("limit", LIMIT, 10**9), MAX_LIMIT)
    hits = [hit for kind in _kinds(call) for hit in _hits(call, kind, wanted, limit)]
    hits.sort(key=lambda hit: (wanted.lower() in hit[3].lower(), hit[0]), reverse=True)
    rows = [
        {
            "object": "search_result",
            "type": kind,
            "id": row_id,
            "title": title,
            "snippet": _snippet(texts, wanted),
        }
        for _, kind, row_id, title, texts in hits[:limit]
    ]
    return Reply(rows)


def _kinds(call: Call) -> list[str]:
    given = [kind.strip() for kind in (call.params.text("types") or ",".join(KINDS)).split(",")]
    if not set(given) <= set(KINDS):
        raise errors.invalid(f"types may hold {', '.join(KINDS)}", "types")
    return list(dict.fromkeys(given))


def _hits(call: Call, kind: str, wanted: str, limit: int) -> list[Hit]:
    """Return the first `limit` objects of a kind that the resource's own `search` filter finds."""
    params = type(call.params)({"search": wanted})
    match kind:
        case "tickets":
            found = list(tickets.filtered(call.team, params)[:limit])
            said = _what_was_said(found, wanted)
            return [(row.updated_at, "ticket", row.id, row.title, [*said.get(row.id, []), row.title]) for row in found]
        case "customers":
            people = customers.filtered(call.team, params)[:limit]
            return [(row.updated_at, "customer", row.id, row.name, [row.name, row.email]) for row in people]
    pages = articles.filtered(call.team, params)[:limit]
    return [(row.updated_at, "article", row.id, row.title, [row.content, row.title]) for row in pages]


def _what_was_said(rows: Iterable[Ticket], wanted: str) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    found = Message.objects.filter(ticket__in=rows, content__icontains=wanted).order_by("created_at", "id")
    for ticket_id, content in found.values_list("ticket_id", "content"):
        said.setdefault(ticket_id, []).append(content)
    return said


def _snippet(texts: list[str], wanted: str) -> str:
    """The words around the first match; dots stand for what is left out."""
    text = next((text for text in texts if wanted.lower() in text.lower()), texts[-1])
    at = max(text.lower().find(wanted.lower()), 0)
    start, end = max(at - AROUND, 0), at + len(wanted) + AROUND
    shown = " ".join(text[start:end].split())
    return f"{'...' if start else ''}{shown}{'...' if end < len(text) else ''}"
