# cStar Desk. `make run` starts it, `make test` and `make check` prove it, `make bench` measures it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEER := bench/peer
export PORT ?= 8000
export LIVE ?= 0

.PHONY: run test test-services test-tools services check messages bench bench-live bench-budget bench-faults bench-histories lock clean

run: $(VENV)/base.stamp
	@scripts/run

test: test-tools
	@$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

# On PostgreSQL and Redis, what can differ there from SQLite and local memory (tests/services.py); all with ARGS='-m ""'.
test-services: test-tools
	$(BIN)/python -m scripts.services $(BIN)/pytest -n 2 --dist loadgroup -m "not same_on_every_database" $(ARGS)

# Programs and npm packages that tests start: installed where that is possible, else the run ends with a sentence.
test-tools: $(VENV)/dev.stamp $(VENV)/npm.stamp
	@scripts/install-test-tools

services: $(VENV)/dev.stamp
	@$(BIN)/python -m scripts.services

check: $(VENV)/dev.stamp $(VENV)/npm.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(VENV)/npm/node_modules/.bin/stylelint --config-basedir $(VENV)/npm 'static/css/*.css'
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	ALLOWED_HOSTS=desk.example.com CSTAR_API_URL=https://cstar.example.com/api/v1 $(BIN)/python manage.py check --deploy --fail-level WARNING

# For developers with Debian's gettext: every new text into the catalogues, and these compiled beside themselves.
messages: $(VENV)/dev.stamp
	$(BIN)/python manage.py makemessages --all --add-location file --no-obsolete \
		-i .venv -i var -i static -i docs -i sandbox -i bench -i tests -i cstar -i scripts
	$(BIN)/python manage.py compilemessages -i .venv

bench: $(VENV)/dev.stamp $(PEER)/var/seed.stamp
	$(BIN)/python -m bench

bench-live: $(VENV)/dev.stamp
	$(BIN)/python -m bench.heartbeat

bench-budget: $(VENV)/dev.stamp
	$(BIN)/python -m bench.budget

bench-faults: $(VENV)/dev.stamp
	$(BIN)/python -m tests.faults.run
	$(BIN)/python -m tests.faults.runs --work bulk --rows 1000 --kills 10
	$(BIN)/python -m tests.faults.runs --work import --rows 5000 --kills 10
	$(BIN)/python -m tests.faults.runs --work bulk-tags --rows 200 --kills 0
	$(BIN)/python -m tests.faults.runs --work import --rows 5000 --kills 0

bench-histories: $(VENV)/dev.stamp
	$(BIN)/python -m tests.transfers.run_histories --histories 2000

lock: $(VENV)/dev.stamp
	cd requirements && for set in base production dev; do ../$(BIN)/uv pip compile -q --generate-hashes --python-version 3.11 \
		--no-annotate --no-header $$set.in -o $$set.txt; done
	cd $(PEER) && ../../$(BIN)/uv pip compile -q --generate-hashes --python-version 3.11 \
		--no-annotate --no-header requirements.in -o requirements.txt

clean:
	rm -rf $(VENV) var $(PEER)/.venv $(PEER)/var

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: install python3-venv and try again." >&2; exit 1; }

$(VENV)/base.stamp: requirements/base.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/base.stamp

$(VENV)/npm.stamp: tests/browser/package-lock.json scripts/install-test-tools $(VENV)/dev.stamp
	scripts/install-test-tools
	mkdir -p $(VENV)/npm
	cp tests/browser/package.json tests/browser/package-lock.json tests/browser/.npmrc $(VENV)/npm
	cd $(VENV)/npm && npm ci --silent
	@touch $@

# What `make bench` compares the desk with: in an environment of its own, with a database that is kept between runs.
$(PEER)/.venv/peer.stamp: $(PEER)/requirements.txt
	@$(PYTHON) -m venv $(PEER)/.venv
	$(PEER)/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(PEER)/requirements.txt
	@touch $@

$(PEER)/var/seed.stamp: $(PEER)/.venv/peer.stamp $(PEER)/seed.py $(PEER)/settings.py bench/threads.py
	rm -rf $(PEER)/var
	$(PEER)/.venv/bin/python -m bench.peer.seed 10000
	@touch $@
