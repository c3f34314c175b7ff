# How many changed archives and prefix records each fuzz test makes; some minutes.
FUZZ_EXAMPLES ?= 10000

.PHONY: fuzz
fuzz: $(LINKED) ## Feed damaged archives to their readers for some minutes (FUZZ_EXAMPLES=10000)
	CONDA_STORE_LABEXT_FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) python -m pytest --timeout=3600 $(ARGS) tests/fuzz
