"""Names of the modules whose tasks wait in the queue, as they are from this version on."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace


def rename(old, new):
    def run(apps, schema_editor):
        waiting = apps.get_model("django_tasks_database", "DBTaskResult").objects.filter(status="READY")
        waiting.filter(task_path__startswith=old).update(task_path=Replace(F("task_path"), Value(old), Value(new)))

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0010_outbox_and_budget_move_out"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.RunPython(rename("sync.", "replica."), rename("replica.", "sync."), elidable=True),
    ]
