"""The watch: tells moderators when the service, or what feeds it, goes quiet or strange."""

from moderator.watch.findings import Finding, State, Watch
from moderator.watch.lookout import EVERY, Lookout, Scope
from moderator.watch.outlook import Outlook, outlooks

__all__ = ["EVERY", "Finding", "Lookout", "Outlook", "Scope", "State", "Watch", "outlooks"]
