# `make help` lists what there is. Needs Python 3.11 or newer with venv, and make; everything else is installed here.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin
LOCAL := $(VENV)/python -m itsm.local
TESTS ?= tests
WORKERS ?= 2
SECONDS ?= 600

.PHONY: help run test properties faults contract rights mutations check check-style check-imports check-types check-templates check-django bench bench-rest bench-gate bench-flow bench-world bench-changes replay docs lock clean
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16
	@echo "  Settings: PORT=8001 (make run), SLIPWAY_HOME=folder (make run), TESTS=path (make test), PYTHON=interpreter"

run: .venv/.stamp node_modules/.stamp ## start everything with demo data, until Ctrl-C
	@exec $(LOCAL) run

test: .venv/.stamp node_modules/.stamp ## run the tests against servers of their own
	@exec $(LOCAL) exec --temporary -- $(VENV)/python -m pytest -n $(WORKERS) $(TESTS)

properties: .venv/.stamp node_modules/.stamp ## try the properties (rhythms, scores, texts) with EXAMPLES=10000 examples each, instead of 500
	@EXAMPLES=$${EXAMPLES:-10000} exec $(LOCAL) exec --temporary -- $(VENV)/python -m pytest -m hypothesis --timeout 900 --hypothesis-show-statistics $(TESTS)

faults: .venv/.stamp node_modules/.stamp ## kill processes under load, and compare what was told with what is there
	@exec $(LOCAL) exec --temporary -- $(VENV)/python -m pytest -m faults -s tests/faults

contract: .venv/.stamp ## hold the site to its own OpenAPI document, by Schemathesis, as each group of roles (GROUPS=…, SECONDS=… for each)
	@SECONDS=$(SECONDS) exec $(VENV)/python -m tests.contract $(GROUPS)

rights: .venv/.stamp ## write the matrices of rights and states anew from what the site does; read the difference before you keep it
	@for matrix in rights states; do grep '^#' tests/rights/$${matrix}_matrix.txt > tests/rights/$$matrix.new; mv tests/rights/$$matrix.new tests/rights/$${matrix}_matrix.txt; done
	@RIGHTS_WRITE=1 $(LOCAL) exec --temporary -- $(VENV)/python -m pytest -q -n $(WORKERS) tests/rights -k "each_route or each_operation"
	@for matrix in rights states; do ( grep '^#' tests/rights/$${matrix}_matrix.txt; grep -v '^#' tests/rights/$${matrix}_matrix.txt | sort -k 2 ) > tests/rights/$$matrix.new; mv tests/rights/$$matrix.new tests/rights/$${matrix}_matrix.txt; done
	@git diff --stat tests/rights

mutations: .venv/.stamp ## take each right away in turn, and see that a test misses it (RULES="may_decide may_waive")
	@DJANGO_SETTINGS_MODULE=itsm.settings exec $(LOCAL) exec --temporary -- $(VENV)/python -m tests.rights.mutations $(RULES)

check: check-style check-imports check-types check-templates check-django ## style, types, imports, migrations, templates, production settings

check-style: .venv/.stamp
	$(VENV)/ruff check --quiet .
	$(VENV)/ruff format --check --quiet .

check-imports: .venv/.stamp
	$(VENV)/lint-imports --no-logo

check-types: .venv/.stamp
	SECRET_KEY=check $(VENV)/mypy --no-error-summary

check-templates: .venv/.stamp
	$(VENV)/djlint --lint --quiet templates

check-django: .venv/.stamp node_modules/.stamp
	$(LOCAL) exec --temporary -- $(VENV)/python -m itsm.local.checks

bench: .venv/.stamp node_modules/.stamp ## measure, on servers of their own
	@exec $(LOCAL) exec --temporary -- $(VENV)/python -m benchmarks

bench-rest: .venv/.stamp ## measure requests a second under load, on servers of their own
	@DJANGO_SETTINGS_MODULE=itsm.settings exec $(LOCAL) exec --temporary -- $(VENV)/python -m benchmarks.rest

bench-gate: .venv/.stamp ## measure decisions a second of the gate, on servers of their own
	@DJANGO_SETTINGS_MODULE=itsm.settings exec $(LOCAL) exec --temporary -- $(VENV)/python -m benchmarks.gate

bench-flow: .venv/.stamp ## measure dashboard, needs and role cover at 20,000 streams (SERVICES=4000), on servers of their own
	@DJANGO_SETTINGS_MODULE=itsm.settings SLIPWAY_HTTPS=0 LOG_LEVEL=ERROR REQUESTS_A_MINUTE=0 SERVICES=$${SERVICES:-4000} exec $(LOCAL) exec --temporary -- $(VENV)/python -m benchmarks.flow

bench-world: .venv/.stamp ## measure pages and endpoints at 10,000 CIs and at the reference size (SCALES="0.01 1"), on servers of their own
	@DJANGO_SETTINGS_MODULE=itsm.settings SLIPWAY_HTTPS=0 LOG_LEVEL=ERROR REQUESTS_A_MINUTE=0 exec $(VENV)/python -m benchmarks.world

bench-changes: .venv/.stamp node_modules/.stamp ## measure deciding, planning and looking back (SCALE=0.2), on servers of their own
	@DJANGO_SETTINGS_MODULE=itsm.settings SLIPWAY_HTTPS=0 LOG_LEVEL=ERROR REQUESTS_A_MINUTE=0 exec $(LOCAL) exec --temporary -- $(VENV)/python -m benchmarks.changes

replay: .venv/.stamp ## this repository's own history as a month of deliveries, beside make run
	@DJANGO_SETTINGS_MODULE=itsm.settings LOG_LEVEL=ERROR exec $(LOCAL) exec -- $(VENV)/python -m benchmarks.replay

docs: .venv/.stamp ## write the catalogue of events and the OpenAPI document (docs/events.md, docs/openapi.yaml) anew
	@SECRET_KEY=docs $(VENV)/python manage.py event_catalogue
	@SECRET_KEY=docs $(VENV)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

lock: .venv/.stamp ## write the lock files anew from requirements*.in and package.json
	$(VENV)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements-dev.in -o requirements.lock
	$(VENV)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		-c requirements.lock requirements.in -o requirements-server.lock
	$(VENV)/python -m itsm.local.node npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean: ## remove what was installed and built; the data folder stays
	rm -rf .venv node_modules staticfiles .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@echo "The data folder (.slipway, or your SLIPWAY_HOME) was left alone."

# The installer comes from the lock file too. It is quick; where it cannot reach the registry
# (it does not read pip's settings), pip does the same slowly.
.venv/.stamp: requirements.lock
	@test -n "$(PYTHON)" || { echo "slipway: Python 3.11 or newer was not found. Install it, or name one: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "slipway: $(PYTHON) is older than Python 3.11. Name another one: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "slipway: $(PYTHON) has no venv module. On Debian and Ubuntu the package python3-venv brings it." >&2; exit 1; }
	@echo "slipway  installing Python packages into .venv"
	@$(VENV)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@awk '/^[a-z]/ { on = /^uv==/ } on' requirements.lock > .venv/installer.txt
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/installer.txt
	@$(VENV)/uv pip install --quiet --python $(VENV)/python --require-hashes -r requirements.lock \
		|| $(VENV)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

node_modules/.stamp: package-lock.json .venv/.stamp
	@echo "slipway  installing browser libraries into node_modules"
	@$(VENV)/python -m itsm.local.node npm ci --no-audit --no-fund --no-update-notifier --no-progress --loglevel=error
	@touch $@
