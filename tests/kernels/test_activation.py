"""A kernel and `run` get what `conda activate` gives in the session's shell; bash itself is the reference."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conda_store_labext.kernels.activation import Activation
from conda_store_labext.kernels.outcome import SHELL_OWN

SYSTEM = "/usr/local/bin:/usr/bin:/bin"
NVIDIA = "/usr/local/nvidia/lib64"


def write(prefix: Path, path: str, text: str) -> None:
    file = prefix / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def activate(prefix: Path, session: dict[str, str] | None = None, **fields: object) -> dict[str, str]:
    """Return the variables of the environment `data` in a session."""
    activation = Activation(prefix, "data", jupyter="", **fields)  # type: ignore[arg-type]
    return activation.activate({"PATH": SYSTEM, **(session or {})}).variables


def as_bash_has_it(prefix: Path, session: dict[str, str]) -> dict[str, str]:
    """Return what sourcing the scripts one after the other leaves, conda's own variables set before."""
    scripts = sorted((prefix / "etc/conda/activate.d").glob("*.sh"))
    sourcing = "".join(f'. "{script}"\n' for script in scripts)
    environ = {
        **session,
        "PATH": f"{prefix}/bin:{session.get('PATH', SYSTEM)}",
        "CONDA_PREFIX": str(prefix),
        "CONDA_DEFAULT_ENV": str(prefix),
        "CONDA_SHLVL": "1",
        "CONDA_PROMPT_MODIFIER": "(data) ",
    }
    bash = ["bash", "--noprofile", "--norc", "-c", f"{sourcing}env -0"]
    output = subprocess.run(bash, env=environ, capture_output=True, check=True).stdout.decode()
    pairs = dict(item.split("=", 1) for item in output.split("\0") if item)
    return {name: value for name, value in pairs.items() if name not in SHELL_OWN}


@dataclass(frozen=True)
class Case:
    """Scripts in their order, the session, what is expected of some variables (None: not set)."""

    scripts: tuple[str, ...]
    session: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str | None] = field(default_factory=dict)


APPEND = "export LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$CONDA_PREFIX/lib/"
CAREFUL = 'export PKG_CONFIG_PATH="$CONDA_PREFIX/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"'
JAVA = """\
if [ -z "$JAVA_HOME" ]; then
  export JAVA_HOME="$CONDA_PREFIX/jvm"
  export LD_LIBRARY_PATH="$JAVA_HOME/lib:$LD_LIBRARY_PATH"
fi
"""
GDAL = """\
if [ -n "$GDAL_DATA" ]; then export _CONDA_SET_GDAL_DATA=$GDAL_DATA; fi
export GDAL_DATA=$CONDA_PREFIX/share/gdal
"""
ONCE = """\
case ":$LD_LIBRARY_PATH:" in
  *":$CONDA_PREFIX/lib:"*) ;;
  *) export LD_LIBRARY_PATH="$CONDA_PREFIX/lib:$LD_LIBRARY_PATH" ;;
esac
"""
HELPER = ('helper() { echo "helped $1"; }; quiet=yes', 'export HELPED="$(helper "$quiet")"')

LIKE_BASH = {
    "appended": Case((APPEND,), {"LD_LIBRARY_PATH": NVIDIA}, {"LD_LIBRARY_PATH": f"{NVIDIA}:PREFIX/lib/"}),
    "appended to nothing": Case((APPEND,), {}, {"LD_LIBRARY_PATH": ":PREFIX/lib/"}),
    "put in front": Case((CAREFUL,), {"PKG_CONFIG_PATH": "/a:/b"}),
    "put in front of nothing": Case((CAREFUL,), {}, {"PKG_CONFIG_PATH": "PREFIX/lib/pkgconfig"}),
    "of an unusual name": Case(("export MYLIST=$MYLIST,x",), {"MYLIST": "a,b"}, {"MYLIST": "a,b,x"}),
    "unset": Case(("unset PYTHONPATH THIS",), {"PYTHONPATH": "/x", "THIS": "1"}, {"THIS": None}),
    "unset and another set": Case(("export NEW=$OLD; unset OLD",), {"OLD": "1"}, {"NEW": "1", "OLD": None}),
    "kept if set": Case((JAVA,), {"JAVA_HOME": "/j", "LD_LIBRARY_PATH": "/l"}, {"JAVA_HOME": "/j"}),
    "set if not": Case((JAVA,), {"LD_LIBRARY_PATH": "/l"}, {"LD_LIBRARY_PATH": "PREFIX/jvm/lib:/l"}),
    "backed up": Case((GDAL,), {"GDAL_DATA": "/mine"}, {"_CONDA_SET_GDAL_DATA": "/mine"}),
    "nothing to back up": Case((GDAL,), {}, {"_CONDA_SET_GDAL_DATA": None}),
    "only once": Case((ONCE, ONCE), {"LD_LIBRARY_PATH": "/l"}, {"LD_LIBRARY_PATH": "PREFIX/lib:/l"}),
    "in their order": Case(("export A=1", "export A=$A,2"), {"A": "0"}, {"A": "1,2"}),
    "with what an earlier one left": Case(HELPER, {}, {"HELPED": "helped yes"}),
    "a path of its own": Case(('export PATH="$CONDA_PREFIX/tool:$PATH"',)),
    "awkward values": Case(('export A="$B\'\n\\${x}" C=',), {"B": "ä b;$(c)\n=\t"}, {"C": ""}),
    "a failing command": Case(("no-such-command; false; export A=1",), {}, {"A": "1"}),
    "a return": Case(("export A=1; return 3; export A=2",), {}, {"A": "1"}),
    "flags": Case(('export CFLAGS="-O2 $CFLAGS"',), {"CFLAGS": "-g"}, {"CFLAGS": "-O2 -g"}),
}


@pytest.mark.parametrize("case", LIKE_BASH.values(), ids=LIKE_BASH)
def test_it_is_what_bash_makes_of_the_scripts(tmp_path: Path, case: Case) -> None:
    for number, script in enumerate(case.scripts):
        write(tmp_path, f"etc/conda/activate.d/{number}.sh", script)
    session = {"PATH": SYSTEM, "HOME": "/home/somebody", **case.session}
    activated = activate(tmp_path, session)
    assert activated == as_bash_has_it(tmp_path, session)
    for name, value in case.expected.items():
        assert activated.get(name) == (value and value.replace("PREFIX", str(tmp_path))), name


OWN = {
    "a script that fails": ("set -e; export GONE=1; false",),
    "one that exits": ("export GONE=1; exit 0",),
    "one that becomes another program": ("exec true",),
    "one that cannot be read as bash": ("if then", "export A=$(("),
    "one that sets options": (
        "set -euf; shopt -s nullglob; IFS=x; umask 777; cd /; set -- 1 2; trap 'exit 9' EXIT",
    ),
    "one that closes everything": ("exec 0<&- 1>&- 2>&-",),
}
NEXT = """\
for one in $CONDA_PREFIX/b*; do export HERE="$one"; done
export A="$-$UNSET$#"; false; export LAST=$(pwd)
"""


@pytest.mark.parametrize("scripts", OWN.values(), ids=OWN)
def test_what_a_script_does_to_the_shell_harms_only_itself(tmp_path: Path, scripts: tuple[str, ...]) -> None:
    (tmp_path / "bin").mkdir()
    write(tmp_path, "etc/conda/activate.d/90.sh", NEXT)
    alone = activate(tmp_path)
    for number, script in enumerate(scripts):
        write(tmp_path, f"etc/conda/activate.d/{number}.sh", script)
    assert activate(tmp_path) == alone
    assert alone["HERE"] == f"{tmp_path}/bin"
    assert alone["LAST"] == str(Path.cwd())


def test_what_failed_is_named(tmp_path: Path) -> None:
    for name, text in {"a": "set -e; false", "b": "export B=1", "c": "return 4", "d": "exit 0"}.items():
        write(tmp_path, f"etc/conda/activate.d/{name}.sh", text)
    activated = Activation(tmp_path, "data").activate({"PATH": SYSTEM})
    folder = tmp_path / "etc/conda/activate.d"
    assert activated.problems == (
        f"The activation script {folder}/a.sh ended the shell; what it had set is left out.",
        f"The activation script {folder}/c.sh failed with status 4.",
        f"The activation script {folder}/d.sh ended the shell; what it had set is left out.",
    )
    assert activated.variables["B"] == "1"


def test_a_script_that_hangs_is_left_out_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conda_store_labext.kernels.shell.TIMEOUT", 3)
    write(tmp_path, "etc/conda/activate.d/a.sh", "export FIRST=1; exit 1")
    write(tmp_path, "etc/conda/activate.d/b.sh", "export LOST=1; sleep 600")
    write(tmp_path, "etc/conda/activate.d/c.sh", "sleep 600 & export LAST=1")
    activated = Activation(tmp_path, "data").activate({"PATH": SYSTEM})
    assert activated.variables["LAST"] == "1"
    assert not {"FIRST", "LOST"} & set(activated.variables)
    assert any("b.sh did not end in 3 s" in problem for problem in activated.problems)


def test_scripts_run_once_until_one_of_them_or_what_they_see_changes(tmp_path: Path) -> None:
    prefix, cache, count = tmp_path / "prefix", tmp_path / "cache.json", tmp_path / "count"
    script = f'echo run >> {count}\nexport TOOL="$CONDA_PREFIX $SEEN"\n'
    write(prefix, "etc/conda/activate.d/tool.sh", script)

    def run(**session: str) -> dict[str, str]:
        return activate(prefix, session, cache=cache)

    first = run()
    assert run(UNSEEN="1") == first | {"UNSEEN": "1"}
    assert count.read_text().count("run") == 1
    assert run(SEEN="x")["TOOL"] == f"{prefix} x"
    write(prefix, "etc/conda/activate.d/tool.sh", script + "export MORE=1\n")
    assert run()["MORE"] == "1"
    cache.write_text("{broken")
    assert run()["MORE"] == "1"
    assert count.read_text().count("run") == 4
    assert cache.stat().st_mode & 0o777 == 0o600
    assert activate(prefix, cache=tmp_path / "no-such-folder/cache")["MORE"] == "1"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_no_credential_of_the_session_gets_into_what_is_remembered(tmp_path: Path) -> None:
    leak = 'export LEAK="[$CONDA_STORE_TOKEN$MY_API_KEY]"; export ALL="$(env)"; export MY_API_KEY=other\n'
    write(tmp_path, "etc/conda/activate.d/leak.sh", leak)
    secrets = {"CONDA_STORE_TOKEN": "a-secret", "MY_API_KEY": "a-secret", "JUPYTER_TOKEN": "a-secret"}
    variables = activate(tmp_path, secrets, cache=tmp_path / "cache.json")
    assert variables["LEAK"] == "[]"
    assert variables["MY_API_KEY"] == "a-secret", "what the session has is not replaced unseen"
    assert "a-secret" not in (tmp_path / "cache.json").read_text()
    assert "CONDA_STORE_TOKEN" not in variables


def test_nothing_takes_away_what_makes_it_this_environment(tmp_path: Path) -> None:
    theirs = {"CONDA_PREFIX": "/other", "PATH": "/farm/bin", "CONDA_DEFAULT_ENV": "x", "CONDA_SHLVL": "9"}
    write(tmp_path, "conda-meta/state", json.dumps({"env_vars": theirs}))
    kernel = {**theirs, "LD_LIBRARY_PATH": "", "MANPATH": "/k:${MANPATH}", "OWN": "$HOME", "PRICE": "$$5"}
    session = {"PATH": SYSTEM, "LD_LIBRARY_PATH": NVIDIA, "MANPATH": "/m", "HOME": "/h"}
    variables = Activation(tmp_path, "data", jupyter="").activate(session, kernel).variables
    assert variables["CONDA_PREFIX"] == str(tmp_path)
    assert variables["CONDA_DEFAULT_ENV"] == str(tmp_path), "as conda has it, and uv believes no other"
    assert variables["PATH"] == f"{tmp_path}/bin:/farm/bin:{SYSTEM}"
    assert variables["LD_LIBRARY_PATH"] == NVIDIA
    assert variables["MANPATH"] == "/k:/m"
    assert (variables["OWN"], variables["PRICE"]) == ("/h", "$5")
    replaced = "export PATH=/tool/bin CONDA_PREFIX=/other; unset CONDA_DEFAULT_ENV"
    write(tmp_path, "etc/conda/activate.d/replace.sh", replaced)
    variables = activate(tmp_path)
    assert variables["PATH"] == f"{tmp_path}/bin:/tool/bin:{SYSTEM}"
    assert variables["CONDA_PREFIX"] == str(tmp_path)


@pytest.mark.parametrize("prevented", [True, False])
def test_scripts_do_not_write_into_a_folder_of_others(
    tmp_path: Path, prevented: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = tmp_path / "prefix"
    write(prefix, "etc/conda/activate.d/hook.sh", 'echo x > "$CONDA_PREFIX/etc/written"; export A=1')
    if not prevented:
        monkeypatch.setenv("PATH", str(tmp_path))
        (tmp_path / "bash").symlink_to("/bin/bash")
    activated = Activation(prefix, "data", kept=True).activate({"PATH": SYSTEM})
    assert not (prefix / "etc/written").exists()
    if "A" not in activated.variables:
        assert activated.problems == (
            "Its activation scripts were not run, because they could write to a folder that is not ours.",
        )
    assert prevented or "A" not in activated.variables
    assert Activation(prefix, "data").activate({"PATH": SYSTEM}).variables["A"] == "1"
    assert (prefix / "etc/written").exists(), "in a folder of our own it may"
    assert os.environ.get("A") is None
