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
from moderator.cli.workers import Workers
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
    server = server_settings(os.environ)
    settings = load_settings(server.config_path, os.environ)
    scorer = load_scorer(settings)
    open_database(server).dispose()  # what would stop a worker from starting is said here, once
    listening = _uvicorn(None, host, port or server.port).bind_socket()

    def work() -> None:
        _end_quietly_on(signal.SIGTERM)
        app = create_app(Service(settings, server, os.environ, scorer))
        uvicorn.Server(_uvicorn(app, host, port or server.port)).run(sockets=[listening])

    if server.workers == 1:
        work()
    else:
        Workers(server.workers, work).run()


def _end_quietly_on(*numbers: signal.Signals) -> None:
    """uvicorn ends its work on a signal and then raises it again: by then all is done."""
    for number in numbers:
        signal.signal(number, lambda *_: None)


def _uvicorn(app: Any, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whose word is taken on the caller's address: see web/hops.py
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )


def demo(
    port: Port = None,
) -> None:
    """Show what it does: a service of its own, a sample discussion, the alerts it raises.

    Example: PORT=8080 moderator demo
    """
    configure_logs("WARNING")
    _end_quietly_on(signal.SIGTERM, signal.SIGINT)
    chosen = port or server_settings({"PORT": os.environ.get("PORT", "8000")}).port
    with Demonstration(chosen) as shown:
        scorer = load_scorer(shown.settings)
        service = Service(shown.settings, shown.server, shown.environ, scorer)
        server = uvicorn.Server(_uvicorn(create_app(service), "127.0.0.1", chosen))
        guide = threading.Thread(target=shown.guide, args=(server, service), daemon=True)
        guide.start()
        server.run()
