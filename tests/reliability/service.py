"""The service as a process of its own, to be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import requests

STARTS_WITHIN_S = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ServiceProcess:
    """`moderator serve` with a configuration and a database, on a port of its own."""

    def __init__(
        self, folder: Path, config: str, database_url: str, *, workers: int = 1, **environ: str
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "service.log"
        config_path = folder / "config.yaml"
        config_path.write_text(config)
        self._environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("MODERATOR", "DYNO"))},
            "MODERATOR_CONFIG": str(config_path),
            "DATABASE_URL": database_url,
            "WEB_CONCURRENCY": str(workers),
            "PORT": str(self.port),
            **environ,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it, and return when it is ready."""
        command = [sys.executable, "-m", "moderator", "serve", "--host", "127.0.0.1"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environ, stdout=log, stderr=log, start_new_session=True
            )
        self.await_ready()
        return self

    def await_ready(self) -> None:
        give_up = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < give_up:
            assert self._process is not None
            if self._process.poll() is not None:
                raise AssertionError(f"it ended at once:\n{self.log.read_text()[-2000:]}")
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.02)
        raise AssertionError(f"not ready in time:\n{self.log.read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        """The (parent) process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL it and all its workers, at once and without a word."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
