PY ?= python3
export FLASK_APP = app:create_app

.PHONY: format lock sbom audit run demo test test-all asvs bench faults install install-stores install-dev texts

CATALOG = translations/zh/LC_MESSAGES/messages.mo

# What runs the portal; a .venv that has the stores' drivers or the tests' tools keeps them up to date.
install: .venv/installed $(wildcard .venv/installed-stores .venv/installed-dev) $(CATALOG)

# The drivers of PostgreSQL, S3, SFTP and WebDAV besides.
install-stores: .venv/installed-stores $(CATALOG)

install-dev: .venv/installed-dev $(CATALOG)

.venv/bin/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Danju needs Python 3.11 or newer")'
	@echo "Making .venv, a Python of Danju's own"
	@$(PY) -m venv .venv

define pip
@.venv/bin/python deploy/install.py $(1)
@touch $@
endef

.venv/installed: requirements.lock | .venv/bin/python
	$(call pip,requirements.lock)

.venv/installed-stores: requirements-stores.lock .venv/installed
	$(call pip,requirements-stores.lock)

.venv/installed-dev: requirements-dev.txt requirements-stores.txt .venv/installed
	$(call pip,requirements-dev.txt)

.venv/installed-real: requirements-real.txt .venv/installed-dev
	$(call pip,requirements-real.txt)

$(CATALOG): translations/zh/LC_MESSAGES/messages.po .venv/installed
	@.venv/bin/pybabel --quiet compile -d translations

run: install
	@echo "Starting Danju; stop it with Ctrl+C"
	@.venv/bin/flask serve

# Again from the start: make demo FRESH=yes
demo: install
	@$(if $(FRESH),DATA_DIR=$${DATA_DIR:-data/demo} .venv/bin/flask demo --fresh,true)
	@DATA_DIR=$${DATA_DIR:-data/demo} .venv/bin/flask demo
	@DATA_DIR=$${DATA_DIR:-data/demo} .venv/bin/flask serve

# Fix every package, also what ours need, to a version and its hashes; after a change of requirements*.txt.
UV = .venv/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate
lock: .venv/bin/python
	@.venv/bin/python -m venv .venv/lock
	@.venv/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(UV) requirements.txt -o requirements.lock
	@$(UV) requirements.txt requirements-stores.txt -o requirements-stores.lock

# What Danju is made of, as CycloneDX: danju.cdx.json
sbom: install
	@.venv/bin/python deploy/sbom.py requirements-stores.lock > danju.cdx.json
	@echo danju.cdx.json

# Known holes in what Danju is made of; fails where one is older than docs/security.md allows, or where nobody could be asked.
audit: .venv/bin/python
	@.venv/bin/python deploy/audit.py requirements-stores.lock

# Bring new sentences into the catalog; translate the empty ones by hand.
texts: .venv/installed
	@.venv/bin/pybabel --quiet extract --no-location --sort-output -F babel.cfg -k _l -k N_ -o .venv/messages.pot .
	@.venv/bin/pybabel --quiet update --no-fuzzy-matching --no-wrap --ignore-obsolete --ignore-pot-creation-date -i .venv/messages.pot -d translations -l zh

# Lay the code out as the house does, and say what is left to mend by hand.
format: install-dev
	@.venv/bin/ruff format --quiet .
	@.venv/bin/ruff check --fix .

# What must hold before a change lands. What this machine lacks (browser, PostgreSQL, libfiu) is skipped and named.
test: install-dev
	@.venv/bin/python -m tests.run

# Everything in full, part by part; what has passed on these very files is not run again. One part: make test-all PART=browser
test-all: install-dev .venv/installed-real
	@.venv/bin/python -m tests.run all $(PART)

# What shows that each requirement of OWASP ASVS 5.0 is met, id by id; fails on a gap.
asvs: install-dev
	@.venv/bin/python -m tests.asvs

# The portal beside its peers and beside a smaller firm, in tables: SIZE=1m for the whole, SOAK=3600 for an hour's memory,
# PART=pages for one. Django, which it is held against, gets a Python of its own.
PEERS = $(or $(BENCH_FOLDER),.venv/bench)/peers
bench: install-dev $(CATALOG) $(PEERS)/installed
	@.venv/bin/python -m bench $(or $(SIZE),100k) $(PART)

$(PEERS)/installed: bench/peers/requirements.txt | .venv/bin/python
	@.venv/bin/python -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# The long set of fault tests: kills by the thousand, power cuts, full disks, clocks, mail and S3 that fail; hours on a small
# machine, as root with fiu-utils for all of it. In pieces: make faults FAULTS_KILLS=100 FAULTS_CUTS=50 FAULTS_DAYS=10 FAULTS_STEP=7
faults: install-dev
	@FAULTS=long .venv/bin/python -m pytest tests/faults -q -s
