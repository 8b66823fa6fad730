"""Tickets with their messages, customers, articles and members: list, get, create, update, delete."""

from __future__ import annotations

from tests.strict_cstar import errors, rendering
from tests.strict_cstar.printed import (
    CREATE,
    CREATED,
    LIST_FILTERS,
    PATCHED,
    POST_MESSAGE,
    UNPRINTED_MESSAGE,
    UNPRINTED_UPDATE,
    UPDATE,
)
from tests.strict_cstar.routing import KEY, Call, Reply, route
from tests.strict_cstar.store import Actor, Object
from tests.strict_cstar.values import checked

MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE = 100, 20


@route("GET", "/tickets")
def list_tickets(call: Call) -> Reply:
    return _page(call, "tickets")


@route("GET", "/tickets/{ticketId}")
def get_ticket(call: Call, id_: str) -> Reply:
    return Reply(rendering.whole(call.store, "tickets", call.find("tickets", id_, "Ticket")))


@route("POST", "/tickets")
def create_ticket(call: Call) -> Reply:
    if not call.body.get("title"):
        raise errors.missing("title is required", "title")
    return _create(call, "tickets")


@route("PATCH", "/tickets/{ticketId}")
def update_ticket(call: Call, id_: str) -> Reply:
    return _update(call, "tickets", call.find("tickets", id_, "Ticket"))


@route("DELETE", "/tickets/{ticketId}")
def delete_ticket(call: Call, id_: str) -> Reply:
    return _delete(call, "tickets", call.find("tickets", id_, "Ticket"))


@route("GET", "/tickets/{ticketId}/messages")
def list_messages(call: Call, id_: str) -> Reply:
    ticket = call.find("tickets", id_, "Ticket")
    return Reply([rendering.message(call.store, message) for message in ticket["messages"]])


@route("POST", "/tickets/{ticketId}/messages")
def create_message(call: Call, id_: str) -> Reply:
    ticket = call.find("tickets", id_, "Ticket")
    if not call.body.get("content"):
        raise errors.missing("content is required", "content")
    taken = call.take(call.body, POST_MESSAGE, UNPRINTED_MESSAGE)
    fields = {"sender": "agent", **checked(call.store, "messages", taken)}
    made = call.store.add_message(ticket, fields, KEY)
    render = rendering.embedded_message if call.variant.message_answer == "embedded" else rendering.message
    return Reply(render(call.store, made), status=201)


@route("GET", "/customers")
def list_customers(call: Call) -> Reply:
    return _page(call, "customers")


@route("GET", "/customers/{customerId}")
def get_customer(call: Call, id_: str) -> Reply:
    return Reply(rendering.whole(call.store, "customers", call.find("customers", id_, "Customer")))


@route("POST", "/customers")
def create_customer(call: Call) -> Reply:
    if not (call.body.get("name") and call.body.get("email")):
        raise errors.missing("name and email are required")
    return _create(call, "customers")


@route("PATCH", "/customers/{customerId}")
def update_customer(call: Call, id_: str) -> Reply:
    return _update(call, "customers", call.find("customers", id_, "Customer"))


@route("DELETE", "/customers/{customerId}")
def delete_customer(call: Call, id_: str) -> Reply:
    return _delete(call, "customers", call.find("customers", id_, "Customer"))


@route("GET", "/articles")
def list_articles(call: Call) -> Reply:
    return _page(call, "articles")


@route("GET", "/articles/{articleId}")
def get_article(call: Call, id_: str) -> Reply:
    return Reply(rendering.whole(call.store, "articles", call.find("articles", id_, "Article")))


@route("POST", "/articles")
def create_article(call: Call) -> Reply:
    for name in ("title", "category"):
        if not call.body.get(name):
            raise errors.missing(f"{name} is required", name)
    return _create(call, "articles")


@route("PATCH", "/articles/{articleId}")
def update_article(call: Call, id_: str) -> Reply:
    return _update(call, "articles", call.find("articles", id_, "Article"))


@route("DELETE", "/articles/{articleId}")
def delete_article(call: Call, id_: str) -> Reply:
    return _delete(call, "articles", call.find("articles", id_, "Article"))


@route("GET", "/members")
def list_members(call: Call) -> Reply:
    return _page(call, "members")


@route("GET", "/members/{memberId}")
def get_member(call: Call, id_: str) -> Reply:
    return Reply(rendering.whole(call.store, "members", call.find("members", id_, "Member")))


@route("PATCH", "/members/{memberId}")
def update_member(call: Call, id_: str) -> Reply:
    return _update(call, "members", call.find("members", id_, "Member"))


# What bulk, import and export do with the same rules -----------------------------------------------------------


def create(call: Call, resource: str, fields: Object, actor: Actor = KEY) -> Object:
    """Make an object of fields that the endpoint takes; 409 for a customer's address that is taken."""
    fields = checked(call.store, resource, fields)
    _check_email(call, fields)
    return call.store.add(resource, fields, actor)


def update(call: Call, resource: str, held: Object, fields: Object, actor: Actor = KEY) -> Object:
    fields = checked(call.store, resource, fields)
    _check_email(call, fields, held)
    return call.store.change(resource, held, fields, actor)


def matching(call: Call, resource: str, filters: dict[str, str]) -> list[Object]:
    """The objects that the list's documented filters let through; any other filter has no effect."""
    names = LIST_FILTERS[resource]
    if resource == "tickets" and call.variant.assignee_filter:
        names = (*names, "assignedTo")
    wanted = {name: value for name, value in filters.items() if name in names}
    if wanted.get("assignedTo") and (member := call.store.member(wanted["assignedTo"])):
        wanted["assignedTo"] = member["id"]
    found = [one for one in call.store.newest_first(resource) if _has(one, wanted)]
    if text := filters.get("search"):
        found = [one for one in found if text.casefold() in searched_text(call, resource, one).casefold()]
    return found


def searched_text(call: Call, resource: str, held: Object) -> str:
    """Where a search looks: a ticket's title and messages, a customer's name and address, an article's words."""
    match resource:
        case "tickets":
            thread = [message["content"] for message in held["messages"]] if call.variant.searches_content else []
            return "\n".join([held["title"], *thread])
        case "articles":
            return f"{held['title']}\n{held['content']}"
    return f"{held['name']}\n{held['email']}"


def _has(held: Object, wanted: dict[str, str]) -> bool:
    return all(_as_text(held[name]) == value for name, value in wanted.items())


def _as_text(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _check_email(call: Call, fields: Object, held: Object | None = None) -> None:
    other = call.store.customer_with_email(fields["email"]) if "email" in fields else None
    if other and other is not held:
        raise errors.conflict("A customer with this email already exists")


def page_asked_for(call: Call) -> tuple[int, int]:
    """Number and size of the page; a value out of range is refused, not clamped."""
    return whole_number(call, "page", 1), whole_number(call, "pageSize", DEFAULT_PAGE_SIZE, most=MAX_PAGE_SIZE)


def whole_number(call: Call, name: str, default: int, *, most: int | None = None) -> int:
    text = call.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) >= 1) or (most and int(text) > most):
        raise errors.invalid(f"{name} must be a whole number from 1{f' to {most}' if most else ''}", name)
    return int(text)


def _page(call: Call, resource: str) -> Reply:
    found = matching(call, resource, call.query)
    number, size = page_asked_for(call)
    part = rendering.rows(call.store, resource, found[(number - 1) * size : number * size])
    return Reply(part, pagination=(number, size, len(found)))


def _create(call: Call, resource: str) -> Reply:
    made = create(call, resource, call.take(call.body, CREATE[resource]))
    return Reply(rendering.some(call.store, resource, made, CREATED[resource]), status=201)


def _update(call: Call, resource: str, held: Object) -> Reply:
    fields = call.take(call.body, UPDATE[resource], UNPRINTED_UPDATE.get(resource, ()))
    update(call, resource, held, fields)
    if call.variant.patch_answers == "object":
        return Reply(rendering.whole(call.store, resource, held))
    return Reply(rendering.some(call.store, resource, held, PATCHED[resource]))


def _delete(call: Call, resource: str, held: Object) -> Reply:
    call.store.delete(resource, held, KEY)
    if call.variant.delete_answers == "empty":
        return Reply(status=204)
    return Reply({"deleted": True})
