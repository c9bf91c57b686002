"""`moderator serve` and `moderator demo`."""

from __future__ import annotations

import os
import signal
import threading
from typing import Annotated, Any

import typer
import uvicorn

from moderator.app import Service, create_app, load_scorer, open_database
from moderator.cli.demonstration import Demonstration
from moderator.cli.options import ConfigPath, Port
from moderator.config import load_settings, server_settings
from moderator.web.logs import configure as configure_logs

STOP_WITHIN_S = 10  # for requests under way when the process is told to stop


def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "0.0.0.0",  # noqa: S104
    port: Port = None,
    config: ConfigPath = None,
) -> None:
    """Run the service until it is told to stop (SIGTERM or Ctrl-C).

    Example: DATABASE_URL=postgres://… WEB_CONCURRENCY=2 moderator serve --port 8080
    """
    if config is not None:
        os.environ["MODERATOR_CONFIG"] = str(config)
    configure_logs()
    # uvicorn ends its work on SIGTERM and then raises it again: by then all is done, so exit 0.
    signal.signal(signal.SIGTERM, lambda *_: None)
    server = server_settings(os.environ)
    settings = load_settings(server.config_path, os.environ)
    options: dict[str, Any] = {
        "host": host,
        "port": port or server.port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": True,
        "timeout_graceful_shutdown": STOP_WITHIN_S,
    }
    if server.workers == 1:
        uvicorn.run(create_app(Service(settings, server, os.environ)), **options)
        return
    # What would stop a worker from starting is said once, here, rather than by each of them.
    load_scorer(settings)
    open_database(server).dispose()
    uvicorn.run("moderator.app:from_environment", factory=True, workers=server.workers, **options)


def demo(
    port: Port = None,
) -> None:
    """Show what it does: a service of its own, a sample discussion, the alerts it raises.

    Example: PORT=8080 moderator demo
    """
    configure_logs("WARNING")
    chosen = port or server_settings({"PORT": os.environ.get("PORT", "8000")}).port
    with Demonstration(chosen) as shown:
        service = Service(shown.settings, shown.server, shown.environ)
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(service),
                host="127.0.0.1",
                port=chosen,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=STOP_WITHIN_S,
            )
        )
        guide = threading.Thread(target=shown.guide, args=(server, service), daemon=True)
        guide.start()
        server.run()
