"""A message-board moderation bot: comments come in, moderators are told what matters."""

__version__ = "0.1.0"
