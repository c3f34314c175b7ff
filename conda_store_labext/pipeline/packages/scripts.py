"""Commands of noarch packages, and first lines that are short enough for the kernel."""

from __future__ import annotations

import re
import sys

from .description import EntryPoint

LONGEST = 512 if sys.platform == "darwin" else 127  # bytes of a first line, `#!` included
_FIRST = re.compile(rb"#!\s*(\S+)([^\n]*)(\n|$)")

# as conda writes it
_COMMAND = """# -*- coding: utf-8 -*-
import re
import sys

from {module} import {name}

if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
    sys.exit({function}())
"""


def command_script(point: EntryPoint, python: bytes) -> bytes:
    """Return the script of a command; `python` is the path of the interpreter that runs it."""
    name = point.function.partition(".")[0]
    text = _COMMAND.format(module=point.module, name=name, function=point.function)
    return first_line(python) + text.encode()


def first_line(program: bytes, arguments: bytes = b"") -> bytes:
    """Return the first line (or lines) of a script that `program` runs, with what stood behind it.

    Where it would be longer than the kernel reads, the shell starts Python, for which its own line is a
    string; every other program is then looked for on PATH.
    """
    line = b"#!" + program + arguments + b"\n"
    if len(line) <= LONGEST:
        return line
    base = program.rpartition(b"/")[2]
    if base.startswith(b"python"):
        options = arguments.strip() + b" " if arguments.strip() else b""
        return b"#!/bin/sh\n'''exec' \"" + program + b'" ' + options + b"\"$0\" \"$@\"\n' '''\n"
    return b"#!/usr/bin/env " + base + arguments + b"\n"


def shortened(head: bytes, prefix: bytes) -> tuple[bytes, int] | None:
    """Return what takes the place of a text's first line, and that line's length; None where it is fine."""
    match = _FIRST.match(head)
    if not match or len(match[0]) <= LONGEST or not match[1].startswith(prefix + b"/"):
        return None
    return first_line(match[1], match[2]), len(match[0])
