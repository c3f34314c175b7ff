"""Compiling the modules of noarch packages, which are published without: as conda does when it links them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

# Reads paths below its working folder from its standard input, and prints which compiled module each has.
COMPILE = """
import json, py_compile, sys
compiled = {}
for path in json.load(sys.stdin):
    try:
        mode = py_compile.PycInvalidationMode.TIMESTAMP
        compiled[path] = py_compile.compile(path, doraise=True, invalidation_mode=mode)
    except (OSError, ValueError, SyntaxError, RecursionError, py_compile.PyCompileError):
        pass
print(json.dumps(compiled))
"""


def compile_noarch(prefix: Path) -> None:
    """Compile what noarch packages brought, and list the results in their records as the packages' own."""
    records = {path: json.loads(path.read_bytes()) for path in prefix.glob("conda-meta/*.json")}
    noarch = {path: record for path, record in records.items() if record.get("noarch") == "python"}
    sources = [name for record in noarch.values() for name in record["files"] if name.endswith(".py")]
    python = prefix / "bin" / "python"
    if not sources or not python.exists():
        return
    run = subprocess.run(
        [str(python), "-I", "-W", "ignore", "-c", COMPILE],
        cwd=prefix,
        input=json.dumps(sources),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    # Compiled modules are a matter of speed alone: an environment without them is still the right one.
    compiled = json.loads(run.stdout) if run.returncode == 0 else {}
    for path, record in noarch.items():
        record["files"] += [compiled[name] for name in record["files"] if name in compiled]
        path.write_text(json.dumps(record, indent=2), encoding="utf-8")
