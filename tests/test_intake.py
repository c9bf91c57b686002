"""Group commit: who shares a transaction, who fails alone, who is turned away."""

from __future__ import annotations

import asyncio
import threading

import pytest

from moderator.domain.errors import Overloaded, Unavailable
from moderator.ingest import Result, Status
from moderator.intake import Intake
from tests.builders import a_delivery, an_event


class Transactions:
    """Stands for the database: keeps each batch, holds the first until told to go on."""

    def __init__(self):
        self.batches = []
        self.go_on = threading.Event()
        self.entered = threading.Event()
        self.refuse = lambda delivery: None

    def __call__(self, batch):
        self.batches.append([delivery.id for delivery in batch])
        self.entered.set()
        self.go_on.wait(5)
        for delivery in batch:
            if (error := self.refuse(delivery)) is not None:
                raise error
        return [(Result(comment_id=str(d.id), status=Status.SCORED),) for d in batch]


@pytest.fixture
def transactions():
    """Transactions that take a while until told to go on."""
    return Transactions()


@pytest.fixture
def intake(transactions):
    """A running intake."""
    intake = Intake(transactions, max_batch=10, max_waiting=20)
    yield intake
    transactions.go_on.set()
    intake.stop()


async def submit_while_busy(intake, transactions, ids):
    """One delivery occupies the transaction; `ids` arrive meanwhile, then it goes on."""
    first = asyncio.ensure_future(intake.submit(a_delivery(an_event(), id="first")))
    await asyncio.to_thread(transactions.entered.wait, 5)
    rest = [asyncio.ensure_future(intake.submit(a_delivery(an_event(), id=id))) for id in ids]
    await asyncio.sleep(0)
    transactions.go_on.set()
    return await asyncio.gather(first, *rest, return_exceptions=True)


def test_what_arrives_during_a_transaction_shares_the_next_one(intake, transactions):
    ids = [f"m{n}" for n in range(15)]
    answers = asyncio.run(submit_while_busy(intake, transactions, ids))

    assert transactions.batches == [["first"], ids[:10], ids[10:]]
    assert [answer[0].comment_id for answer in answers] == ["first", *ids]


def test_a_poisoned_delivery_fails_alone(intake, transactions):
    transactions.refuse = lambda d: ValueError("poison") if d.id == "m1" else None
    answers = asyncio.run(submit_while_busy(intake, transactions, ["m0", "m1", "m2"]))

    assert isinstance(answers[2], ValueError)
    assert [a[0].comment_id for i, a in enumerate(answers) if i != 2] == ["first", "m0", "m2"]


def test_a_database_that_is_away_is_told_to_everyone_of_the_batch(intake, transactions):
    transactions.refuse = lambda d: Unavailable("away")
    answers = asyncio.run(submit_while_busy(intake, transactions, ["m0", "m1"]))

    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert len(transactions.batches) == 2  # nobody was tried again one by one


def test_when_too_much_is_waiting_more_is_turned_away(intake, transactions):
    ids = [f"m{n}" for n in range(25)]
    answers = asyncio.run(submit_while_busy(intake, transactions, ids))

    turned_away = [answer for answer in answers if isinstance(answer, Overloaded)]
    assert len(turned_away) == 5
    assert turned_away[0].retry_after_s > 0


def test_a_stop_finishes_what_was_taken_in_and_refuses_the_rest(transactions):
    intake = Intake(transactions)

    async def stop_while_busy():
        first = asyncio.ensure_future(intake.submit(a_delivery(an_event(), id="first")))
        await asyncio.to_thread(transactions.entered.wait, 5)
        second = asyncio.ensure_future(intake.submit(a_delivery(an_event(), id="second")))
        await asyncio.sleep(0)
        stopping = asyncio.ensure_future(asyncio.to_thread(intake.stop))
        await asyncio.sleep(0.05)
        transactions.go_on.set()
        answers = await asyncio.gather(first, second)
        await stopping
        with pytest.raises(Unavailable):
            await intake.submit(a_delivery(an_event()))
        return answers

    assert len(asyncio.run(stop_while_busy())) == 2


def test_a_client_that_went_away_disturbs_nobody(intake, transactions):
    async def leave():
        first = asyncio.ensure_future(intake.submit(a_delivery(an_event(), id="first")))
        await asyncio.to_thread(transactions.entered.wait, 5)
        second = asyncio.ensure_future(intake.submit(a_delivery(an_event(), id="second")))
        await asyncio.sleep(0)
        first.cancel()
        transactions.go_on.set()
        return await second

    assert asyncio.run(leave())[0].comment_id == "second"
