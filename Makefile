# dgready: `make demo` shows it, `make test` proves it.
.DEFAULT_GOAL := help
.PHONY: help demo test quick check bench bench-nation bench-evidence bench-night drill drill-nodes shots messages lock setup setup-dev clean

PYTHON3 ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SERVICES := $(BIN)/python scripts/services.py run

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: ## what running needs: system packages, .venv, front-end files, translations
	@$(PYTHON3) scripts/setup.py run

setup-dev: ## the same, and what tests and checks need
	@$(PYTHON3) scripts/setup.py dev

demo: setup ## sample province, one user per role, on http://127.0.0.1:8000 (HOST=0.0.0.0 PORT=8080 for others)
	@exec $(BIN)/python scripts/serve_demo.py '$(HOST)' '$(PORT)'

test: setup-dev ## every test: SQLite first, then PostgreSQL, Redis and the browser
	@$(BIN)/python scripts/run_tests.py $(ARGS)

quick: setup-dev ## the tests of daily work: SQLite, no browser, none of the slow ones
	@$(BIN)/python scripts/run_tests.py --quick $(ARGS)

check: setup-dev ## style, types, templates, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --quiet --check templates
	$(MANAGE) makemigrations --check --dry-run
	$(BIN)/python scripts/check_deploy.py

bench: setup-dev ## speed against a bare Django view, on PostgreSQL with gunicorn
	@$(SERVICES) --durable -- $(BIN)/python -m tests.bench

bench-nation: setup-dev ## 76 provinces × 5 years on PostgreSQL against one province: pages, report, journals; half an hour, 10 GB
	@$(SERVICES) --durable -- $(BIN)/python -m tests.bench.nation $(ARGS)

bench-evidence: setup-dev ## how well passages are found in 70 generated documents, with figures; some minutes
	@$(BIN)/python -m tests.evidence.reading.bench

bench-night: setup-dev ## the night 76 rounds close, on PostgreSQL with gunicorn: 3,000 people save; some ten minutes (ARGS=--help)
	@$(SERVICES) --durable -- $(BIN)/python -m tests.bench.night $(ARGS)

drill: setup-dev ## back up under load, restore elsewhere, verify and compare: services of its own, a few minutes
	@$(SERVICES) --durable -- $(BIN)/python -m tests.drill

drill-nodes: setup-dev ## kill and cut off machines of a cluster under load and count what was acknowledged; root, two minutes
	@$(SERVICES) -- $(BIN)/python -m pytest -q -s -n 0 tests/nodes/test_nodes.py

shots: setup-dev ## pictures of the guides under docs/img, then screenshots of every page under var/shots
	@$(BIN)/python scripts/doc_shots.py
	@$(BIN)/python scripts/shots.py

messages: setup-dev ## collect new texts into locale/ (needs gettext), then compile
	$(MANAGE) makemessages --locale en --no-location --no-wrap --ignore node_modules --ignore .venv --ignore var
	@$(PYTHON3) scripts/setup.py dev

lock: ## write requirements/*.txt anew from pyproject.toml (newest versions within the bounds)
	@$(BIN)/python scripts/lock.py

clean: ## remove what can be made again; the data in var/ stays
	@rm -rf node_modules static/vendor var/static var/test-static var/test-database var/stamps .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete
