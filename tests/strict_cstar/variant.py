"""What cStar's documentation leaves open, as switches. Each default is the least helpful consistent reading."""

from dataclasses import dataclass
from typing import Literal

Names = frozenset[str]


@dataclass(slots=True)
class Variant:
    """How this cStar behaves. A test may change any field while the server runs."""

    # Which endpoints there are.
    quick_replies: bool = False
    """GET /settings/quick-replies exists."""
    missing: Names = frozenset()
    """Paths below the team that answer 404, e.g. `export`, `audit-log`, `settings/statuses`."""
    forbidden: Names = frozenset()
    """Paths below the team that answer 403."""
    statuses: Literal["names", "keys", "ids"] = "names"
    """Rows of GET /settings/statuses: a name alone, or with `key` or `id`."""
    audit_log: Literal["everything", "members"] = "everything"
    """What GET /audit-log tells: every change, or changes of members alone."""
    messages_logged_as: Literal["ticket", "message"] = "ticket"
    """Whether the audit log names a new message by its ticket's id or by its own."""

    # What requests may carry.
    refuses_unknown_fields: bool = False
    """400 for every body field that no request table prints."""
    refused_fields: Names = frozenset()
    """400 for these body fields, printed or not."""
    ignored_fields: Names = frozenset()
    """These body fields have no effect."""
    param_case: Literal["camel", "snake"] = "camel"
    """How `error.param` spells a refused field: senderName or sender_name."""
    assignee_filter: bool = False
    """GET /tickets understands `?assignedTo=`; otherwise the parameter is ignored."""
    assignee_ids: Literal["member", "user"] = "member"
    """Whether `assignedTo` holds a member's `mem_` id or their account's `usr_` id."""
    searches_content: bool = True
    """`?search=` of tickets looks into messages, not into titles alone."""

    # What answers carry.
    row_extras: Names = frozenset()
    """Fields that list rows, export rows and single objects have beyond the printed ones, e.g. `metadata`."""
    export_rows: Literal["printed", "list", "object"] = "printed"
    """Export rows: id and title as the example prints, as list rows, or as single objects."""
    thread_has_is_internal: bool = False
    """Messages inside a ticket carry `isInternal`."""
    message_answer: Literal["object", "embedded"] = "object"
    """The answer to a new message: the whole message, or as it stands inside a ticket (without `isInternal`)."""
    patch_answers: Literal["printed", "object"] = "printed"
    """The answer to PATCH: the printed fields, or the whole object."""
    delete_answers: Literal["printed", "empty"] = "printed"
    """The answer to DELETE: 200 with `deleted`, or 204 without a body."""
    item_errors: Literal["messages", "objects"] = "messages"
    """Items of `errors` of bulk and import: plain messages, or objects with `id` or `index`, `code`, `message`."""
    extra_fields: bool = False
    """Every object carries fields that no document names."""
    meta_everywhere: bool = False
    """`meta` also where the examples print none (bulk, import, export, audit log, settings, tags, search)."""
    pagination: Literal["meta", "top"] = "meta"
    """`meta.pagination`, or `pagination` beside `data` with `hasMore`."""
    errors: Literal["pages", "index", "oldest"] = "pages"
    """Error bodies as on the resource pages, as on the index page, or as in the oldest rendering."""
    short_ids: bool = False
    """Prefix and 12 mixed-case characters instead of 32 hexadecimal digits."""
    milliseconds: bool = False
    """Times with milliseconds; otherwise whole seconds."""

    # Time, limits, repetition.
    clock_minutes: float = 0
    """How far cStar's clock is ahead of ours (negative: behind)."""
    hourly_limit: int = 1000
    """Requests an hour of a secret key."""
    retry_after: bool = True
    """429 says how long to wait: header `Retry-After` and `error.retryAfter`."""
    idempotency: Literal["replay", "ignored", "refused"] = "replay"
    """A repeated Idempotency-Key: the first answer again, the write again, or 409."""

    # Trouble.
    away: Literal["", "refused", "503"] = ""
    """No connection can be made, or every request is answered with 503."""
    loses_answers: float = 0
    """Share (0 to 1) of the answers that are lost after the request was carried out."""
    revoked_key: bool = False
    """401 for every key."""
    redirect_to: str = ""
    """Base URL (up to /api/v1) to which every request is redirected with 308."""
