"""Files that people have turned into specifications; what cannot be carried over becomes a note.

`convert(filename, content)` is the one entry, for the command line, the panel's import and the API alike. It
decodes the bytes (`decoding.py`) and asks each module of `formats` in turn whether the file is of its kind.
Such a module has one function, `read(source)`, which returns None for another kind of file and otherwise
fills a `Draft`:

    draft = Draft(source)
    draft.add_conda("python >=3.11")     # a match specification; what conda cannot read becomes a note
    draft.add_pip("numpy>=2 # comment")  # a line of a requirements file, with options and comment
    draft.add_channel("conda-forge")
    draft.notes.add(notes.FILE, "./x")   # a kind of note, or a Kind of your own, and the line it is about
    draft.settle_with_python()           # python and pip if missing, repeated lines, conditions, channel
    return written(draft)

`requirements.py` reads the one kind of line and `matchspecs.py` the other; `notes.py` has the sentences, one
for a kind of note, each with all its lines. No file is read, and no password of an address gets into the
specification or a note.
"""

from __future__ import annotations

from ..models import Conversion
from ..models.platform import this_platform
from .decoding import as_text
from .formats import (
    condalist,
    environment,
    explicit,
    inline,
    lockfile,
    pinned,
    pipfile,
    pixi,
    project,
    r,
    requirements,
    setuptools,
    toml,
)
from .source import Source

# The last one takes every text.
FORMATS = (
    *(project.read, pipfile.read, pixi.read, pinned.read, setuptools.read, inline.read, r.read),
    *(explicit.read, toml.read, lockfile.read, environment.read, condalist.read, requirements.read),
)


def convert(filename: str, content: str | bytes, platform: str = "") -> Conversion:
    """Return a file's content as a specification that can be built; no file is read.

    `platform` is conda's name of the server's, by default that of this machine, which has to run the build.
    Raises InvalidRequest for what conda-store cannot build, with what to do instead.
    """
    source = Source(filename, as_text(content, "The file"), platform or this_platform())
    for read in FORMATS:
        conversion = read(source)
        if conversion is not None:
            return conversion
    raise AssertionError("The last format takes every text.")
