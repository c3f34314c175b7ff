# Debian's container engine and what makes images of Debian's packages for it, since no registry of images need be
# reached. The engine runs in a folder of its own, and all of it goes when the tests end.
PLATFORM_PACKAGES := docker.io docker-compose mmdebstrap skopeo

.PHONY: platform-tools
platform-tools:
	@for program in dockerd docker-compose mmdebstrap skopeo; do command -v $$program > /dev/null || missing=1; done; \
	if [ -n "$${missing:-}" ] && command -v apt-get > /dev/null && $(SUDO_WORKS); then \
		{ $(call apt,$(PLATFORM_PACKAGES)); } || echo "There is no container engine." >&2; fi

.PHONY: test-platform
test-platform: $(LINKED) platform-tools ## Run what is made for containers in an engine that the tests start (root)
	$(call scratch,CONDA_STORE_LABEXT_PLATFORM=1 python -m pytest tests/platform $(ARGS))
