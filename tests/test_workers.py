"""Several processes on one port, forked from one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

SCRIPT = """
import os, signal, sys, time
from moderator.cli import workers

workers.RESTART_AFTER_S = 0.05


def work():
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(1))
    os.write(1, f"up {os.getpid()}\\n".encode())  # in one piece: two processes write here
    while not ended:
        time.sleep(0.01)


workers.Workers(2, work).run()
print("all ended", flush=True)
"""


@pytest.fixture
def parent():
    """Two workers under their parent."""
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        yield parent
        parent.terminate()


def next_pid(parent):
    """The process id of the next worker to come up."""
    word, pid = parent.stdout.readline().split()
    assert word == "up"
    return int(pid)


def test_all_workers_end_with_their_parent(parent):
    pids = {next_pid(parent), next_pid(parent)}
    assert len(pids) == 2
    parent.send_signal(signal.SIGTERM)
    assert parent.communicate(timeout=10)[0] == "all ended\n"
    assert parent.returncode == 0
    assert not any(is_running(pid) for pid in pids)


def test_a_worker_that_died_is_replaced(parent):
    first, second = next_pid(parent), next_pid(parent)
    os.kill(first, signal.SIGKILL)
    third = next_pid(parent)
    assert third not in (first, second)
    parent.send_signal(signal.SIGINT)
    parent.communicate(timeout=10)
    assert parent.returncode == 0


def test_a_second_signal_changes_nothing(parent):
    next_pid(parent), next_pid(parent)
    for _ in range(3):
        parent.send_signal(signal.SIGTERM)
        time.sleep(0.002)
    parent.communicate(timeout=10)
    assert parent.returncode == 0


def is_running(pid):
    """Whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
