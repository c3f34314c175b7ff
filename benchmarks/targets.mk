# make bench: BENCH=small for a quick one, BENCH_ROUNDS and BENCH_FOLDER as docs/performance.md describes them.

BENCH_TOOLS := nginx:nginx-light igzip:isal curl:curl

.PHONY: bench
bench: $(INSTALLED) bench-tools ## Measure how fast environments get here (BENCH=small BENCH_ROUNDS=5 BENCH_FOLDER=/dev/shm/bench)
	python -m benchmarks

.PHONY: bench-machine
bench-machine: $(INSTALLED) ## Measure listing and making environments of this machine (BENCH_ROUNDS=5)
	python -m benchmarks.machine $(BENCH_ROUNDS)

.PHONY: bench-tools
bench-tools:
	@for tool in $(BENCH_TOOLS); do \
	  PATH=$$PATH:/usr/sbin command -v $${tool%%:*} > /dev/null || missing="$${missing:-} $${tool##*:}"; \
	done; \
	test -z "$${missing:-}" || { $(call apt,$$missing); }

.PHONY: bench-open
bench-open: $(INSTALLED) ## Measure from a repository's address to the first reply, beside git, venv and pip (BENCH_ROUNDS=5)
	python -m benchmarks.opening

.PHONY: bench-list
bench-list: $(LINKED) $(UI_NODE) chromium ## Measure the list with 100, 1,000 and 10,000 environments (BENCH_ROUNDS=5)
	$(call scratch,cd ui-tests && CHROMIUM_PATH=$$($(CHROMIUM) | head -n 1) \
		jlpm playwright test --config playwright.bench.config.ts $(ARGS))

.PHONY: bench-packages
bench-packages: $(INSTALLED) bench-tools ## Measure packages against archives over a shared link (Linux; BENCH_ROUNDS=5 BENCH_FOLDER=...)
	python -m benchmarks.packages
