from django.db import migrations

from core.column_backfill import fill
from core.folding import fold


def fill_records(apps, schema_editor):
    records = apps.get_model("activity", "Activity").objects.filter(folded=None)
    fill(
        records.order_by("pk").only("person", "target_label"),
        lambda record: {"folded": fold(f"{record.person} {record.target_label}")},
    )


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("activity", "0003_search_key"),
    ]

    operations = [
        migrations.RunPython(fill_records, migrations.RunPython.noop, elidable=True),
    ]
