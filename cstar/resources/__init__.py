"""The resources of the API, one class each: which path, which fields, which type comes back. No HTTP in here.

All arguments but ids are keyword-only. An argument left out is not sent; None is sent as null in a body and left out
of a query. Every method makes one call, retried as `cstar._retry` says, and raises `cstar.errors.CStarError`:
`Unauthorized`, `Forbidden`, `RateLimited`, `ServerError`, `Unavailable`, `InvalidResponse` anywhere, `NotFound` where
there is an id, `BadRequest` and `Conflict` where something is written. Writes take an `idempotency_key`, remembered by
the API for 24 hours, and make one of their own if none is given. `page` counts from 1; `page_size` is 20 where it is
left out and at most 100. docs/cstar-api.md says how far each of these is documented.
"""

from cstar.resources.customers import Customers
from cstar.resources.knowledge import Articles, Categories
from cstar.resources.team import AuditLog, Members, Tags, TeamSettings, Webhooks
from cstar.resources.tickets import Messages, Tickets
from cstar.resources.transfers import Bulk, Exporting, Imports, Searching

__all__ = [
    "Articles",
    "AuditLog",
    "Bulk",
    "Categories",
    "Customers",
    "Exporting",
    "Imports",
    "Members",
    "Messages",
    "Searching",
    "Tags",
    "TeamSettings",
    "Tickets",
    "Webhooks",
]
