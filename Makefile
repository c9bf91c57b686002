# What one does with a checkout. Needs Python 3.11 or newer, make and a package index; nothing else.
# `make help` lists the targets; PYTHON=/path/to/python3.12 chooses the interpreter.

SHELL = /bin/sh
PYTHON ?=
UV ?= uv
VENV = .venv
BIN = $(VENV)/bin
SHARED = $(or $(MODERATOR_SHARED),../shared)
DAVIDSON = $(SHARED)/data/davidson/labeled_data.csv
TRAIN = $(BIN)/moderator train $(DAVIDSON) --pool $(SHARED)/data/pool
BUNDLED = moderator/classifier/bundled/model.joblib
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo test check floor crash migration clients fuzz bench watch-trials model report attributes model-check ablation lock audit container-check clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .runtime ## the service on 127.0.0.1:$PORT (8000) with a sample discussion; Ctrl-C ends it
	@$(BIN)/moderator demo

test: .development ## the whole suite: real PostgreSQL, SMTP and HTTP receivers; coverage has a floor
	@$(BIN)/python -m pytest -m "not long" -n auto --dist worksteal --cov --cov-fail-under="$$(cat tests/coverage.floor)"

check: .development ## format, lint, types, import floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

floor: .development ## raise tests/coverage.floor to what the last `make test` reached; never lowers it
	@$(BIN)/coverage report --format=total | scripts/raise-floor tests/coverage.floor

crash: .development ## the full-size kill suite: many kill -9 cycles on both databases
	@$(BIN)/python -m pytest -m long tests/reliability

fuzz: .development ## 5,000 made-up Perspective requests; 2,000 made-up inputs of each property
	@$(BIN)/python -m pytest -m long tests/web
	@$(BIN)/python -m pytest -m "hypothesis and not long" --hypothesis-profile=long --timeout=1800

clients: .development ## other people's clients from PyPI and npm against the real service
	@$(BIN)/python -m pytest -m long tests/clients

migration: .development ## moving a site of 20,000 comments over from Perspective, at full size
	@$(BIN)/python -m pytest -m long tests/migration

bench: .development ## requests a second against the tutorial's service and a bare echo, in one run
	@$(BIN)/python -m tests.bench

watch-trials: .development ## false alarms of the silence watch on simulated boards: ten minutes
	@$(BIN)/python -m tests.bench.silence --boards 6
	@$(BIN)/python -m tests.bench.drift --boards 4

model: .development ## fit the bundled model anew, print the table of aims: tutorial, default alone, new
	@mkdir -p build
	$(TRAIN) --folds 5 --compare --keep build/folds --report build/report --out build/model.joblib
	cp build/model.joblib build/model.card.json $(dir $(BUNDLED))
	$(BIN)/python -m moderator.classifier.card_page build/model.card.json MODEL_CARD.md

report: .development ## the bundled model sits the exam anew as it is served: build/served/report.html
	$(BIN)/moderator evaluate $(DAVIDSON) --pool $(SHARED)/data/pool --report build/served

attributes: .development ## how far our values answer Perspective's attributes, into docs/attributes.md
	$(BIN)/python -m moderator.classifier.attribute_page $(DAVIDSON) $(SHARED)/data/pool \
		docs/attributes.md --keep build/folds

model-check: .development ## fit it again, and see that the same bytes come out
	@mkdir -p build
	$(TRAIN) --folds 0 --out build/model.joblib
	cmp build/model.joblib $(BUNDLED)

ablation: .development ## what each part of the recipe is worth, on development rows: twenty minutes
	$(BIN)/python scripts/ablation $(SHARED)/data

lock: ## recompile both lock files; LOCK_ARGS=--upgrade takes what is newest
	@UV="$(UV)" scripts/lock $(LOCK_ARGS)

audit: .development ## known holes in the locked packages, and build/sbom.json; asks the advisory database
	@mkdir -p build
	$(BIN)/pip-audit --disable-pip --require-hashes -r requirements.lock
	$(BIN)/pip-audit --disable-pip --require-hashes -r requirements.lock -f cyclonedx-json -o build/sbom.json

container-check: ## build the image and run it as a host would; skipped where nothing can build one
	@scripts/container-check

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* *.egg-info
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

.PHONY: .runtime .development
.runtime:
	@scripts/install requirements.lock $(VENV)

.development:
	@scripts/install requirements-dev.lock $(VENV)
