# Thin: each target says what it runs.  Everything lands in build*/; `make clean` removes it.
SHELL = /bin/sh
FUZZ_SECONDS ?= 60
SAN = -Db_sanitize=address,undefined -Db_lundef=false

.PHONY: build build-san test demo bench lint fuzz coverage docs pictures clean install

build:
	@tools/setup.sh build test
	@test -f build/build.ninja || meson setup build >/dev/null
	@ninja -C build

build-san:
	@tools/setup.sh build test browser
	@test -f build-san/build.ninja || meson setup build-san $(SAN) >/dev/null
	@ninja -C build-san

test: build-san
	@python3 tools/run_tests.py build-san

# `make demo DATA=folder` takes in the public registrations of that folder instead of the samples.
demo: build
	@demo/run.sh build $(DATA)

# Takes about twenty minutes and 12 GB of temporary room; ROWS=1000000 is a tenth of both.
ROWS ?= 10000000
bench:
	@tools/setup.sh build test
	@test -f build-bench/build.ninja || meson setup build-bench --buildtype=release -Dbench=true >/dev/null
	@ninja -C build-bench
	@python3 bench/run.py build-bench --rows $(ROWS) --write docs/benchmarks.md

# LINT_BUILD=build-san judges over the build that `make test` uses, so that there need be no other.
LINT_BUILD ?= build
lint: $(LINT_BUILD)
	@tools/setup.sh build test lint
	@python3 tools/lint.py $(LINT_BUILD) $(LINT_FLAGS)

# Every target for FUZZ_SECONDS; what it finds is written to build-fuzz/findings.
fuzz:
	@tools/setup.sh build test fuzz
	@test -f build-fuzz/build.ninja || CC=clang meson setup build-fuzz -Dfuzz=true $(SAN) >/dev/null
	@ninja -C build-fuzz fuzzers
	@python3 tools/fuzz.py build-fuzz $(FUZZ_SECONDS)

coverage:
	@tools/setup.sh build test coverage
	@test -f build-cov/build.ninja || meson setup build-cov -Db_coverage=true -Dbuildtype=debug >/dev/null
	@ninja -C build-cov
	@python3 tools/run_tests.py build-cov
	@gcovr --root . --filter src/ --object-directory build-cov build-cov --print-summary --txt build-cov/coverage.txt

# The generated pages; `make lint` fails when they are not up to date.
docs: build
	@python3 tools/gen_docs.py build/src/cli/luling

# The pictures of docs/guide, taken anew by the test that otherwise checks them.
pictures: build
	@LULING_PICTURES=docs/guide/pictures LULING_BIN=$(CURDIR)/build/src/cli/luling LULING_PACKS=$(CURDIR)/build/packs node --test tests/browser/guide.test.mjs

install: build
	@meson install -C build

clean:
	rm -rf build build-san build-fuzz build-cov build-bench demo-data
