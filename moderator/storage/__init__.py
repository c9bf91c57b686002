"""Everything that is kept, on SQLite and PostgreSQL. SQLAlchemy lives only here.

Functions take the open transaction first and never commit: whoever opens it closes it.
"""
