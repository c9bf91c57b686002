"""The service as its users meet it: a process of its own, real far ends, plain HTTP."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from moderator.app import Service
from moderator.app.base_rates import start_of_day
from moderator.classifier.bundled import load_bundled
from moderator.config import load_settings, server_settings
from moderator.sources.signature import sign, sign_hex
from moderator.storage import keys
from moderator.storage.engine import connect, read, write
from moderator.storage.keys import ApiKey, KeyScope
from moderator.storage.tables import comments, job_runs, metadata, versions
from moderator.web.auth import new_key
from tests.app.boards import fill
from tests.builders import NOON, MarkedScorer
from tests.receivers import HttpReply, SlackReceiver, SmtpReceiver
from tests.reliability.service import ServiceProcess, free_port
from tests.sources.captures import SHARED, captured

SECRETS = {
    "FORUM_SECRET": "the-forums-own-secret-for-tests",
    "NODEBB_SECRET": "the-nodebbs-own-secret-for-tests",
    "DISCOURSE_SECRET": "the-discourses-own-secret-for-tests",
}
CONFIG = """\
public_url: https://mod.example.org
sources:
  forum: {kind: generic, secrets: ["${FORUM_SECRET}"]}
  nodebb: {kind: nodebb, secrets: ["${NODEBB_SECRET}"]}
  discourse: {kind: discourse, secrets: ["${DISCOURSE_SECRET}"]}
triggers:
  rude:
    when: {toxic: 0.8}
    notify: [mods-slack, mods-email]
channels:
  mods-slack: {kind: slack, url: "${SLACK_URL}", allow_hosts: ["${SLACK_HOST}"]}
  mods-email:
    kind: email
    smtp: "${SMTP_URL}"
    allow_hosts: ["${SMTP_HOST}"]
    from: bot@mod.example.org
    to: [ann@mods.example.org, ben@mods.example.org]
public: [predict]
"""
RUDE = "You are a stupid idiot and nobody likes you, moron."


def a_key(database_url: str) -> dict[str, str]:
    """The header of a moderator's key."""
    engine = connect(database_url)
    key_id, secret = new_key()
    with write(engine) as tx:
        key = ApiKey(id=key_id, scope=KeyScope.MODERATE, name="", created_at=NOON)
        keys.add_key(tx, key, secret)
    engine.dispose()
    return {"authorization": f"Bearer {secret}"}


def serving(database_url, folder, slack, smtp_url, smtp_host) -> ServiceProcess:
    """The service, telling these far ends."""
    environ: Any = SECRETS | {
        "SLACK_URL": slack.url,
        "SLACK_HOST": slack.host_port,
        "SMTP_URL": smtp_url,
        "SMTP_HOST": smtp_host,
    }
    return ServiceProcess(folder, CONFIG, database_url, **environ)


def post_comment(service, id: str, text: str, **data) -> requests.Response:
    """One comment by signed webhook."""
    body = json.dumps(
        {"type": "comment.created", "data": {"id": id, "text": text, "thread_id": "7"} | data}
    ).encode()
    now = int(time.time())
    return requests.post(
        f"{service.url}/webhooks/forum",
        data=body,
        headers={
            "content-type": "application/json",
            "webhook-id": f"d_{id}",
            "webhook-timestamp": str(now),
            "webhook-signature": sign(SECRETS["FORUM_SECRET"], f"d_{id}", now, body),
        },
        timeout=10,
    )


def deliveries(service, header, alert_id) -> dict[tuple[str, str], Any]:
    """What the look-up says of an alert's messages."""
    answer = requests.get(f"{service.url}/v1/alerts/{alert_id}", headers=header, timeout=10)
    return {(d["channel"], d["recipient"]): d for d in answer.json()["deliveries"]}


def await_settled(service, header, alert_id, within_s=60.0) -> dict[tuple[str, str], Any]:
    """The messages of an alert once none is owed any more."""
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up:
        found = deliveries(service, header, alert_id)
        if found and all(d["state"] in ("sent", "dead") for d in found.values()):
            return found
        time.sleep(0.1)
    raise AssertionError(f"still owed: {found}")


def test_far_ends_that_refuse_delay_or_take_half_get_everything_in_the_end(postgres_url, tmp_path):
    header = a_key(postgres_url)
    with SlackReceiver() as slack, SmtpReceiver() as smtp:
        slack.script(HttpReply(status=429, headers={"Retry-After": "8"}))
        smtp.script("data", "451 4.3.0 come back in a moment")
        smtp.always("rcpt", "550 5.1.1 no such user", recipient="ben@mods.example.org")
        with serving(postgres_url, tmp_path, slack, smtp.url, smtp.host_port) as service:
            result = post_comment(service, "1", RUDE).json()["results"][0]
            ((alert_id,),) = ([alert["id"] for alert in result["alerts"]],)
            found = await_settled(service, header, alert_id, within_s=90)

    to_slack = found["mods-slack", ""]
    to_ann = found["mods-email", "ann@mods.example.org"]
    to_ben = found["mods-email", "ben@mods.example.org"]
    assert [d["state"] for d in (to_slack, to_ann, to_ben)] == ["sent", "sent", "dead"]
    assert [a["outcome"] for a in to_slack["attempts"]] == ["passing", "sent"]
    assert [a["outcome"] for a in to_ann["attempts"]] == ["passing", "sent"]
    assert [a["outcome"] for a in to_ben["attempts"]] == ["refused"]
    assert "429" in to_slack["attempts"][0]["answer"]
    assert "550" in to_ben["attempts"][0]["answer"]
    first, second = slack.requests[:2]
    assert second.at - first.at >= 8, "sent before Retry-After was over"
    told = [json.dumps(request.json) for request in slack.requests]
    assert all(f"{alert_id}.mods-slack" in text for text in told), "a repeat bears the same key"


def test_a_real_mail_server_takes_the_alert_as_a_moderator_reads_it(sqlite_url, tmp_path):
    class Inbox:
        """Keeps what it is handed."""

        def __init__(self):
            self.mails = []

        async def handle_DATA(self, server, session, envelope):
            """Take the mail."""
            self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
            return "250 2.0.0 taken"

    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    header = a_key(sqlite_url)
    host = f"127.0.0.1:{port}"
    try:
        with (
            SlackReceiver() as slack,
            serving(sqlite_url, tmp_path, slack, f"smtp://{host}", host) as service,
        ):
            result = post_comment(service, "1", RUDE, board="general", author={"name": "dan"})
            alert_id = result.json()["results"][0]["alerts"][0]["id"]
            found = await_settled(service, header, alert_id)
    finally:
        controller.stop()

    assert {d["state"] for d in found.values()} == {"sent"}
    assert sorted(tos[0] for tos, _ in inbox.mails) == [
        "ann@mods.example.org",
        "ben@mods.example.org",
    ]
    _, mail = inbox.mails[0]
    assert "Message-ID:" in mail
    assert alert_id in mail
    assert "dan" in mail


@pytest.fixture
def quiet_service(sqlite_url, tmp_path) -> Iterator[ServiceProcess]:
    """A service whose far ends take everything."""
    with (
        SlackReceiver() as slack,
        SmtpReceiver() as smtp,
        serving(sqlite_url, tmp_path, slack, smtp.url, smtp.host_port) as service,
    ):
        yield service


def test_the_tutorials_curl_answers_its_three_keys(quiet_service):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    command = ["curl", "-sS", "-d", '{"text": "Please respect each other."}']
    told = subprocess.run(
        [*command, f"{quiet_service.url}/predict"], capture_output=True, check=True, timeout=10
    )
    answer = json.loads(told.stdout)
    assert set(answer) == {"hate speech", "offensive language", "neither"}
    assert sum(answer.values()) == pytest.approx(1)


def test_a_look_up_after_the_answer_sees_the_score(quiet_service, sqlite_url):
    header = a_key(sqlite_url)
    posted = post_comment(quiet_service, "1", RUDE).json()["results"][0]
    url = f"{quiet_service.url}/v1/scores/forum/1"
    found = requests.get(url, headers=header, timeout=10).json()
    assert found["scores"] == posted["scores"]
    assert found["label"] == posted["label"]
    assert found["why"]


def test_a_changed_configuration_is_taken_up_and_a_broken_one_is_not(
    quiet_service, sqlite_url, tmp_path
):
    header = a_key(sqlite_url)
    config = tmp_path / "config.yaml"
    ready = f"{quiet_service.url}/readyz"

    config.write_text(CONFIG.replace("toxic: 0.8", "toxic: 80"))
    await_true(lambda: requests.get(ready, timeout=5).json()["checks"]["configuration"]["problems"])
    assert requests.get(ready, timeout=5).status_code == 200  # the one before stays in force
    assert post_comment(quiet_service, "1", RUDE).json()["results"][0]["alerts"]

    config.write_text(CONFIG.replace("  rude:\n", "  coarse:\n"))
    await_true(
        lambda: not requests.get(ready, timeout=5).json()["checks"]["configuration"]["problems"]
    )
    (alert,) = post_comment(quiet_service, "2", RUDE).json()["results"][0]["alerts"]
    assert alert["trigger"] == "coarse"
    assert await_settled(quiet_service, header, alert["id"])


def await_true(question, within_s=20.0):
    """Until the answer is yes."""
    give_up = time.monotonic() + within_s
    while not question():
        assert time.monotonic() < give_up, "it never came"
        time.sleep(0.1)


def test_a_boards_base_rate_is_estimated_at_start_and_changed_by_the_configuration(
    sqlite_url, tmp_path
):
    """What the log and the metrics say is what comments are judged for."""
    model = load_bundled()
    assert model.base_rate is not None
    engine = connect(sqlite_url)
    fill(
        engine,
        before=start_of_day(engine),
        share=0.05,
        model=model.model,
        declared=model.base_rate,
    )
    engine.dispose()
    header = a_key(sqlite_url)
    secret = f"    secrets: ['{SECRETS['FORUM_SECRET']}']\n"
    config = f"sources:\n  forum:\n    kind: generic\n{secret}    base_rate: estimate\n"

    def in_force():
        told = requests.get(f"{service.url}/metrics", headers=header, timeout=10).text
        return float(re.findall(r'^moderator_base_rate\{source="forum"\} (.*)', told, re.M)[0])

    def judged_for(id):
        post_comment(service, id, RUDE).raise_for_status()
        found = requests.get(f"{service.url}/v1/scores/forum/{id}", headers=header, timeout=10)
        return found.json()["base_rate"]

    with ServiceProcess(tmp_path, config, sqlite_url) as service:
        estimate = in_force()
        assert estimate == pytest.approx(0.05, abs=0.02)
        assert judged_for("1") == estimate
        log = service.log.read_text()
        assert json.dumps(estimate) in next(
            line for line in log.splitlines() if "base rate estimated" in line
        )
        (tmp_path / "config.yaml").write_text(config.replace("estimate", "0.2"))
        await_true(lambda: in_force() == 0.2)
        assert judged_for("2") == 0.2
    assert "canary-of-the-text" not in log


def test_a_model_that_declares_no_base_rate_is_said_to_ignore_the_setting(
    sqlite_url, tmp_path, caplog
):
    """Else somebody would wait for an effect."""
    (tmp_path / "config.yaml").write_text(
        f"sources: {{forum: {{kind: generic, secrets: ['{'aB3' * 9}-x7yZ'], base_rate: 0.03}}}}\n"
    )
    environ = {"DATABASE_URL": sqlite_url}
    settings = load_settings(tmp_path / "config.yaml", environ)
    scorer = MarkedScorer()
    scorer.base_rate = None
    service = Service(settings, server_settings(environ), environ, scorer)
    service.start()
    service.stop()
    assert [r.message for r in caplog.records if "base_rate has no effect" in r.message]


def test_a_second_process_on_the_same_sqlite_file_does_not_start(
    quiet_service, sqlite_url, tmp_path
):
    folder = tmp_path / "second"
    folder.mkdir()
    second = ServiceProcess(folder, "channels: {t: {kind: console}}\n", sqlite_url)
    with pytest.raises(AssertionError, match="another process serves"):
        second.start()


def test_all_captures_posted_to_the_running_service_keep_comments_and_no_secret(
    quiet_service, sqlite_url
):
    statuses = {}
    for folder, name, answer in _post_captures(quiet_service):
        assert answer.status_code == 200, (folder, name, answer.text)
        statuses[folder, name] = [r["status"] for r in answer.json()["results"]]

    engine = connect(sqlite_url)
    with read(engine) as tx:
        stored = {
            (row.source, row.comment_id, row.deleted_at is not None)
            for row in tx.execute(comments.select())
        }
        dump = repr([tx.execute(table.select()).all() for table in metadata.sorted_tables])
    engine.dispose()
    assert {(source, id) for source, id, _ in stored} == {
        ("nodebb", "2"), ("nodebb", "3"), ("nodebb", "4"),
        ("discourse", "79563"), ("discourse", "126080"),
    } | {("discourse", id) for source, id, _ in stored if source == "discourse"}  # fmt: skip
    everything = dump + quiet_service.log.read_text()
    for secret in ("express.sid", "Bearer master", "master-tok", "127.0.0.1:14567", "passport"):
        assert secret not in everything


def _post_captures(service):
    """Each capture with its answer, in the order of their names, freshly signed."""
    folders = ("nodebb_reduced", "nodebb_full", "discourse")
    if not SHARED.is_dir():
        pytest.skip(f"no captures at {SHARED} (set MODERATOR_SHARED)")
    for folder in folders:
        for path in sorted((SHARED / folder).glob("*.json")):
            capture = captured(folder, path.stem)
            body = json.dumps(capture["body"], ensure_ascii=False).encode()
            headers = {"content-type": "application/json"}
            if folder == "discourse":
                headers |= {k: v for k, v in capture["headers"].items() if "Signature" not in k}
                signature = sign_hex(SECRETS["DISCOURSE_SECRET"], body, "sha256")
                headers["X-Discourse-Event-Signature"] = signature
            else:
                signature = sign_hex(SECRETS["NODEBB_SECRET"], body, "sha1")
                headers["x-webhook-signature"] = signature
            source = folder.partition("_")[0]
            url = f"{service.url}/webhooks/{source}"
            yield folder, path.stem, requests.post(url, data=body, headers=headers, timeout=10)


def test_no_log_line_holds_a_secret_or_a_text(quiet_service):
    post_comment(quiet_service, "1", f"canary-of-the-text {RUDE}")
    requests.post(
        f"{quiet_service.url}/predict", data=b'{"text": "canary-of-the-text"}', timeout=10
    )
    requests.post(f"{quiet_service.url}/webhooks/forum", data=b"canary-of-the-text", timeout=10)
    quiet_service.stop()
    log = quiet_service.log.read_text()
    assert "canary-of-the-text" not in log
    assert not any(secret in log for secret in SECRETS.values())
    assert "CanaryOfTheWebhook" not in log
    assert all(re.match(r"\{.*\}$", line) for line in log.splitlines() if line)


def test_a_service_that_starts_forgets_what_is_old(quiet_service, sqlite_url):
    post_comment(quiet_service, "1", RUDE)
    quiet_service.stop()
    engine = connect(sqlite_url)
    with write(engine) as tx:
        tx.execute(update(job_runs).values(slot=job_runs.c.slot - 1))  # an hour goes by
        tx.execute(update(versions).values(received_at=NOON - timedelta(days=400)))
    quiet_service.start()

    def texts():
        with read(engine) as tx:
            return tx.execute(select(versions.c.text)).scalars().all()

    await_true(lambda: texts() in ([], [None]))
    engine.dispose()
