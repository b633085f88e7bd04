# The tasks of contributors. `make` without a target lists them.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --warn-undefined-variables --no-builtin-rules --no-print-directory

# How long each fuzz target runs, or how many inputs it tries: make fuzz FUZZTIME=5m, FUZZTIME=1000x
FUZZTIME ?= 20s

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Both run their targets in this order and stop at the first that fails: targets that are cheap or often fail come first.
CHECK := lint check-generate test
CHECK_ALL := $(CHECK) release-check golangci supply build check-examples downstream hooks peers generators freemarker clients browser stores check-release npm image slowpath race soak fuzz

run = @for target in $(1); do \
	printf '==> make %s (after %dm%02ds)\n' "$$target" $$((SECONDS / 60)) $$((SECONDS % 60)); \
	$(MAKE) "$$target"; \
done

.PHONY: check
check: ## check what you are working on: format, vet, generated code, tests and docs (4 minutes)
	$(call run,$(CHECK))

# Shorter runs than those of the targets alone; a variable on the command line overrides these. Fuzz targets run for a
# number of inputs, because go test sometimes reports the end of a time as "context deadline exceeded".
.PHONY: check-all
check-all: export FUZZTIME = 1000x
check-all: export SOAK = 50000
check-all: export RELEASE_CHECK = -development
check-all: ## check everything that a change must pass (an hour; .ci/run installs what it needs)
	$(call run,$(CHECK_ALL))

.PHONY: generate
generate: ## generate gen/ and internal/gen/ from openapi/ and go.mod (if that fails, they stay unchanged)
	@before=$$(mktemp -d); trap 'rm -rf "$$before"' EXIT; \
	mkdir -p gen internal/gen "$$before/internal"; cp -R gen "$$before"; cp -R internal/gen "$$before/internal"; \
	$(MAKE) remake || { rm -rf gen internal/gen; cp -R "$$before/." .; exit 1; }

.PHONY: remake
remake:
	rm -rf gen internal/gen
	mkdir -p gen/atlasv1 gen/atlasv2 gen/companions
	go run internal/specgen/gen.go
	go tool oapi-codegen -config openapi/codegen-v1.yaml openapi/atlas-v1.yaml
	go tool oapi-codegen -config openapi/codegen-v2.yaml openapi/atlas-v2.yaml
	go tool oapi-codegen -config openapi/codegen-companions.yaml openapi/companions.yaml
	go run internal/clientgen/gen.go
	go run internal/specgen/reference/gen.go

# Compares with the files before the run, not with git's index: a clean checkout lacks uncommitted files anyway.
.PHONY: check-generate
check-generate: ## fail if gen/ or internal/gen/ doesn't match openapi/ (keeps the new files)
	@before=$$(mktemp -d); trap 'rm -rf "$$before"' EXIT; \
	mkdir -p gen internal/gen "$$before/internal"; cp -R gen "$$before"; cp -R internal/gen "$$before/internal"; \
	$(MAKE) generate; \
	if ! { diff -ruN "$$before/gen" gen && diff -ruN "$$before/internal/gen" internal/gen; } > "$$before/diff"; then \
		sed -n '1,60p' "$$before/diff"; \
		echo 'gen/ or internal/gen/ is stale: run make generate and commit it' >&2; \
		exit 1; \
	fi

.PHONY: test
test: ## run all tests
	go test ./...

# With the build tag, jsonschema/v5 validates every payload: see internal/schema.
.PHONY: slowpath
slowpath: ## run all tests without the first step of schema validation
	go test -tags slowpath ./...

.PHONY: race
race: ## run all tests under the race detector (needs a C compiler)
	go test -race ./...

# The programs in .ci without a module of their own: ./... skips folders that begin with a dot.
CI_PROGRAMS := ./.ci/bench ./.ci/bench/serve ./.ci/load ./.ci/releasecheck ./.ci/soak

.PHONY: lint
lint: ## run gofmt, go vet (also for Windows and macOS) and staticcheck
	@unformatted=$$(git ls-files -z --cached --others --exclude-standard -- '*.go' ':!gen/' ':!internal/gen/' ':!**/testdata/**' | \
		while IFS= read -r -d '' f; do [ ! -f "$$f" ] || printf '%s\0' "$$f"; done | xargs -0 -r gofmt -l); \
	[ -z "$$unformatted" ] || { printf 'gofmt would change:\n%s\n' "$$unformatted" >&2; exit 1; }
	go vet ./... $(CI_PROGRAMS)
	GOOS=windows go vet ./...
	GOOS=darwin go vet ./...
	git ls-files -z '*.go' | xargs -0 grep -l '^//go:build ignore' | xargs -n 1 go vet # ./... skips them
	go tool staticcheck ./... $(CI_PROGRAMS)

# The linter has a module of its own, so that go.mod doesn't list its dependencies.
.PHONY: golangci
golangci: ## run golangci-lint with .golangci.yml
	go tool -modfile=.ci/lint/go.mod golangci-lint run

# go test fuzzes one target at a time.
.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME
	@targets=$$(grep -roE --include='*_test.go' --exclude-dir=testdata --exclude-dir='.?*' '^func Fuzz[A-Za-z0-9_]*' . | sort || true); \
	[ -n "$$targets" ] || echo 'no fuzz targets'; \
	while IFS=: read -r file func; do \
		[ -n "$$file" ] || continue; \
		echo "==> $${func#func } in $${file%/*}"; \
		go test -run '^$$' -fuzz "^$${func#func }$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 50x "$${file%/*}"; \
	done <<< "$$targets"

# 10 million take 20 to 40 minutes; fewer: make soak SOAK=1000000
SOAK ?= 10000000

.PHONY: soak
soak: ## load atlasint serve with SOAK requests of all kinds; fail on a wrong response or on growth (Linux)
	go run ./.ci/soak -requests $(SOAK)

.PHONY: bench
bench: ## run all benchmarks, then compare the command with other programs (needs npm for those)
	go test -run '^$$' -bench . -benchmem ./...
	go run ./.ci/bench
	go run ./.ci/bench/serve

.PHONY: build
build: ## build bin/atlasint, static, from your working copy
	CGO_ENABLED=0 go build -trimpath -o bin/atlasint ./cmd/atlasint

.PHONY: dist
dist: ## make dist/ with goreleaser, without publishing: archives, packages, formula, SBOMs and checksums
	@bash .ci/release/goreleaser release --snapshot --clean --skip docker

.PHONY: check-release
check-release: ## check the release of this commit and leave it in dist/: same bytes, packages, formula (needs root)
	@bash .ci/release/check

# Between two releases: make release-check RELEASE_CHECK=-development
RELEASE_CHECK ?=

.PHONY: release-check
release-check: ## list the missing requirements for a tag of the newest version in CHANGELOG.md
	go test ./.ci/releasecheck
	go run ./.ci/releasecheck $(RELEASE_CHECK)

.PHONY: npm
npm: ## pack the npm packages of dist/, install them with npm and pnpm, and use them (needs npm)
	@bash .ci/npm/run

.PHONY: image
image: ## build the image of dist/ and run it (needs buildah)
	@bash .ci/image/run

.PHONY: peers
peers: build ## compare the results of the built binary with other tools (needs npm)
	cd .ci/peers && npm ci --no-fund --no-audit && npm run check

.PHONY: generators
generators: ## generate clients with the generators of docs/generators.md and run them against the fake (needs npm)
	@bash .ci/generators/run

.PHONY: clients
clients: ## run clients of the real Atlas against the fake
	@bash .ci/clients/run

.PHONY: browser
browser: ## test the console in Chromium (needs chromium and npm)
	@bash .ci/browser/run

.PHONY: supply
supply: ## check the command's dependencies: checksums, licenses, known vulnerabilities
	@bash .ci/supply/run

.PHONY: check-examples
check-examples: ## validate the payloads of examples/ with the command
	go run ./cmd/atlasint validate examples/payloads

.PHONY: downstream
downstream: ## use the module as other repositories do, with all outputs of generate
	@bash .ci/downstream/run

.PHONY: freemarker
freemarker: ## compare the check of webhook templates with FreeMarker (needs a JDK and libfreemarker-java)
	@bash .ci/freemarker/run

# How often the server on a file is killed: make stores ROUNDS=300
ROUNDS ?= 30

.PHONY: stores
stores: ## test the stores of the fake with a real Redis, kills and full disks (needs redis-server)
	@command -v redis-server valkey-server >/dev/null || { echo 'redis-server is missing: install it' >&2; exit 1; }
	go test -count=1 ./fakeatlas/store/...
	ATLASINT_TEST_ROUNDS=$(ROUNDS) go test -count=1 -v -run '^Test(File|Serve(File|Disk|Seeds)|Replica|Redis)' ./cmd/atlasint/internal/cli

.PHONY: hooks
hooks: ## test the pre-commit hooks, the GitHub Action and the CI examples (needs pre-commit)
	@bash .ci/pre-commit/check

.PHONY: ci
ci: ## install the programs that check-all needs, and run it
	@bash .ci/run
