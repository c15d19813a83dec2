"""The statements of one commit: one after another on SQLite, few on PostgreSQL, where each costs a trip.

A look for answered commands need not see more than the lock does: whatever was appended to a book meanwhile
raised its version, and the command is decided again.
"""

from __future__ import annotations

from sqlalchemy import bindparam, insert, text, update

from server.record import tables
from server.record.prepared import Prepared

link = Prepared(insert(tables.chain))
fill = Prepared(insert(tables.payload))
answer = Prepared(insert(tables.command_key))
begin_stream = Prepared(insert(tables.stream))
raise_head = Prepared(
    update(tables.stream)
    .where(tables.stream.c.id == bindparam("id"))
    .values(head_seq=bindparam("head_seq"), head_hash=bindparam("head_hash"))
)
raise_version = Prepared(
    update(tables.book).where(tables.book.c.id == bindparam("of")).values(version=bindparam("version"))
)
versions_sqlite = Prepared(
    text("SELECT id, version FROM book WHERE id IN (SELECT value FROM json_each(:ids))")
)
# The shared row is always taken first, and every node takes the others in the same order.
lock_postgres = Prepared(
    text("""
        WITH held AS (
            SELECT id, version FROM book WHERE id = ANY(CAST(:shared AS varchar[])) FOR SHARE
        ), locked AS (
            SELECT id, version FROM book WHERE id = ANY(CAST(:ids AS varchar[])) ORDER BY id FOR UPDATE
        )
        SELECT id, version FROM held UNION ALL SELECT id, version FROM locked
    """)
)
answered_sqlite = Prepared(
    text("""
        SELECT k.book, k.author, k.key, k.digest, k.stream, k.seq
        FROM json_each(:keys) AS asked CROSS JOIN command_key AS k
        WHERE k.book = json_extract(asked.value, '$[0]')
        AND k.author = json_extract(asked.value, '$[1]')
        AND k.key = json_extract(asked.value, '$[2]')
    """)
)
answered_postgres = Prepared(
    text("""
        SELECT k.book, k.author, k.key, k.digest, k.stream, k.seq
        FROM unnest(CAST(:books AS varchar[]), CAST(:authors AS varchar[]), CAST(:keys AS varchar[]))
        AS asked (book, author, key) JOIN command_key AS k USING (book, author, key)
    """)
)
append_postgres = Prepared(
    text("""
        WITH linked AS (
            INSERT INTO chain
            SELECT * FROM jsonb_populate_recordset(NULL::chain, CAST(:chain AS jsonb))
        ), filled AS (
            INSERT INTO payload (stream, seq, salt, content)
            SELECT * FROM unnest(CAST(:streams AS varchar[]), CAST(:seqs AS bigint[]),
                CAST(:salts AS bytea[]), CAST(:contents AS bytea[]))
        ), answered AS (
            INSERT INTO command_key
            SELECT * FROM jsonb_populate_recordset(NULL::command_key, CAST(:keys AS jsonb))
        ), begun AS (
            INSERT INTO stream
            SELECT * FROM jsonb_populate_recordset(NULL::stream, CAST(:begun AS jsonb))
        ), raised AS (
            UPDATE stream SET head_seq = r.head_seq, head_hash = r.head_hash
            FROM jsonb_populate_recordset(NULL::stream, CAST(:raised AS jsonb)) AS r
            WHERE stream.id = r.id
        )
        UPDATE book SET version = r.version
        FROM jsonb_populate_recordset(NULL::book, CAST(:versions AS jsonb)) AS r WHERE book.id = r.id
    """)
)
