# make run: set up .venv and run the quick configuration.  make test: the same set-up, then the tests.
PYTHON ?= python3
CORES ?= $(shell getconf _NPROCESSORS_ONLN)
BIN := .venv/bin

.PHONY: run test lint docs licences lock benchmark scaling angle-study clean
.DELETE_ON_ERROR:

run: .venv/ready
	$(BIN)/glasswf run --cores $(CORES)

test: .venv/ready
	$(BIN)/python -m pytest -n $(CORES) --dist loadfile

lint: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

# Reference of all configuration keys, from the models.
docs: .venv/ready
	$(BIN)/python -m glasswf.config.reference > docs/configuration.md

# The bill of third-party licences, from the metadata of what is installed.
licences: .venv/ready
	$(BIN)/python -m tests.third_party > docs/third-party.csv

# Exact versions of everything, for all platforms.
lock: .venv/ready
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --upgrade -o requirements.lock

# Against other packages, which live in an environment of their own.
benchmark: .venv-benchmark/ready
	OMP_NUM_THREADS=1 .venv-benchmark/bin/python benchmarks/read_dump.py
	OMP_NUM_THREADS=1 .venv-benchmark/bin/python benchmarks/msd.py
	OMP_NUM_THREADS=1 .venv-benchmark/bin/python benchmarks/regression.py --trials 40
	OMP_NUM_THREADS=1 .venv-benchmark/bin/python benchmarks/landscape.py
	OMP_NUM_THREADS=1 .venv-benchmark/bin/python benchmarks/pair_correlation.py
	OMP_NUM_THREADS=1 .venv-benchmark/bin/python benchmarks/structure_factor.py
	OMP_NUM_THREADS=1 .venv-benchmark/bin/python benchmarks/rings.py

# Time and memory of every step up to 100,000 atoms, and what trajectories take up (docs/size.md): half an hour on one core.
scaling: .venv/ready
	$(BIN)/python benchmarks/scaling.py
	$(BIN)/python benchmarks/storage.py

# The angle term as printed against the conservative one (docs/angle-term.md): some three hours on two cores.
STUDY := runs-angle-study
angle-study: .venv/ready
	$(BIN)/glasswf run --cores $(CORES) --configfile config/angle-conservative.yaml --directory $(STUDY)/conservative
	$(BIN)/glasswf run --cores $(CORES) --configfile config/angle-abrupt.yaml --directory $(STUDY)/abrupt
	$(BIN)/python benchmarks/angle_forms.py $(STUDY)
	$(BIN)/python benchmarks/angle_forms_figure.py $(STUDY)

.venv-benchmark/ready: benchmarks/requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv-benchmark
	.venv-benchmark/bin/python -m pip install --disable-pip-version-check --quiet -r benchmarks/requirements.txt -e .
	@touch $@

# Results and runs stay: they are yours. `make clean` removes what can be made again by `make`.
clean:
	rm -rf .venv .venv-benchmark .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'glasswf needs Python 3.11 or newer; name one: make PYTHON=python3.12'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
