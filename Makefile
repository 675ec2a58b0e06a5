# Picklescope: every target sets up what it needs and says so (scripts/setup.sh).

export PATH := $(shell scripts/setup.sh path):$(PATH)
# Rustup's name of the compiler that rust-toolchain.toml asks for: some machines have it as "stable" and cannot fetch another.
ifndef RUSTUP_TOOLCHAIN
export RUSTUP_TOOLCHAIN := $(shell scripts/setup.sh toolchain)
endif
# The wasm-bindgen runner gives a whole test binary 20 s by default, too little for two slow cores.
export WASM_BINDGEN_TEST_TIMEOUT ?= 300
export WASM_BINDGEN_TEST_DRIVER_TIMEOUT ?= 60
export TRUNK_SKIP_VERSION_CHECK := true
PORT ?= 8080

# What goes into the site says nothing about the folder that it was built in, so two builds are the same bytes.
REMAP := --remap-path-prefix=$(CURDIR)=picklescope --remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)=cargo

.PHONY: help serve test check lint deny advisories test-native test-wasm test-e2e test-python npm test-npm scale wheel sdist release-dry-run \
	dist check-dist sbom fuzz bench bench-python book site clean

help:
	@echo "make serve   serve the viewer on http://127.0.0.1:$(PORT)/"
	@echo "make test    everything: lints, licences, tests native, in WebAssembly in headless Chrome and end to end in a real Chromium"
	@echo "make check   format, lints, native tests: the fast ones"
	@echo "make dist    the static site in dist/, for any path of any host"
	@echo "make book    the documentation as a site, in target/book; its links are checked"
	@echo "make site    both: the viewer, with the documentation in docs/ beside it, in target/site"
	@echo "make wheel   the Python package, in target/wheels: module, command line and page"
	@echo "make sdist   its source distribution, which builds the same wheel"
	@echo "make test-python"
	@echo "             its tests, over a wheel that is built without optimisation"
	@echo "make npm     the npm package, in target/npm: one WebAssembly module for Node and browsers"
	@echo "make test-npm"
	@echo "             its tests, over a tarball that is built without optimisation: Node, headless Chrome, the types"
	@echo "make release-dry-run"
	@echo "             what this machine can build of a release, each file tried in an empty place; nothing is published"
	@echo "make scale   the package on Spark and Ray Data over 10,000 generated files, against one process; needs Java, fetches 0.6 GB once"
	@echo "make bench   speed against CPython's pickle.load, native and in Chromium"
	@echo "make bench-python"
	@echo "             the Python package over 10,000 small files and an array of 1 GiB"
	@echo "make fuzz TARGET=document TIME=60"
	@echo "             fuzz a target of fuzz/ for so many seconds"
	@echo "make check-dist"
	@echo "             build the site twice, in two folders: the same bytes?"
	@echo "make sbom    lists of what is in the program and in the site (CycloneDX), in target/sbom"

serve:
	@scripts/setup.sh build
	trunk serve --release --port $(PORT)

test:
	@scripts/setup.sh test
	$(MAKE) lint deny test-native test-wasm dist test-e2e

check: lint test-native

# Two targets: the host builds no browser crate, and the page is not seen by lints of the host. The fuzzers are built, so
# that they do not rot; what they check is a test, too (tests/it/project/fuzz_regressions.rs).
lint:
	@scripts/setup.sh lint
	cargo fmt --check
	cargo fmt --check --manifest-path fuzz/Cargo.toml
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --all-targets --features page --target wasm32-unknown-unknown -- -D warnings
	cargo clippy --locked --manifest-path fuzz/Cargo.toml --target-dir $(or $(CARGO_TARGET_DIR),target) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --lib

# Licences, bans and sources; the advisories are fetched, by a workflow.
deny:
	@scripts/setup.sh deny
	cargo-deny --locked check --hide-inclusion-graph licenses bans sources
	cargo-deny --locked --manifest-path fuzz/Cargo.toml --config deny.toml check --hide-inclusion-graph licenses bans sources

# Asks for what became known since: of crates (a database that cargo-deny fetches) and of the packages that tests use.
advisories:
	@scripts/setup.sh deny
	cargo-deny --locked check --hide-inclusion-graph advisories
	cargo-deny --locked --manifest-path fuzz/Cargo.toml --config deny.toml check --hide-inclusion-graph advisories
	npm audit --prefix tests/e2e

test-native:
	cargo test --locked --no-fail-fast

test-wasm:
	wasm-pack test --headless --chrome --mode no-install -- --test web --test wasm

# Pictures go to tests/e2e/output/; PICTURE=1 renews those in the README.
test-e2e:
	cargo build --locked --bin picklescope
	node --test scripts/*.test.mjs
	npm test --prefix tests/e2e

wheel: dist
	scripts/wheel.sh release

sdist: dist
	scripts/wheel.sh sdist

test-python:
	@scripts/setup.sh deny
	cargo fmt --check --manifest-path packages/python/Cargo.toml
	cargo clippy --locked --manifest-path packages/python/Cargo.toml --target-dir $(or $(CARGO_TARGET_DIR),target)/python -- -D warnings
	cargo-deny --locked --manifest-path packages/python/Cargo.toml --config packages/python/deny.toml check --hide-inclusion-graph licenses bans sources
	scripts/wheel.sh dev
	scripts/test_python.sh

npm:
	@scripts/setup.sh build
	scripts/npm.sh release

test-npm:
	@scripts/setup.sh build
	@scripts/setup.sh deny
	cargo fmt --check --manifest-path packages/javascript/Cargo.toml
	cargo clippy --locked --manifest-path packages/javascript/Cargo.toml --target wasm32-unknown-unknown --target-dir $(or $(CARGO_TARGET_DIR),target)/javascript -- -D warnings
	cargo-deny --locked --manifest-path packages/javascript/Cargo.toml --config deny.toml check --hide-inclusion-graph licenses bans sources
	scripts/npm.sh dev
	cargo build --locked --bin picklescope
	scripts/test_npm.sh

# Not a part of `make test`: it builds everything optimised.
release-dry-run:
	@scripts/setup.sh test
	node --test scripts/*.test.mjs
	scripts/release_dry_run.sh

# Measures and compares; docs/scale.md has the figures.
scale:
	PAGE=none scripts/wheel.sh release
	scripts/scale/run.sh $(COUNT)

dist:
	@scripts/setup.sh build
	RUSTFLAGS="$(strip $(RUSTFLAGS) $(REMAP))" trunk build --release
	node scripts/dist_bytes.mjs

book:
	@scripts/setup.sh book
	node scripts/book.mjs

# Links of the book to samples lead into the viewer in the folder above.
site: dist book
	rm -rf target/site
	cp -R dist target/site
	cp -R target/book target/site/docs

check-dist:
	scripts/check_reproducible.sh

sbom:
	@mkdir -p target/sbom
	node scripts/sbom.mjs program > target/sbom/picklescope.cdx.json
	node scripts/sbom.mjs page > target/sbom/picklescope-page.cdx.json

TARGET ?= document
TIME ?= 60
fuzz:
	scripts/fuzz.sh run $(TARGET) $(TIME)

bench:
	@scripts/setup.sh test
	scripts/bench.sh

bench-python:
	PAGE=none scripts/wheel.sh release
	python3 scripts/bench_python.py

clean:
	rm -rf target dist tests/e2e/output tests/e2e/node_modules
