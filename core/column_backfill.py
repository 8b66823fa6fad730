"""Fills columns that a migration has added."""

from collections.abc import Callable
from typing import Any

from django.db import connections, transaction
from django.db.models import Model, QuerySet

BATCH = 1000


def fill(unfilled: QuerySet, values: Callable[[Any], dict[str, Any]]) -> None:
    """Write `values(row)`, a value for each of the same fields, to every row of `unfilled`.

    The queryset must not find a row again once it is written: so it goes on where it was when it was stopped.
    """
    while rows := list(unfilled[:BATCH]):
        _update_rows(unfilled.model, unfilled.db, [(row.pk, values(row)) for row in rows])


def _update_rows(model: type[Model], database: str, rows: list[tuple[Any, dict[str, Any]]]) -> None:
    """Update the rows with `executemany`: `bulk_update` takes ten times as long."""
    connection = connections[database]
    fields = [field for field in model._meta.concrete_fields if field.name in rows[0][1]]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608
    with transaction.atomic(using=database), connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [(*(field.get_db_prep_save(new[field.name], connection) for field in fields), pk) for pk, new in rows],
        )
