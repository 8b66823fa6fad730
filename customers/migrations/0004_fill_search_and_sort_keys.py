from django.db import migrations

from core.column_backfill import fill
from core.folding import each_once, fold, nfc, sort_key


def fill_customers(apps, schema_editor):
    customers = apps.get_model("customers", "Customer").objects.filter(columns_at=None)
    fill(
        customers.only("name", "email", "cstar_id", "tags", "changed"),
        lambda customer: {
            "columns_at": customer.changed,
            # One without a name is listed by its id, and found by no part of it.
            "folded": fold(f"{customer.name if customer.name != customer.cstar_id else ''} {customer.email}"),
            "name_key": sort_key(customer.name),
            "email_key": sort_key(customer.email),
            "tags": each_once(customer.tags),
        },
    )


def compose_tags(apps, schema_editor):
    tags = apps.get_model("customers", "CustomerTag").objects
    for name in list(tags.values_list("name", flat=True).distinct()):
        if name != nfc(name):
            tags.filter(name=name).update(name=nfc(name))


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("customers", "0003_search_and_sort_keys"),
    ]

    operations = [
        migrations.RunPython(fill_customers, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(compose_tags, migrations.RunPython.noop, elidable=True),
    ]
