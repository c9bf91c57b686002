"""The composition root: everything is built once, in `process`, and passed down.

settings ─▶ sources, channels, rules          reloaded as a whole when the file changes
base rates ─▶ ingest                          how toxic each board is, looked at once a day
intake (one thread) ─▶ ingest                 comments in
dispatcher (one thread a channel)             messages out
scheduler (APScheduler)                       sweeps, reloads, forgets, keeps watch
"""

from moderator.app.opening import load_scorer, open_database
from moderator.app.process import Service, create_app

__all__ = ["Service", "create_app", "load_scorer", "open_database"]
