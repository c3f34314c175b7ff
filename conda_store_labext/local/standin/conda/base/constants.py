"""Names of files that conda knows."""

PACKAGE_CACHE_MAGIC_FILE = "urls.txt"
CONDA_PACKAGE_EXTENSIONS = (".tar.bz2", ".conda")
