# Extensions that people have beside this one, as far as PyPI has them. Those that change how documents are saved
# replace each other, hence two environments.
NEIGHBOURS := jupyterlab ipykernel nbconvert papermill voila nb_venv_kernels jupyter-scheduler jupyterlab-git \
	jupyterlab-launchpad jupyter-collaboration jupyter-resource-usage nbgitpuller pixi-kernel mamba-gator
DOCUMENTS := jupyterlab ipykernel jupyter-server-documents
NEIGHBOURS_FOLDER ?= $(CURDIR)/build/neighbours

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
	$(call retry,python -m pip download --quiet --no-deps --no-binary :all: --dest $(NEIGHBOURS_FOLDER)/sources \
		jupyter_client==$$(python -c 'import jupyter_client; print(jupyter_client.__version__)'))
	$(call scratch,CONDA_STORE_LABEXT_NEIGHBOURS=$(NEIGHBOURS_FOLDER) python -m pytest tests/neighbours $(ARGS))
