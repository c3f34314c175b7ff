"""Archives that are almost right: real ones, changed here and there, their checksums mended or not."""

from __future__ import annotations

import os
import tarfile

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.pipeline.archives import member, script, tar

BLOCK = 512
EXAMPLES = int(os.environ.get("CONDA_STORE_LABEXT_FUZZ_EXAMPLES", "60"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)

RECORDS = (("etc/a.conf", "/old/prefix", "text"), ("lib/b.so", "/old/prefix", "binary"))
MEMBERS = (
    member("etc/a.conf", b"root=/old/prefix\n" * 40),
    member("lib/b.so", b"\x7fELF\0/old/prefix/lib\0tail\0", mode=0o4755),
    member("lib/c.so", linkname="b.so", type=tarfile.SYMTYPE),
    member("lib/d.so", linkname="/old/prefix/lib/b.so", type=tarfile.SYMTYPE),
    member("lib/e.so", linkname="lib/b.so", type=tarfile.LNKTYPE),
    member("folder/", type=tarfile.DIRTYPE, mode=0o755),
    member("n" * 120 + "/ünï", b"long", mtime=1.5),
    script(*RECORDS),
)
FORMATS = (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)
GOOD = tuple(tar(*MEMBERS, dialect=format_) for format_ in FORMATS)
# what stands where in a header: offset and length
FIELDS = ((0, 100), (100, 8), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (345, 155))
PIECES = (
    b"..",
    b"../",
    b"/",
    b"\0",
    b"/etc/passwd",
    b"lib",
    b"\x80",
    b"\xff" * 8,
    b"7" * 11,
    b"x",
    b"g",
    b"L",
    b"K",
)
WORDS = st.one_of(st.sampled_from(PIECES), st.binary(min_size=1, max_size=12))


def mended(data: bytes, at: int) -> bytes:
    """Return the archive with the checksum of the header at `at` made right."""
    header = bytearray(data[at : at + BLOCK])
    if len(header) < BLOCK:
        return data
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return data[:at] + bytes(header) + data[at + BLOCK :]


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """Give a changed archive."""
    data = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        block = draw(st.integers(0, len(data) // BLOCK)) * BLOCK
        how = draw(st.sampled_from(("field", "field", "field", "bytes", "cut", "twice", "without", "swap")))
        if how == "field":
            offset, length = draw(st.sampled_from(FIELDS))
            word = draw(WORDS)[:length]
            at = block + offset + draw(st.integers(0, length - len(word)))
            data = mended(data[:at] + word + data[at + len(word) :], block)
        elif how == "bytes":
            at, word = draw(st.integers(0, len(data))), draw(WORDS)
            data = data[:at] + word + data[at + len(word) :]
        elif how == "cut":
            data = data[: draw(st.integers(0, len(data)))]
        elif how == "twice":
            data = data[:block] + data[block : block + 2 * BLOCK] * 2 + data[block + 2 * BLOCK :]
        elif how == "without":
            data = data[:block] + data[block + BLOCK :]
        else:
            data = data[block : -2 * BLOCK] + data[:block] + data[-2 * BLOCK :]
    return data


@st.composite
def scripts(draw: st.DrawFn) -> bytes:
    """Give a `bin/conda-unpack` whose prefix records are changed."""
    names = st.one_of(
        st.sampled_from(
            ("etc/a.conf", "lib/b.so", "lib/c.so", "../a", "/etc/passwd", "bin/conda-unpack", ".", "")
        ),
        st.text(max_size=20),
    )
    olds = st.one_of(st.sampled_from(("/old/prefix", "/", "old", "/o", "/old\0", "\\")), st.text(max_size=20))
    modes = st.one_of(st.sampled_from(("text", "binary")), st.text(max_size=8))
    records = draw(st.lists(st.tuples(names, olds, modes), max_size=5))
    text = script(*records)[1]
    if draw(st.booleans()):
        at, word = (
            draw(st.integers(0, len(text))),
            draw(st.one_of(WORDS, st.sampled_from((b"(" * 300, b"'", b"\\")))),
        )
        text = text[:at] + word + text[at + draw(st.integers(0, 3)) :]
    return text
