"""Tens of thousands of rows at once: PostgreSQL's COPY instead of one INSERT for each. Actions decide what the rows are."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from psycopg import sql


def insert_many(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows of field name → value, in their order, and return their keys. What a row leaves out takes the field's default.

    Constraints and triggers hold as for every other row; a foreign key is given as its object.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    defaults = {field.name: field.get_default() for field in fields}
    names = list(defaults)
    relations = [index for index, field in enumerate(fields, start=1) if field.is_relation]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(column) for column in [_key_column(model), *(str(field.column) for field in fields)])
    with connection.cursor() as cursor:
        keys = _reserve_keys(cursor, model, len(rows))
        cursor.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")  # as an INSERT would; and the history learns who writes
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for key, row in zip(keys, rows, strict=True):
                merged = {**defaults, **row}
                values = [key, *[merged[name] for name in names]]
                for index in relations:
                    if isinstance(values[index], models.Model):
                        values[index] = values[index].pk
                copy.write_row(values)
    return keys


def delete_many(model: type[models.Model], field: str, keys: Sequence[int]) -> None:
    """Delete the rows whose foreign or own key is one of these, in one statement. What hangs on them has to be gone before:
    the constraints of the database refuse it otherwise."""
    table, column = model._meta.db_table, model._meta.get_field(field).column  # type: ignore[union-attr]  # of a stored field
    statement = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(sql.Identifier(table), sql.Identifier(str(column)))
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), [list(keys)])


def _key_column(model: type[models.Model]) -> str:
    assert model._meta.pk is not None
    return str(model._meta.pk.column)


def _reserve_keys(cursor: Any, model: type[models.Model], number: int) -> list[int]:
    """In order, as one value; the name of the sequence is looked up once and not for every key."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, _key_column(model)])
    [sequence] = cursor.fetchone()
    cursor.execute("SELECT array_agg(nextval(%s::regclass)) FROM generate_series(1, %s)", [sequence, number])
    return cursor.fetchone()[0] or []


@contextmanager
def many_objects() -> Iterator[None]:
    """No search for cycles while hundreds of thousands of plain values are made: it would take a quarter of the time and find none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
