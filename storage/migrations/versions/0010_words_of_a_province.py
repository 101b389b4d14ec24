"""PostgreSQL's index of the words in each province: the letters of a title in threes, each with the province."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Numbers in place of texts: the index is smaller and sooner made. Whoever asks compares the title itself.
FUNCTION = """
CREATE FUNCTION submission_words_there(province text, title text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    found integer[];
BEGIN
    FOR n IN 1 .. length(title) - 2 LOOP
        found[n] := hashtext(province || substr(title, n, 3));
    END LOOP;
    RETURN found;
END
$$
"""
INDEX = (
    "CREATE INDEX submission_words_of_province ON submission "
    "USING gin (submission_words_there(province, folded)) WITH (fastupdate = off) WHERE deleted_at IS NULL"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        op.execute(INDEX)
