# AutoHaus C-OS. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHECKOV := build/infra/checkov-venv
PORT ?= 8080
export PORT

.DEFAULT_GOAL := help
.PHONY: help run reset test test-google test-stress drill check static format docs record bench bundle test-bundles infra lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: $(VENV)/ready ## Serve the whole product with a sample dealership at http://localhost:8080 (PORT changes it)
	@exec $(BIN)/python -m shared.local serve

reset: $(VENV)/ready ## Put the sample dealership back as new
	@$(BIN)/python -m shared.local reset

test: $(VENV)/ready ## Run every test (embedded adapters, and google ones where the emulators are)
	@$(BIN)/python -m shared.brain.minilm_build
	@$(BIN)/python -m pytest tests --ignore tests/journeys/google --ignore tests/stress --ignore tests/infra --ignore tests/deploy --ignore tests/bundles

test-google: $(VENV)/ready ## Run the journeys with the google adapters on the official emulators
	@$(BIN)/python -m shared.brain.minilm_build
	@$(BIN)/python -m pytest tests/journeys/google

test-stress: $(VENV)/ready ## Break the emulators, the wires and the processes under a load: nothing lost, nothing doubled
	@$(BIN)/python -m shared.brain.minilm_build
	@$(BIN)/python -m pytest tests/stress

bundle: $(VENV)/ready ## Stage every function for its deployment in build/bundles
	@$(BIN)/python -m shared.deploy.bundle

test-bundles: $(VENV)/ready ## Boot every function's bundle alone, with its own requirements, on the official emulators
	@$(BIN)/python -m shared.brain.minilm_build
	@$(BIN)/python -m pytest tests/bundles

infra: $(VENV)/ready $(CHECKOV)/ready ## Check terraform/ and the release without a cloud: schema, plans, roles, checkov, builds
	@$(BIN)/python -m shared.brain.minilm_build
	@$(BIN)/python -m pytest tests/infra tests/deploy

drill: $(VENV)/ready ## Lose a dealership on the emulators and put it back from its export
	@$(BIN)/python -m shared.brain.minilm_build
	@$(BIN)/python -m tests.drill

check: static ## Format, lint, types, SQL analysis, derived files, then every test
	@$(MAKE) --no-print-directory test test-google test-stress test-bundles infra

static: $(VENV)/ready ## The checks that run no test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy shared functions
	$(BIN)/python -m shared.deploy.manifests
	$(BIN)/python -m shared.local.generate --check
	$(BIN)/python -m tests.sql.googlesql

format: $(VENV)/ready ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/ready ## Write the generated documents anew
	$(BIN)/python -m shared.local.generate

record: $(VENV)/ready ## Watch what the code asks Firestore and write it down, when a query was added or dropped
	$(BIN)/python -m tests.firestore.record
	$(BIN)/python -m shared.local.generate

bench: $(VENV)/bench ## Print every figure beside its baseline, measured in this run
	$(BIN)/python -m tests.benchmarks

lock: $(VENV)/ready ## Resolve the lock files anew
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 pyproject.toml --group dev --group media -o requirements.lock
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 pyproject.toml --group bench -c requirements.lock -o requirements-bench.lock
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 --group checkov -o requirements-checkov.lock

clean: ## Remove what was built; the data in .cos/ stays
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache

$(VENV)/ready: requirements.lock
	@echo "Installing the locked dependencies (first run: a minute or two) ..."
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/bench: $(VENV)/ready requirements-bench.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

# Its own environment: it pins libraries the product needs newer.
$(CHECKOV)/ready: requirements-checkov.lock
	@test -d $(CHECKOV) || $(PYTHON) -m venv $(CHECKOV)
	@$(CHECKOV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-checkov.lock
	@touch $@
