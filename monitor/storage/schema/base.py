"""What all tables are made with."""

from typing import Any

from sqlalchemy import Column, MetaData
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def needed(name: str, kind: type[TypeEngine[Any]], *more: SchemaItem) -> Column[Any]:
    """A column that is never empty."""
    return Column(name, kind, *more, nullable=False)
