"""Whether a database server is set to keep what it has confirmed, also where its machine crashes."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from storage.db import Tx

# Of PostgreSQL, for a whole server. A connection of ours can change neither; `synchronous_commit` it can, and does.
_NEEDED: Final = ("fsync", "full_page_writes")


def settings_that_lose(tx: Tx) -> tuple[str, ...]:
    """Those that are off though a crash may then lose or spoil everything; SQLite needs none of them."""
    if tx.dialect.name != "postgresql":
        return ()
    off = text("SELECT name FROM pg_settings WHERE name = ANY(:needed) AND setting = 'off' ORDER BY name")
    return tuple(tx.scalars(off, {"needed": list(_NEEDED)}))
