"""Everything below `/api/v1/`. Mounted by the site, and resolved on its own by the in-process transport."""

from django.urls import include, path, re_path

from sandbox import api
from sandbox.resources import (
    articles,
    audit,
    bulk,
    categories,
    customers,
    exports,
    imports,
    members,
    messages,
    search,
    settings,
    tags,
    tickets,
    webhooks,
    whoami,
)

_team = [
    path("tickets", api.resource(GET=tickets.ticket_list, POST=tickets.ticket_create)),
    path(
        "tickets/<str:ticket_id>",
        api.resource(GET=tickets.ticket_detail, PATCH=tickets.ticket_update, DELETE=tickets.ticket_delete),
    ),
    path("tickets/<str:ticket_id>/messages", api.resource(GET=messages.message_list, POST=messages.message_create)),
    path("customers", api.resource(GET=customers.customer_list, POST=customers.customer_create)),
    path(
        "customers/<str:customer_id>",
        api.resource(GET=customers.customer_detail, PATCH=customers.customer_update, DELETE=customers.customer_delete),
    ),
    path("articles", api.resource(GET=articles.article_list, POST=articles.article_create)),
    path(
        "articles/<str:article_id>",
        api.resource(GET=articles.article_detail, PATCH=articles.article_update, DELETE=articles.article_delete),
    ),
    path("categories", api.resource(GET=categories.category_list, POST=categories.category_create)),
    path(
        "categories/<str:category_id>",
        api.resource(
            GET=categories.category_detail, PATCH=categories.category_update, DELETE=categories.category_delete
        ),
    ),
    path("members", api.resource(secret=True, GET=members.member_list)),
    path("members/<str:member_id>", api.resource(secret=True, GET=members.member_detail, PATCH=members.member_update)),
    path("tags", api.resource(GET=tags.tag_list, POST=tags.tag_create)),
    path("search", api.resource(GET=search.search)),
    path("settings", api.resource(secret=True, GET=settings.settings_detail, PATCH=settings.settings_update)),
    path("settings/statuses", api.resource(secret=True, GET=settings.status_list)),
    path("settings/quick-replies", api.resource(secret=True, GET=settings.quick_reply_list)),
    path("bulk", api.resource(secret=True, POST=bulk.bulk)),
    path("import", api.resource(secret=True, GET=imports.import_list, POST=imports.import_create)),
    path("export", api.resource(secret=True, stores=False, POST=exports.export)),
    path("webhooks", api.resource(secret=True, GET=webhooks.webhook_list, POST=webhooks.webhook_create)),
    path("webhooks/trigger-test", api.resource(secret=True, POST=webhooks.trigger_test)),
    path(
        "webhooks/<str:webhook_id>",
        api.resource(
            secret=True,
            GET=webhooks.webhook_detail,
            PATCH=webhooks.webhook_update,
            DELETE=webhooks.webhook_delete,
        ),
    ),
    path("webhooks/<str:webhook_id>/test", api.resource(secret=True, stores=False, POST=webhooks.webhook_test)),
    path("audit-log", api.resource(secret=True, GET=audit.audit_list)),
]

urlpatterns = [
    path("auth/whoami", api.resource(GET=whoami.whoami)),
    path("teams/<str:team_id>/", include(_team)),
    re_path(r"^", api.unknown),
]
