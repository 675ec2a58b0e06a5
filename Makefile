# Picklescope: every target sets up what it needs and says so (scripts/setup.sh).

export PATH := $(shell scripts/setup.sh path):$(PATH)
# The wasm-bindgen runner gives a whole test binary 20 s by default, too little for two slow cores.
export WASM_BINDGEN_TEST_TIMEOUT ?= 300
export WASM_BINDGEN_TEST_DRIVER_TIMEOUT ?= 60
export TRUNK_SKIP_VERSION_CHECK := true
PORT ?= 8080

.PHONY: help serve test check test-native test-wasm test-e2e dist bench fixtures clean

help:
	@echo "make serve   serve the viewer on http://127.0.0.1:$(PORT)/"
	@echo "make test    run every test: native, WebAssembly in headless Chrome, end to end in a real Chromium"
	@echo "make check   format, lints, native tests: the fast ones"
	@echo "make dist    the static site in dist/, for any path of any host"
	@echo "make bench   speed against CPython's pickle.load, native and in Chromium"

serve:
	@scripts/setup.sh build
	trunk serve --release --port $(PORT)

test:
	@scripts/setup.sh test
	$(MAKE) test-native test-wasm dist test-e2e

check:
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	$(MAKE) test-native

test-native:
	cargo test --no-fail-fast

test-wasm:
	wasm-pack test --headless --chrome --mode no-install -- --test web --test wasm

# Pictures go to tests/e2e/output/; PICTURE=1 renews those in the README.
test-e2e:
	npm test --prefix tests/e2e

dist:
	@scripts/setup.sh build
	trunk build --release

bench:
	@scripts/setup.sh test
	scripts/bench.sh

clean:
	rm -rf target dist tests/e2e/output tests/e2e/node_modules
