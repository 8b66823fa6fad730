"""The fields that cStar's reference pages print, in their order: answers first, then request bodies."""

STATUSES = ("new", "open", "pending", "resolved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
CUSTOMER_STATUSES = ("active", "inactive")
SENTIMENTS = ("positive", "neutral", "negative")
ARTICLE_STATUSES = ("draft", "published")
SENDERS = ("agent", "customer", "system")
ROLES = ("owner", "admin", "manager", "librarian", "agent", "spectator")

Fields = tuple[str, ...]

ROW: dict[str, Fields] = {
    "tickets": ("id", "title", "status", "priority", "customerId", "tags", "messageCount", "createdAt"),
    "customers": ("id", "name", "email", "status", "sentiment", "ticketCount", "createdAt"),
    "articles": ("id", "title", "category", "status", "isPublic", "viewCount", "useCount", "createdAt"),
    "members": ("id", "name", "email", "role", "roleDisplayName", "level", "xp", "joinedAt"),
}
OBJECT: dict[str, Fields] = {
    "tickets": (
        *("id", "title", "status", "priority", "customerId", "assignedTo", "tags", "notes", "messageCount"),
        *("messages", "createdAt", "updatedAt"),
    ),
    "customers": (
        *("id", "name", "email", "status", "sentiment", "tags", "notes", "ticketCount", "createdAt", "updatedAt"),
    ),
    "articles": (
        *("id", "title", "content", "category", "status", "isPublic", "tags", "viewCount", "useCount"),
        *("createdAt", "updatedAt"),
    ),
    "members": (
        *("id", "userId", "name", "email", "avatarUrl", "role", "roleDisplayName", "permissions", "level", "xp"),
        "joinedAt",
    ),
}
CREATED: dict[str, Fields] = {
    "tickets": ("id", "title", "status", "priority", "tags", "createdAt"),
    "customers": ("id", "name", "email", "status", "createdAt"),
    "articles": ("id", "title", "category", "status", "createdAt"),
}
PATCHED: dict[str, Fields] = {
    "tickets": ("id", "title", "status", "priority", "updatedAt"),
    "customers": ("id", "name", "status", "updatedAt"),
    "articles": ("id", "title", "status", "updatedAt"),
    "members": ("id", "name", "role"),
}
EXPORTED: dict[str, Fields] = {
    "tickets": ("id", "title"),
    "customers": ("id", "name"),
    "articles": ("id", "title"),
}
MESSAGE: Fields = ("id", "ticketId", "content", "sender", "senderName", "isInternal", "createdAt")
EMBEDDED_MESSAGE: Fields = ("id", "content", "sender", "senderName", "createdAt")
AUDIT_ENTRY: Fields = ("id", "action", "resourceType", "resourceId", "actorName", "createdAt")
IMPORT_LOG: Fields = ("id", "resource", "status", "totalRecords", "created", "createdAt")
WEBHOOK_ROW: Fields = ("id", "name", "url", "events", "isActive", "createdAt")
WEBHOOK: Fields = (*WEBHOOK_ROW, "updatedAt")

CREATE: dict[str, Fields] = {
    "tickets": ("title", "priority", "customerId", "customerName", "tags", "notes", "metadata"),
    "customers": ("name", "email", "tags", "notes", "metadata"),
    "articles": ("title", "content", "category", "status", "isPublic", "tags", "metaDescription"),
}
UPDATE: dict[str, Fields] = {
    "tickets": ("title", "status", "priority", "tags", "notes", "metadata"),
    "customers": ("name", "email", "status", "sentiment", "tags", "notes", "metadata"),
    "articles": CREATE["articles"],
    "members": ("role",),
}
POST_MESSAGE: Fields = ("content", "sender")

# Taken although no request table prints them: the SDK's pages send `assignedTo`, and a message's object table has
# the other two.
UNPRINTED_UPDATE: dict[str, Fields] = {"tickets": ("assignedTo",)}
UNPRINTED_MESSAGE: Fields = ("senderName", "isInternal")

LIST_FILTERS: dict[str, Fields] = {
    "tickets": ("status", "priority", "customerId"),
    "customers": ("status", "sentiment"),
    "articles": ("category", "status", "isPublic"),
    "members": ("role",),
}
KINDS = {"tickets": "ticket", "customers": "customer", "articles": "article", "members": "member"}
