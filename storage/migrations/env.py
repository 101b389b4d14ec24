"""How Alembic runs the steps: on the connection it is given, in that connection's one transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import BigId, Instant, Json, metadata


def written(kind: str, thing: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Our own column types as a step writes them: in SQLAlchemy's words, so that it never changes with our code."""
    if kind != "type":
        return False
    if isinstance(thing, Instant):
        return "sa.String(32)"
    if thing is Json:
        return "json_type"
    if thing is BigId:
        return "id_type"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=written,
    render_as_batch=False,
    compare_type=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
