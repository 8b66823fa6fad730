from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_teams(apps, schema_editor):
    """Each row gets its ticket's team; apart from the column, whose making locks the table."""
    tags, tickets = apps.get_model("tickets", "TicketTag"), apps.get_model("tickets", "Ticket")
    tags.objects.update(team=Subquery(tickets.objects.filter(pk=OuterRef("ticket")).values("team")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0006_tags_of_team"),
    ]

    operations = [
        migrations.RunPython(name_teams, migrations.RunPython.noop, elidable=True),
    ]
