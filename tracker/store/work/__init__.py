"""What is due and the jobs of workers, on PostgreSQL: written in the transactions that make it due.

The tables are Procrastinate's and a few of ours beside them. A store on SQLite has neither, and nothing is deferred
there.
"""
