"""The sandbox's tables. They live in their own database (alias `sandbox`), which nothing of the desk opens.

Primary keys are the ids of the wire where the wire names an object; messages and audit entries have a running number
instead, which keeps their order, and carry the wire's id beside it.
"""

import uuid

from django.db import models

from sandbox.ids import new_id, new_message_id

DATABASE = "sandbox"


def default_statuses() -> list[dict]:
    """The statuses of a new team, as documented. `kind` decides what a status means: open, pending or closed."""
    return [
        {"id": "new", "name": "New", "kind": "open"},
        {"id": "open", "name": "Open", "kind": "open"},
        {"id": "pending", "name": "Pending", "kind": "pending"},
        {"id": "resolved", "name": "Resolved", "kind": "closed"},
        {"id": "closed", "name": "Closed", "kind": "closed"},
    ]


class TagsField(models.Field):
    """A list of tags as one text, each tag between line breaks: any database can look for a whole tag in it."""

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value, expression, connection) -> list[str]:
        return value.split("\n")[1:-1] if value else []

    def to_python(self, value) -> list[str]:
        return value if isinstance(value, list) else self.from_db_value(value, None, None)

    def get_prep_value(self, value) -> str:
        return "\n" + "\n".join(value) + "\n" if value else ""


class Team(models.Model):
    """A team. The wire's `teamId` is `uuid`; every other table refers to the short running number."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=100, unique=True)
    statuses = models.JSONField(default=default_statuses)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def status_kind(self, status: str) -> str | None:
        """`open`, `pending` or `closed`; None when the team has no such status."""
        return next((row["kind"] for row in self.statuses if row["id"] == status), None)


def new_key_id() -> str:
    return new_id("key_")


class ApiKey(models.Model):
    """A key, kept as its SHA-256. `limit` is requests an hour; null means that it is never refused."""

    id = models.CharField(primary_key=True, max_length=36, default=new_key_id)
    team = models.ForeignKey(Team, models.CASCADE, related_name="keys")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    is_secret = models.BooleanField()
    environment = models.CharField(max_length=4, choices=[("live", "live"), ("test", "test")])
    limit = models.PositiveIntegerField(null=True)
    window_start = models.BigIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """Someone of the team: the membership (`mem_`) with its account's name (`usr_`) and the game's figures."""

    id = models.CharField(primary_key=True, max_length=40)
    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    user_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    role = models.CharField(max_length=10)
    level = models.PositiveIntegerField(default=1)
    xp = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "joined_at"], name="member_list")]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    id = models.CharField(primary_key=True, max_length=36)
    team = models.ForeignKey(Team, models.CASCADE, related_name="customers")
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254)
    # The address in lower case: what "unique within your team" is held by.
    email_key = models.CharField(max_length=254)
    status = models.CharField(max_length=8, default="active")
    sentiment = models.CharField(max_length=8, default="neutral")
    tags = TagsField(default=list)
    notes = models.TextField(null=True)
    metadata = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "email_key"], name="customer_email")]
        indexes = [
            models.Index(fields=["team", "-updated_at", "-id"], name="customer_list"),
            models.Index(fields=["team", "status", "-updated_at", "-id"], name="customer_status"),
            models.Index(fields=["team", "sentiment", "-updated_at", "-id"], name="customer_sentiment"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ticket_count(self) -> int:
        """Known of rows that come from `resources.customers.counted`."""
        return getattr(self, "counted_tickets", 0)


class Ticket(models.Model):
    """A conversation. `external_id` repeats `metadata.externalId`, so that an import can look it up."""

    id = models.CharField(primary_key=True, max_length=36)
    team = models.ForeignKey(Team, models.CASCADE, related_name="tickets")
    title = models.CharField(max_length=500)
    status = models.CharField(max_length=50, default="new")
    priority = models.CharField(max_length=6, default="normal")
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="tickets")
    customer_name = models.CharField(max_length=200, null=True)
    assigned_to = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="tickets", db_index=False)
    tags = TagsField(default=list)
    notes = models.TextField(null=True)
    metadata = models.JSONField(default=dict)
    external_id = models.CharField(max_length=255, null=True)
    message_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "-updated_at", "-id"], name="ticket_list"),
            models.Index(fields=["team", "status", "-updated_at", "-id"], name="ticket_status"),
            models.Index(fields=["team", "priority", "-updated_at", "-id"], name="ticket_priority"),
            models.Index(fields=["team", "status", "priority", "-updated_at", "-id"], name="ticket_status_priority"),
            models.Index(fields=["team", "customer", "-updated_at", "-id"], name="ticket_customer"),
            models.Index(fields=["team", "assigned_to", "-updated_at", "-id"], name="ticket_assigned_to"),
            models.Index(fields=["team", "external_id"], name="ticket_external_id"),
        ]

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    public_id = models.CharField(max_length=16, default=new_message_id)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages", db_index=False)
    content = models.TextField()
    sender = models.CharField(max_length=8)
    sender_name = models.CharField(max_length=200, null=True)
    is_internal = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "created_at"], name="message_thread")]

    def __str__(self) -> str:
        return self.public_id


class Category(models.Model):
    """A category of articles. Articles refer to it by its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    team = models.ForeignKey(Team, models.CASCADE, related_name="categories")
    name = models.CharField(max_length=200)
    # The name in lower case, which is unique in the team and sorts; one letter may become two.
    name_key = models.CharField(max_length=400)
    slug = models.CharField(max_length=120)
    description = models.CharField(max_length=1000, null=True)
    icon = models.CharField(max_length=50, null=True)
    color = models.CharField(max_length=7, null=True)
    sort_order = models.PositiveIntegerField()
    is_public = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "name_key"], name="category_name"),
            models.UniqueConstraint(fields=["team", "slug"], name="category_slug"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def article_count(self) -> int:
        """Known of rows that come from `resources.categories.counted`."""
        return getattr(self, "counted_articles", 0)


class Article(models.Model):
    """An article. `category` is the category's name, and null once that category was deleted."""

    id = models.CharField(primary_key=True, max_length=36)
    team = models.ForeignKey(Team, models.CASCADE, related_name="articles")
    title = models.CharField(max_length=500)
    content = models.TextField(default="")
    category = models.CharField(max_length=200, null=True)
    status = models.CharField(max_length=9, default="draft")
    is_public = models.BooleanField(default=False)
    tags = TagsField(default=list)
    view_count = models.PositiveIntegerField(default=0)
    use_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["team", "-updated_at", "-id"], name="article_list"),
            models.Index(fields=["team", "category"], name="article_category"),
        ]

    def __str__(self) -> str:
        return self.title


class Tag(models.Model):
    """A tag the team knows, and how many tickets carry it now (`changes.flush` keeps the count)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=100)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="tag_name")]

    def __str__(self) -> str:
        return self.name


class QuickReply(models.Model):
    id = models.CharField(primary_key=True, max_length=40)
    team = models.ForeignKey(Team, models.CASCADE, related_name="quick_replies")
    title = models.CharField(max_length=200)
    content = models.TextField()
    shortcut = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.title


class AuditEntry(models.Model):
    """One change, written once and never touched again. The primary key is the order in which things happened."""

    public_id = models.CharField(max_length=36)
    team = models.ForeignKey(Team, models.CASCADE, related_name="audit_entries")
    action = models.CharField(max_length=50)
    resource_type = models.CharField(max_length=20)
    resource_id = models.CharField(max_length=100)
    actor_id = models.CharField(max_length=36)
    actor_name = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["team", "-created_at", "-id"], name="audit_list"),
            models.Index(fields=["team", "action", "-created_at", "-id"], name="audit_action"),
            models.Index(fields=["team", "resource_type", "-created_at", "-id"], name="audit_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.resource_id}"


class ImportLog(models.Model):
    id = models.CharField(primary_key=True, max_length=36)
    team = models.ForeignKey(Team, models.CASCADE, related_name="import_logs")
    resource = models.CharField(max_length=10)
    status = models.CharField(max_length=10)
    total = models.PositiveIntegerField()
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "-created_at"], name="import_list")]

    def __str__(self) -> str:
        return self.id


class StoredAnswer(models.Model):
    """The first answer to an Idempotency-Key. `owner` is the request that wrote the row."""

    team = models.ForeignKey(Team, models.CASCADE)
    key = models.CharField(max_length=255)
    owner = models.CharField(max_length=36)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="idempotency_key")]

    def __str__(self) -> str:
        return self.key


class Webhook(models.Model):
    """Where a team wants to hear of its events. `secret` signs what is sent; it is shown once, on creation."""

    id = models.CharField(primary_key=True, max_length=36)
    team = models.ForeignKey(Team, models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=2000)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=70)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """Something that webhooks were told of. `body` is what each of them gets at each attempt, to the byte."""

    id = models.CharField(primary_key=True, max_length=80)
    team = models.ForeignKey(Team, models.CASCADE)
    type = models.CharField(max_length=40)
    body = models.BinaryField()
    request_id = models.CharField(max_length=36)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.id


class Delivery(models.Model):
    """One event for one webhook: the queue while `due_at` is set, the log of its last attempt afterwards."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    response_ms = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=200, default="")
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due"),
            models.Index(fields=["webhook", "due_at"], name="delivery_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.webhook_id}"
