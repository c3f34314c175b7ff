"""The package that brings a module: never guessed, as whoever takes a free name gets what people mistype."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from .table import names

# Where the module's name is not the package's on PyPI.
PACKAGES = {
    "attr": "attrs",
    "Bio": "biopython",
    "bs4": "beautifulsoup4",
    "cairo": "pycairo",
    "community": "python-louvain",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "pymupdf",
    "git": "gitpython",
    "google.protobuf": "protobuf",
    "google.cloud.bigquery": "google-cloud-bigquery",
    "google.cloud.storage": "google-cloud-storage",
    "igraph": "igraph",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "kafka": "kafka-python",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "mpl_toolkits": "matplotlib",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyopenssl",
    "osgeo": "gdal",
    "PIL": "pillow",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2",
    "rest_framework": "djangorestframework",
    "sentence_transformers": "sentence-transformers",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "skopt": "scikit-optimize",
    "slugify": "python-slugify",
    "snappy": "python-snappy",
    "tables": "tables",
    "usb": "pyusb",
    "wx": "wxpython",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}
# Names on PyPI that are dummies, or of another package than the module that people mean.
_NEVER = frozenset({"bs4", "cv2", "dateutil", "pil", "skimage", "sklearn", "utils", "yaml"})


def package_of_module(module: str) -> tuple[str, str | None] | None:
    """Return the package that brings a module, and conda-forge's name for it; None where no table has it."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        package = PACKAGES.get(".".join(parts[:length]))
        if package:
            return package, names().get(canonicalize_name(package))
    name = canonicalize_name(parts[0])
    if name in _NEVER or parts[0].startswith("_") or name not in names():
        return None
    return name, names()[name]
