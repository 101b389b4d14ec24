"""PostgreSQL's index of the words of each province and of each ten days, in pieces of three letters."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Every other piece, by its letters: the index is half as large, and few words have none of these.
FUNCTION = """
CREATE FUNCTION submission_pieces(place text, title text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    found integer[] := '{}';
    piece text;
BEGIN
    FOR n IN 1 .. length(title) - 2 LOOP
        piece := substr(title, n, 3);
        IF hashtext(piece) % 2 = 0 THEN
            found := found || hashtext(place || piece);
        END IF;
    END LOOP;
    RETURN found;
END
$$
"""
INDEX = (
    "CREATE INDEX submission_words_there ON submission USING gin "
    "((submission_pieces(province, folded) || submission_pieces(left(sent_at, 9), folded))) "
    "WITH (fastupdate = off) WHERE deleted_at IS NULL"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        op.execute(INDEX)
