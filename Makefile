# What a person types. Everything else lives in tools/ and CMakePresets.json.
.PHONY: help run build test check bench nightly pictures openapi format clean
FUZZ_SECONDS ?= 5

help:
	@echo 'make run      install what is missing, build, make the demo county, serve on 127.0.0.1:8080'
	@echo 'make test     all tests: unit and scenarios, real data, fuzz targets $(FUZZ_SECONDS) s each, Python'
	@echo 'make check    tools/check: the ordered line, sizes, formatting, ids, freshness'
	@echo 'make bench    the benchmarks, with the bound beside each figure'
	@echo 'make nightly  fuzz 60 s each, a longer simulation, all tests under address+undefined and thread sanitizers'
	@echo 'make pictures all pages of site and console in every dress, into build/pictures'
	@echo 'make openapi  write docs/openapi.json anew;  make format  clang-format the sources'

build:
	@tools/setup build
	@tools/build release mingxin
	@tools/console || echo 'the platform runs without its console until tools/console succeeds'

run: build
	@tools/run

test:
	@tools/setup build test check
	@tools/test --fuzz $(FUZZ_SECONDS) release

check:
	@tools/setup check
	@tools/check

bench: build
	@tools/setup bench
	@bench/run

nightly:
	@tools/setup build test check
	@MINGXIN_SIM_ROUNDS=10 tools/test --fuzz 60 release asan tsan

pictures: build
	@tools/setup test
	@python3 tests/e2e_test.py --pictures

openapi: build
	@build/release/mingxin openapi > docs/openapi.json

format:
	@tools/setup check
	@git ls-files '*.cpp' '*.h' | xargs clang-format-14 -i

clean:
	rm -rf build
