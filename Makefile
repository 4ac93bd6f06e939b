# Each target is one script; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check bench load test-postgres lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install, prepare the demo and serve on 127.0.0.1:8000 (PORT=8001 for another port)
	@scripts/run

test: ## all tests on SQLite, browser tests included (ARGS="tests/cases -k pause" for some)
	@scripts/test $(ARGS)

check: ## style, types, imports, deployment settings, migrations, translations
	@scripts/check

bench: ## each page against its floor with 10 000 to 1 000 000 cases on PostgreSQL (CASES=10000 for fewer, ARGS=sqlite or import)
	@scripts/bench $(ARGS)

load: ## two minutes in which 200 coordinators do half an hour's work, on a copy of the bench's database (CASES=…)
	@scripts/bench load

test-postgres: ## all tests but the browser's on PostgreSQL; starts a server if none answers
	@scripts/test-postgres $(ARGS)

lock: ## write requirements/*.txt anew from pyproject.toml (ARGS=--upgrade for newer versions)
	@scripts/lock $(ARGS)
