# Extensions that people have beside this one, as far as PyPI has them. Those that change how documents are saved
# replace each other, hence two environments. The last line is what Jupyter's own tests of a kernel need.
NEIGHBOURS := jupyterlab ipykernel nbconvert papermill voila nb_venv_kernels jupyter-scheduler jupyterlab-git \
	jupyterlab-launchpad jupyter-collaboration jupyter-resource-usage nbgitpuller pixi-kernel mamba-gator \
	jupyter_kernel_gateway jupyterlab-conda-store jupyter_app_launcher \
	jupyter_kernel_test pytest
DOCUMENTS := jupyterlab ipykernel jupyter-server-documents
NEIGHBOURS_FOLDER ?= $(CURDIR)/build/neighbours
# Libraries whose own tests run on ours, in the release that is installed.
SUITES := jupyter_client jupyter_server

.PHONY: neighbours
neighbours: $(LINKED) ## Install other extensions beside this one, each in its newest release, and walk through them
	for folder in all documents; do \
		[ -x $(NEIGHBOURS_FOLDER)/$$folder/bin/python ] || python -m venv $(NEIGHBOURS_FOLDER)/$$folder; \
	done
	$(call retry,$(NEIGHBOURS_FOLDER)/all/bin/python -m pip install --quiet --upgrade $(NEIGHBOURS))
	$(call retry,$(NEIGHBOURS_FOLDER)/documents/bin/python -m pip install --quiet --upgrade $(DOCUMENTS))
	export JUPYTER_PACKAGING_SKIP_NPM=1; for folder in all documents; do \
		$(NEIGHBOURS_FOLDER)/$$folder/bin/python -m pip install --quiet --force-reinstall --no-deps . ; \
		$(NEIGHBOURS_FOLDER)/$$folder/bin/python -m pip install --quiet . ; \
	done
	for library in $(SUITES); do \
		version=$$(python -c "import $$library; print($$library.__version__)"); \
		( $(call retry,python -m pip download --quiet --no-deps --no-binary :all: \
			--dest $(NEIGHBOURS_FOLDER)/sources "$$library==$$version") ); \
	done
	$(call scratch,CONDA_STORE_LABEXT_NEIGHBOURS=$(NEIGHBOURS_FOLDER) python -m pytest tests/neighbours $(ARGS))
