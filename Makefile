# The commands of this project. `make help` lists them.

PORT ?= 8000
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run cluster test sure check format bench lock fresh

help: ## List every command with what it does.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start Huddle with the demonstration partnership (PORT=8000).
	@scripts/environment run
	@exec .venv/bin/python -m server demo --port $(PORT)

cluster: ## Start two nodes behind a balancer, worker, PostgreSQL and Redis as processes (PORT=8000).
	@scripts/environment test
	@scripts/haproxy --install >/dev/null || true
	@exec .venv/bin/python -m tests.deploy.cluster $(PORT)

test: ## Run every test, with real databases and browsers that it starts itself.
	@scripts/test

sure: check ## Be sure before handing over: format, lint, types, import contracts, every test with coverage.
	@scripts/test --cov

check: ## Check format, lint, types and import contracts, without running a test (seconds).
	@scripts/environment test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: ## Put the code into its standard format and mend what the linter can.
	@scripts/environment test
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: ## Measure speed and limits (ARGS= goes to the bench).
	@scripts/environment test
	@exec .venv/bin/python -m bench $(ARGS)

lock: ## Make both locks again from pyproject.toml (UPGRADE=1 takes the newest of everything).
	@scripts/lock

fresh: ## Start over: remove var/ with its database, its secrets and its demonstration.
	rm -rf var
