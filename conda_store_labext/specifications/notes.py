"""Notes on what a specification does not have of the file that it was made from, grouped by their kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .addresses import without_credentials


class Kind(NamedTuple):
    """A kind of note: its identifier, and its sentence without the colon or full stop that ends it."""

    name: str
    text: str


@dataclass(frozen=True)
class Note:
    """A sentence, and the lines of the file that it is about, as they may be shown to anybody."""

    kind: str
    text: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.lines:
            return f"{self.text}."
        if len(self.lines) == 1:
            return f"{self.text}: {self.lines[0]}"
        return "\n".join((f"{self.text}:", *(f"  {line}" for line in self.lines)))


class Notes:
    """The notes on one file: each kind is said once, with all its lines."""

    def __init__(self) -> None:
        self._lines: dict[Kind, dict[str, None]] = {}

    def add(self, kind: Kind, line: str = "") -> None:
        """Add a line to its kind; passwords in it are replaced, and control characters shown as escapes."""
        lines = self._lines.setdefault(kind, {})
        if line:
            lines[printable(without_credentials(line))] = None

    def __iter__(self) -> Iterator[Note]:
        for kind, lines in self._lines.items():
            yield Note(kind.name, kind.text, tuple(lines))


def printable(text: str) -> str:
    """Return a text on one line, with what cannot be printed as escapes."""
    joined = " ".join(text.split())
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in joined
    )


# What is left out
FILE = Kind("file", "Left out, because conda-store cannot read files of your computer")
OTHER_FILE = Kind("other-file", "Left out, because a file is converted by itself; add that file's lines here")
OPTION = Kind("option", "Left out, because conda-store has no such option of pip")
INDEX = Kind(
    "index",
    "Left out, because an environment with other package indexes can never be locked; "
    "all packages come from PyPI",
)
CREDENTIALS = Kind(
    "credentials", "Left out, because everybody who may see the environment could read the password in it"
)
VARIABLE = Kind("variable", "Left out, because variables are not filled in")
ADDRESS = Kind(
    "address",
    "Left out, because conda-lock takes addresses that begin with https:// or git+https:// alone",
)
UNREADABLE = Kind("unreadable", "Left out, because this is neither a package's name nor its address")
NOT_CONDA = Kind("not-conda", "Left out, because conda cannot read it as a package")
PLATFORM = Kind("platform", "Left out, because it is for another platform than the environment")
CONDITION = Kind(
    "condition",
    "Left out, because conda-lock would take the brackets in it for a condition and drop all packages",
)
MARKER_NEVER = Kind("marker-never", "Left out, because no Python that the environment can have meets it")
MARKER_OTHER = Kind(
    "marker-other",
    "Left out in favour of the line for the newest Python, because conda-lock ignores such a condition",
)
VERSION = Kind("version", "Left out, because its version is not one that pip understands")
GROUPS = Kind("groups", "Left out, because these groups are asked for by name; list what you need of them")
OPTIONAL = Kind(
    "optional", "Left out, because these extras are asked for by name; list what you need of them"
)
# What conda-store or conda-lock takes no notice of
HASH = Kind("hash", "The hashes are not checked by conda-store")
MARKER = Kind(
    "marker",
    "Installed whichever Python the environment gets, because conda-lock ignores such a condition",
)
EXTRAS = Kind("extras", "Installed without the extras, because conda-lock ignores them here")
PIP_PIN = Kind(
    "pip-pin", "Without its version, because conda-lock chooses the pip for a `pip:` section itself"
)
VARIABLES = Kind("variables", "Variables are set when a kernel starts, but not while conda-store builds")
KEY = Kind("key", "conda-store ignores the keys")
SELECTOR = Kind("selector", "Kept, though it cannot be told whether its condition holds")
# What was decided
BY_PIP = Kind("by-pip", "Installed by pip, as it was where the list was made")
NAME_GUESSED = Kind("name-guessed", "Named after the address; check the package's name")
ALTERNATIVES = Kind("alternatives", "Of these versions the last one is asked for")
BARE_NAME = Kind(
    "bare-name", "Listed by name alone, because the file lay on the computer that built the conda package"
)
LOCAL_VERSION = Kind("local-version", "Listed without what follows the +, because PyPI has no such versions")
JOINED = Kind("joined", "Joined into one line, because conda-lock heeds only a package's last line")
REPEATED = Kind("repeated", "Left out, because the package is listed again and only its last line counts")
PYTHON = Kind("python", "The packages are installed by pip, as listed; Python comes from conda-forge")
BUILDS = Kind(
    "builds", "Listed without the build, which exists for the platform that the list was made on alone"
)
FOREIGN_BUILDS = Kind(
    "foreign-builds",
    "The file was exported on another platform, where alone these builds exist; "
    "remove them if the environment cannot be solved",
)
EMPTY_PIP = Kind("empty-pip", "The section `pip:` was left out: it is empty")
NAMED = "The environment is named "
PREFIX = Kind("prefix", "The prefix was left out: conda-store chooses the folder")


def group(name: str, packages: Iterable[object]) -> str:
    """Return a group of packages as a note's line."""
    listed = ", ".join(map(str, packages))
    return f"{name} ({listed})" if listed else name


def named(name: str) -> Kind:
    """Return the note that says which name was chosen."""
    return Kind("name", f"{NAMED}{printable(name)}; change it as you like")


def default_channel(channel: str) -> Kind:
    """Return the note that says which channel was added."""
    return Kind("channel", f"No channel was listed, so {channel} is")
