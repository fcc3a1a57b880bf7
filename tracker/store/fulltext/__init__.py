"""The full-text index of the working database: made when somebody first looks for something, and kept up from then on.

It holds nothing of its own: it can be dropped and made again at any time, is neither migrated nor copied, and who never
looks for anything has none. From its making on triggers note which versions came, changed or went; they are filed
before the next look. SQLite files tokens in FTS5, PostgreSQL in a `tsvector` under GIN (tracker.fulltext.words says
what a token is, so both find the same).
"""
