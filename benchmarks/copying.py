"""Rows into tables by the hundred thousand: by COPY on PostgreSQL, in bulk on SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, AutoField, Model

CHUNK = 20_000  # rows that are held before they are handed to the database


class Table:
    """The rows of one model: `columns` are given with each row, the other columns get the model's defaults.

    A column that is neither given nor has a default raises TypeError: the model has grown, the generator has not.
    """

    def __init__(self, model: type[Model], columns: str) -> None:
        self.model, self.given = model, columns.split()
        fields = {field.attname: field for field in model._meta.concrete_fields}
        if unknown := set(self.given) - set(fields):
            raise TypeError(f"{model._meta.label} has no {', '.join(sorted(unknown))}")
        left = (field for name, field in fields.items() if name not in self.given)
        defaults = {field.attname: _default(field) for field in left if not isinstance(field, AutoField)}
        self.columns = [fields[name].column for name in (*self.given, *defaults)]
        self.defaults = tuple(defaults.values())
        self.rows: list[Sequence[Any]] = []

    def add(self, *row: Any) -> None:
        self.rows.append(row)

    def write(self) -> None:
        """Hand the rows held to the database."""
        if connection.vendor == "postgresql":
            self._copy()
        else:
            rows = (self.model(**dict(zip(self.given, row, strict=True))) for row in self.rows)
            self.model._base_manager.bulk_create(rows, batch_size=500)
        self.rows.clear()

    def _copy(self) -> None:
        names = ", ".join(f'"{column}"' for column in self.columns)
        statement = f'COPY "{self.model._meta.db_table}" ({names}) FROM STDIN'
        end = "".join(f"\t{_text(value)}" for value in self.defaults) + "\n"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for rows in batched(self.rows, 500):
                copy.write("".join("\t".join(map(_text, row)) + end for row in rows))


def _default(field) -> Any:
    if field.default is not NOT_PROVIDED:
        return field.get_default()
    if field.null:
        return None
    if field.empty_strings_allowed and field.blank:
        return ""
    raise TypeError(f"{field.model._meta.label}.{field.attname} has no default: say it with each row")


def _text(value: Any) -> str:
    r"""A value as COPY reads it. Texts made here hold no tab, line break or backslash."""
    match value:
        case str():
            return value
        case None:
            return r"\N"
        case bool():
            return "t" if value else "f"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


@contextmanager
def loading(models: Sequence[type[Model]]) -> Iterator[None]:
    """On PostgreSQL: no foreign key is checked and no index kept up meanwhile; afterwards they are built in one go."""
    if connection.vendor != "postgresql":
        yield
        return
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # foreign keys are triggers
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s)"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
            [tables],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        for table in tables:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), GREATEST((SELECT MAX(id) FROM " + f'"{table}"), 1))',
                [table],
            )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
