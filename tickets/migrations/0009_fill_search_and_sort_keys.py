from django.db import migrations

from core.column_backfill import fill
from core.folding import each_once, fold, nfc, sort_key


def fill_tickets(apps, schema_editor):
    tickets = apps.get_model("tickets", "Ticket").objects.filter(columns_at=None)
    fill(
        tickets.only("title", "customer_name", "assignee_name", "tags", "changed"),
        lambda ticket: {
            "columns_at": ticket.changed,
            "folded": fold(f"{ticket.title} {ticket.customer_name}"),
            "title_key": sort_key(ticket.title),
            "customer_name_key": sort_key(ticket.customer_name),
            "assignee_name_key": sort_key(ticket.assignee_name),
            "tags": each_once(ticket.tags),
        },
    )


def compose_tags(apps, schema_editor):
    tags = apps.get_model("tickets", "TicketTag").objects
    for name in list(tags.values_list("name", flat=True).distinct()):
        if name != nfc(name):
            tags.filter(name=name).update(name=nfc(name))


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("tickets", "0008_search_and_sort_keys"),
    ]

    operations = [
        migrations.RunPython(fill_tickets, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(compose_tags, migrations.RunPython.noop, elidable=True),
    ]
