"""How records of each resource are imported: found again, made, or changed.

An importer looks up every possible match of its records in a query or two, and inserts all that is new at the end. Two
records of one request that mean the same object therefore meet, too.
"""

from collections.abc import Callable
from typing import Any

from sandbox import bodies, errors, fields
from sandbox.api import Call
from sandbox.fields import Email, Status
from sandbox.ids import canonical
from sandbox.models import Article, Customer, Message, Ticket
from sandbox.resources import articles, customers, messages, tickets

MAX_MESSAGES = 500


class ImportedTicket(tickets.TicketCreate, rename="camel"):
    """A create body and what only an import may say. `customerEmail` links an existing customer."""

    status: Status = "new"
    customer_email: Email | None = None
    created_at: str | None = None
    messages: list[dict[str, Any]] = []


class ImportedMessage(messages.MessageCreate, rename="camel"):
    created_at: str | None = None


class ImportedCustomer(customers.CustomerCreate, rename="camel"):
    created_at: str | None = None


class ImportedArticle(articles.ArticleCreate, rename="camel"):
    created_at: str | None = None


class Importer:
    """Finds, makes and changes the objects of one resource; `finish` inserts the new ones."""

    def __init__(self, call: Call, records: list[Any]) -> None:
        self.call = call
        self.fresh: list[Any] = []
        self.known: dict[str, Any] = {}
        self.look_up([record for record in records if isinstance(record, dict)])

    def take(self, record: dict[str, Any], *, update: bool) -> str:
        """Imports one record: `created`, `updated` or `skipped`."""
        names = self.names(record)
        found = next((self.known[name] for name in names if name in self.known), None)
        if found is None:
            made = self.make(record)
            self.fresh.append(made)
            self.known.update(dict.fromkeys(names, made))
            return "created"
        if not update:
            return "skipped"
        self.change(found, record)
        return "updated"

    def look_up(self, records: list[dict[str, Any]]) -> None:
        raise NotImplementedError

    def names(self, record: dict[str, Any]) -> list[str]:
        """What the record may be known by, the surest first."""
        raise NotImplementedError

    def make(self, record: dict[str, Any]) -> Any:
        raise NotImplementedError

    def change(self, found: Any, record: dict[str, Any]) -> None:
        raise NotImplementedError

    def finish(self) -> None:
        if self.fresh:
            type(self.fresh[0]).objects.bulk_create(self.fresh)


class CustomerImporter(Importer):
    """By email, whatever its case."""

    def look_up(self, records):
        emails = [name for record in records for name in self.names(record)]
        rows = Customer.objects.filter(team=self.call.team, email_key__in=emails)
        self.known = {row.email_key: row for row in rows}

    def names(self, record):
        return [email.strip().lower()] if isinstance(email := record.get("email"), str) else []

    def make(self, record):
        body = bodies.shaped(record, ImportedCustomer)
        created = _moment(body.created_at)
        customer = customers.new(self.call, body)
        customer.created_at = created or customer.created_at
        return customer

    def change(self, found, record):
        customers.edit(self.call, found, bodies.shaped(record, customers.CustomerPatch))


class ArticleImporter(Importer):
    """By id, else by title."""

    def look_up(self, records):
        names = [name for record in records for name in self.names(record)]
        mine = Article.objects.filter(team=self.call.team)
        for row in mine.filter(title__in=names) | mine.filter(id__in=names):
            self.known[row.title] = self.known[row.id] = row

    def names(self, record):
        title = record.get("title")
        return [*_ids("art_", record), *([title.strip()] if isinstance(title, str) else [])]

    def make(self, record):
        body = bodies.shaped(record, ImportedArticle)
        created = _moment(body.created_at)
        article = articles.new(self.call, body)
        article.created_at = created or article.created_at
        return article

    def change(self, found, record):
        articles.edit(self.call, found, bodies.shaped(record, articles.ArticlePatch))


class TicketImporter(Importer):
    """By id, else by `metadata.externalId`."""

    def look_up(self, records):
        self.messages: list[Message] = []
        names = [name for record in records for name in self.names(record)]
        mine = Ticket.objects.filter(team=self.call.team)
        for row in mine.filter(external_id__in=[name.removeprefix("ext:") for name in names if name[:4] == "ext:"]):
            self.known[f"ext:{row.external_id}"] = self.known[row.id] = row
        self.known.update({row.id: row for row in mine.filter(id__in=names)})
        emails = [email.strip().lower() for record in records if isinstance(email := record.get("customerEmail"), str)]
        writers = Customer.objects.filter(team=self.call.team, email_key__in=emails)
        self.customers = dict(writers.values_list("email_key", "id"))

    def names(self, record):
        metadata = record.get("metadata")
        external = metadata.get("externalId") if isinstance(metadata, dict) else None
        known = isinstance(external, str | int) and external != ""
        return [*_ids("tkt_", record), *([f"ext:{external}"] if known else [])]

    def make(self, record):
        body = bodies.shaped(record, ImportedTicket)
        created = _moment(body.created_at)
        thread = self._thread(body)
        tickets.check_status(self.call.team, body.status)
        linked = self.customers.get((body.customer_email or "").strip().lower())
        ticket = tickets.new(self.call, body)
        ticket.customer_id = ticket.customer_id or linked
        ticket.customer_name = None if ticket.customer_id else ticket.customer_name
        ticket.created_at = created or ticket.created_at
        tickets.start_in(self.call.team, ticket, body.status)
        self._add(ticket, thread)
        return ticket

    def change(self, found, record):
        tickets.edit(self.call, found, bodies.shaped(record, tickets.TicketPatch))

    def finish(self):
        super().finish()
        Message.objects.bulk_create(self.messages)

    def _thread(self, body: ImportedTicket) -> list[tuple[ImportedMessage, Any]]:
        """The record's messages and their moments, checked before anything is made of the record."""
        if len(body.messages) > MAX_MESSAGES:
            raise errors.invalid(f"messages may hold at most {MAX_MESSAGES} messages", "messages")
        shaped = [bodies.shaped(row, ImportedMessage) for row in body.messages]
        for message in shaped:
            messages.check(message)
        return [(message, _moment(message.created_at)) for message in shaped]

    def _add(self, ticket: Ticket, thread) -> None:
        """Messages that come with their ticket are part of its creation: no audit entries of their own."""
        for body, moment in thread:
            message = messages.build(ticket, body)
            message.created_at = moment or ticket.created_at
            self.messages.append(message)
        ticket.message_count = len(thread)


def _ids(prefix: str, record: dict[str, Any]) -> list[str]:
    given = record.get("id")
    found = canonical(prefix, given) if isinstance(given, str) else None
    return [found] if found else []


def _moment(text: str | None):
    return fields.moment(text, "createdAt") if text else None


IMPORTERS: dict[str, Callable[[Call, list[Any]], Importer]] = {
    "tickets": TicketImporter,
    "customers": CustomerImporter,
    "articles": ArticleImporter,
}
