"""The bench counts rightly; how fast anything is, no test asks."""

from __future__ import annotations

import itertools
import math
import socketserver
import threading
from contextlib import contextmanager

import pytest

from tests.bench import report, requests
from tests.bench.load import Round, measure

REQUEST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
REFUSED = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
LAST = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"  # and closes, as wsgiref does


@contextmanager
def a_server(answers):
    """Gives each request on each connection the next answer; closes after an HTTP/1.0 one."""
    given, served = itertools.cycle(answers), []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            while received := self.request.recv(65_536):
                assert received == REQUEST
                answer = next(given)
                served.append(answer)
                self.request.sendall(answer)
                if answer == LAST:
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 16

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1], served
        server.shutdown()
        thread.join()


def load(port, connections=2):
    return measure(port, itertools.repeat(REQUEST), connections=connections, seconds=0.2)


@pytest.mark.parametrize("answer", [OK, LAST])
def test_every_good_answer_is_counted_once_whether_or_not_the_connection_stays(answer):
    with a_server([answer]) as (port, served):
        done = load(port)

    assert done.failures == 0
    # What came after the end is not counted: at most one answer a connection.
    assert 0 <= len(served) - len(done.times_ms) <= 2
    assert list(done.times_ms) == sorted(done.times_ms)


def test_an_answer_other_than_2xx_is_a_failure_and_no_answer():
    with a_server([OK, REFUSED]) as (port, served):
        done = load(port, connections=1)

    assert done.failures == served.count(REFUSED)
    assert 0 <= served.count(OK) - len(done.times_ms) <= 1


def test_a_server_that_is_not_there_gives_failures_and_no_figures():
    with a_server([OK]) as (port, _):
        pass

    done = load(port)

    assert done.failures > 0
    assert (done.per_second, len(done.times_ms)) == (0, 0)
    assert math.isnan(done.percentile_ms(50))


@pytest.mark.parametrize(("percent", "expected"), [(50, 50), (99, 99), (100, 100), (0.5, 1)])
def test_a_percentile_is_a_time_that_was_measured(percent, expected):
    done = Round(seconds=1, times_ms=range(1, 101), failures=0)

    assert done.percentile_ms(percent) == expected


def a_round(answers, failures=0):
    return Round(seconds=2, times_ms=[1.0] * answers, failures=failures)


def test_a_row_holds_medians_and_the_median_of_the_ratios_within_a_round():
    ours, echo = [a_round(10), a_round(40), a_round(30, 1)], [a_round(n) for n in (100, 80, 50)]

    row = report.row("ours", 16, ours, {"echo": echo})

    assert (row.per_second, row.failures) == (15.0, 1)
    assert row.times == {"echo": 0.5}  # of 0.1, 0.5 and 0.6
    assert row.rounds_per_second == [5.0, 20.0, 15.0]


def test_the_comments_that_are_sent_are_all_different_and_some_of_them_rude():
    texts = list(itertools.islice(requests.texts(), 400))

    assert len(set(texts)) > 370
    assert sum(text.startswith(requests.RUDE) for text in texts) == 20
