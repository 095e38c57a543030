# trailhound: the few commands that everything else hangs on. Each installs what it needs (Debian 12: apt, and npm for
# the benchmark's peer) and says what it does.
#
#   make build   build/release/trailhound          make test    build and run all tests
#   make demo    scan the bundled sample           make bench   compare with the floor and with DuckDB
#   make lint    formatting, clang-tidy of all     make fuzz    a short run of every fuzzer
#   make lint REF=main   clang-tidy of what differs from a commit, with the sources that include it
#   make differential   random ES|QL queries against DuckDB (SEED, QUERIES)

JOBS ?= $(shell nproc)

.PHONY: build demo test bench differential lint format fuzz asan tsan clean

build: ; @tools/setup build
	@cmake --preset release -DTRAILHOUND_TESTS=OFF > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build --preset release --target trailhound --target trailhound-synth -j $(JOBS)

demo: build
	@tools/demo

test: ; @tools/setup build
	@cmake --preset release -DTRAILHOUND_TESTS=ON > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build --preset release -j $(JOBS)
	@ctest --test-dir build/release --output-on-failure -j $(JOBS)

bench: build
	@tools/setup bench
	@cmake --build --preset release --target trailhound-floor -j $(JOBS)
	@bench/run

differential: build
	@tools/setup bench
	@node tests/differential/esql_duckdb.mjs --seed $(or $(SEED),1) --queries $(or $(QUERIES),300)

lint: ; @tools/setup lint
	@tools/lint $(or $(REF),--all)

format: ; @tools/setup lint
	@git ls-files '*.h' '*.cc' | xargs clang-format-19 -i

fuzz: ; @tools/setup fuzz
	@tools/fuzz

asan tsan: ; @tools/setup fuzz
	@cmake --preset $@ > /dev/null
	@cmake --build --preset $@ --target test_programs -j $(JOBS)
	@ctest --test-dir build/$@ --output-on-failure -j $(JOBS)

clean:
	rm -rf build
