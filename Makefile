# One command per wish; `make` alone lists them. Everything is made in this folder: .venv, node_modules, .cache,
# staticfiles and var (the data; as root /var/lib/jobcenter-demo).

# The first Python that fits; if none does, einrichten.py says what is missing.
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && exit; \
	done; echo python3)
EINRICHTEN = $(PYTHON) -I jobcenter/demo/einrichten.py
VENV = .venv/bin/python
# Runs a command beside throw-away PostgreSQL and Redis, or those of DATABASE_URL and REDIS_URL.
EMBEDDED = $(VENV) -m jobcenter.demo.embedded
LOCK = $(VENV) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --quiet $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help run dev test check bench lock clean python
.SILENT:

help: ## this list
	awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: python ## set up and start the demo portal; PORT=8000, JOBCENTER_VAR=data folder
	$(EINRICHTEN) run && exec $(VENV) -m jobcenter.demo.start --end-with-parent

dev: python ## the same with DEBUG, restarting what a change touches
	$(EINRICHTEN) check && exec $(VENV) -m jobcenter.demo.start --dev --end-with-parent

test: python ## all tests; ARGS="-k name" chooses
	$(EINRICHTEN) test && exec $(VENV) -m pytest -n auto --dist worksteal $(ARGS)

check: python ## format, lint, import order, types, migrations, deployment settings
	$(EINRICHTEN) check
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	.venv/bin/lint-imports
	$(VENV) -m mypy
	$(EMBEDDED) $(VENV) manage.py makemigrations --check --dry-run
	HTTPS=1 $(EMBEDDED) $(VENV) manage.py check --deploy --fail-level WARNING

bench: python ## measure; ARGS="name" chooses
	$(EINRICHTEN) bench && exec $(VENV) -m benchmarks $(ARGS)

lock: python ## write the lock files from pyproject.toml and package.json; UPGRADE=1 takes newer versions
	$(EINRICHTEN) check
	$(LOCK) --extra entwicklung --output-file requirements-entwicklung.lock >/dev/null
	$(LOCK) --extra eigenstaendig --constraints requirements-entwicklung.lock \
		--output-file requirements-eigenstaendig.lock >/dev/null
	$(LOCK) --constraints requirements-entwicklung.lock --output-file requirements.lock >/dev/null
	PATH="$$PATH:$$PWD/.venv/bin" npm install --package-lock-only --ignore-scripts
	! grep -nE '://|^--|^-' requirements*.lock
	! grep -nE '"resolved"' package-lock.json

clean: ## remove everything made here, except the data in var
	rm -rf .venv node_modules staticfiles .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

python:
	command -v $(PYTHON) >/dev/null || { \
		echo "FEHLER: Python fehlt: bitte 'apt-get install python3 python3-venv' eingeben."; exit 1; }
