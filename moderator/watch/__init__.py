"""The watch: tells moderators when the service, or what feeds it, goes quiet or strange."""

from moderator.watch.findings import Finding, State, Watch
from moderator.watch.lookout import EVERY, Lookout, Scope

__all__ = ["EVERY", "Finding", "Lookout", "Scope", "State", "Watch"]
