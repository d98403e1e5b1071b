# What can be done here; `make` lists it.
SWIFT ?= swift
# The debug configuration with optimised code: signatures are twenty times faster, and @testable still works.
FLAGS := -Xcc -O2 -Xswiftc -O
CIRCUIT := .build/debug/circuit
SOURCES := Sources Tests Package.swift
COMPLETIONS := .build/completions

.DEFAULT_GOAL := help
.PHONY: help deps build demo test core sim bench bench-link format lint docs api

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

deps: ## install the system libraries that are missing (Debian, Ubuntu), check Swift
	@.ci/deps

build: deps ## build everything
	$(SWIFT) build $(FLAGS)

demo: deps ## build the program and let it show the whole story on this machine
	$(SWIFT) build $(FLAGS) --product circuit
	$(CIRCUIT) demo

test: deps ## build and run every test
	$(SWIFT) build $(FLAGS) --build-tests
	@# Apart: what computes for minutes would keep both threads of the pool from the tests that wait for servers.
	$(SWIFT) test $(FLAGS) --skip-build --skip CommandTests
	$(SWIFT) test $(FLAGS) --skip-build --filter CommandTests

core: deps ## the same without the server, in seconds; make core FILTER=MergeTests
	CIRCUIT_CORE=1 $(SWIFT) build $(FLAGS) --build-tests
	CIRCUIT_CORE=1 $(SWIFT) test $(FLAGS) --skip-build $(if $(FILTER),--filter '$(FILTER)')

sim: deps ## simulate fleets; make sim ARGS='--seed 7 --trace' replays one
	CIRCUIT_CORE=1 $(SWIFT) build $(FLAGS) --product circuit-sim
	.build/debug/circuit-sim $(or $(ARGS),--seeds 1-100)

bench: deps ## measure, in a release build; make bench ARGS='--only W1,W4 --rows 10000'
	CIRCUIT_CORE=1 $(SWIFT) build -c release --scratch-path .build-bench --product circuit-bench
	.build-bench/release/circuit-bench $(ARGS)

bench-link: deps ## measure the exchange over bad lines (10 minutes); make bench-link ARGS='--only L7,L8'
	$(SWIFT) build $(FLAGS) --product circuit
	$(SWIFT) build $(FLAGS) --product link-bench
	.build/debug/link-bench $(ARGS)

format: ## put all Swift files into their form
	$(SWIFT) format format --in-place --recursive --parallel $(SOURCES)

lint: ## check the form of all Swift files
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

docs: deps ## write the page of errors, the man pages in both tongues, completions, the library's example
	$(SWIFT) build $(FLAGS) --product circuit
	$(CIRCUIT) errors > .build/errors.md && mv .build/errors.md docs/errors.md
	$(CIRCUIT) man docs/man --lang en > /dev/null
	$(CIRCUIT) man docs/man/zh --lang zh > /dev/null
	mkdir -p $(COMPLETIONS)
	$(CIRCUIT) --generate-completion-script bash > $(COMPLETIONS)/circuit.bash
	$(CIRCUIT) --generate-completion-script zsh > $(COMPLETIONS)/_circuit
	$(CIRCUIT) --generate-completion-script fish > $(COMPLETIONS)/circuit.fish
	.ci/example
	@echo "docs/errors.md, docs/man, docs/man/zh and $(COMPLETIONS) are written"

api: deps ## write the library's API pages with DocC into .build/api
	$(SWIFT) build $(FLAGS) --product circuit
	.ci/api
