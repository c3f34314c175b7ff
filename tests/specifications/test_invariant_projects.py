"""Each part of other tools' files, generated, is in the specification or in a note."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conda_store_labext.specifications.convert import convert
from tests.specifications.forms import (
    PIPFILE,
    PIXI,
    PIXI_TABLES,
    POETRY,
    PROJECTS,
    list_forms,
    locked_forms,
    pixi_forms,
    poetry_forms,
    r_forms,
    renv_forms,
    uv_forms,
)
from tests.specifications.pieces import Piece, check, conda_forms, missing, pieces_of, pip_forms

generated = settings(deadline=None, max_examples=20)


def lines_of(pieces: list[Piece]) -> str:
    return "".join(f"{each.text}\n" for each in pieces)


def hold(filename: str, text: str, pieces: list[Piece]) -> None:
    conversion = convert(filename, text)
    assert not [each.text for each in missing(conversion, pieces)], (text, conversion)
    check(conversion)


@pytest.mark.parametrize("place", PROJECTS)
def test_a_pyproject(place: str) -> None:
    forms, frame = PROJECTS[place]

    @generated
    @given(pieces_of(forms, 1, 8, 100))
    def holds(pieces: list[Piece]) -> None:
        quoted = ", ".join(json.dumps(each.text) for each in pieces)
        hold("pyproject.toml", frame.format(quoted=quoted), pieces)

    holds()


@pytest.mark.parametrize("frame", POETRY.values(), ids=POETRY)
def test_a_project_of_poetry(frame: str) -> None:
    @generated
    @given(pieces_of(poetry_forms, 1, 8, 100))
    def holds(pieces: list[Piece]) -> None:
        text = frame.format(lines=lines_of(pieces))
        source = '[[tool.poetry.source]]\nname = "mine"\nurl = "https://p999.example/simple"\n'
        hold("pyproject.toml", text + source, [*pieces, Piece(source, "999")])

    holds()


@pytest.mark.parametrize("frame", PIPFILE.values(), ids=PIPFILE)
def test_a_pipfile(frame: str) -> None:
    @generated
    @given(pieces_of(poetry_forms, 1, 8, 100))
    def holds(pieces: list[Piece]) -> None:
        source = '[[source]]\nname = "mine"\nurl = "https://p999.example/simple"\n'
        hold("Pipfile", source + frame.format(lines=lines_of(pieces)), [*pieces, Piece(source, "999")])

    holds()


@generated
@given(
    st.lists(st.sampled_from(["default", "develop", "docs"]), min_size=1, max_size=6),
    st.sampled_from([{"version": "==1.0"}, {"path": "."}, {"git": "https://host/o/r.git", "ref": "ab"}]),
)
def test_a_lock_of_pipenv(places: list[str], entry: dict[str, str]) -> None:
    lock: dict[str, dict[str, object]] = {"_meta": {}, "default": {"last": {"version": "==1"}}}
    pieces = [Piece(place, f"{100 + number}") for number, place in enumerate(places)]
    for piece in pieces:
        lock.setdefault(piece.text, {})[f"p{piece.trace}"] = entry
    hold("Pipfile.lock", json.dumps(lock), pieces)


@generated
@given(
    st.lists(st.tuples(st.sampled_from(PIXI_TABLES), pieces_of(pixi_forms, 1, 3, 100)), max_size=3),
    pieces_of(poetry_forms.filter(lambda form: form[7] in '"{'), 0, 3, 200),
    st.sampled_from(["", "target.win.", "feature.x."]),
)
def test_a_workspace_of_pixi(listed: list[tuple[str, list[Piece]]], pip: list[Piece], place: str) -> None:
    tables = {name: pieces for name, pieces in listed if name != "dependencies"}
    conda = [
        Piece(each.text.replace("c1", f"c{number}1"), f"{number}{each.trace}")
        for number, pieces in enumerate(tables.values(), 3)
        for each in pieces
    ]
    rest = iter(conda)
    text = PIXI + lines_of(direct := dict(listed).get("dependencies", []))
    for name, pieces in tables.items():
        text += f"[{name}]\n" + lines_of([next(rest) for _ in pieces])
    text += f"[{place}pypi-dependencies]\n" + lines_of(pip)
    text += '[activation]\nscripts = ["p901.sh"]\nenv = {P902 = "1"}\n[tasks]\np903 = "start"\n'
    text += '[pypi-options]\nextra-index-urls = ["https://p904.example/simple"]\n[p905]\nx = "1"\n'
    options = [Piece("", number) for number in ("901", "902", "903", "904", "905")]
    hold("pixi.toml", text, [*direct, *conda, *pip, *options])


@generated
@given(pieces_of(locked_forms, 1, 8, 100))
def test_a_pylock(pieces: list[Piece]) -> None:
    entries = "".join(f'[[packages]]\nname = "p{each.trace}"\n{each.text}\n' for each in pieces)
    hold("pylock.toml", f'[[packages]]\nname = "last"\nversion = "1"\n{entries}', pieces)


@generated
@given(pieces_of(uv_forms, 1, 8, 100), st.sampled_from(["", ", marker = \"sys_platform == 'win32'\""]))
def test_a_lock_of_uv(pieces: list[Piece], marker: str) -> None:
    wanted = ", ".join(f'{{ name = "p{each.trace}"{marker} }}' for each in pieces)
    root = '[[package]]\nname = "a"\nsource = { editable = "." }\n'
    root += f'dependencies = [{{ name = "last" }}, {wanted}]\n'
    root += '[package.optional-dependencies]\ntest = [{ name = "p901" }]\n'
    root += '[package.dev-dependencies]\ndev = [{ name = "p902" }]\n'
    entries = "".join(f'[[package]]\nname = "p{each.trace}"\n{each.text}\n' for each in pieces)
    last = '[[package]]\nname = "last"\nversion = "1"\n'
    hold("uv.lock", root + last + entries, [*pieces, Piece("", "901"), Piece("", "902")])


@generated
@given(pieces_of(pip_forms, 1, 8, 100), pieces_of(pip_forms, 1, 4, 200))
def test_files_of_setuptools(pieces: list[Piece], extra: list[Piece]) -> None:
    listed = ["last", *(each.text for each in pieces)]
    optional = [each.text for each in extra]
    text = "[options]\ninstall_requires =\n" + "".join(f"    {line}\n" for line in listed)
    text += "[options.extras_require]\ntest =\n" + "".join(f"    {line}\n" for line in optional)
    hold("setup.cfg", text, [*pieces, *extra])
    text = f"setup(install_requires={listed}, extras_require={{'test': {optional}}})"
    hold("setup.py", text, [*pieces, *extra])


@generated
@given(pieces_of(pip_forms, 1, 8, 100))
def test_a_block_in_a_script(pieces: list[Piece]) -> None:
    listed = "".join(f"#   {json.dumps(each.text)},\n" for each in pieces)
    hold("a.py", f'# /// script\n# dependencies = [\n#   "last",\n{listed}# ]\n# ///\n', pieces)


@generated
@given(pieces_of(r_forms, 1, 4, 100), pieces_of(r_forms, 1, 4, 200), pieces_of(renv_forms, 1, 8, 300))
def test_files_of_r(imports: list[Piece], suggests: list[Piece], locked: list[Piece]) -> None:
    fields = {"Imports": imports, "Suggests": suggests}
    text = "Package: a\nSystemRequirements: P901 (>= 1)\nDepends: R (>= 4)\n"
    for field, pieces in fields.items():
        text += f"{field}: {', '.join(each.text for each in pieces)}\n"
    hold("DESCRIPTION", text, [*imports, *suggests, Piece("", "901")])
    packages = ", ".join(f'"p{each.trace}": {each.text}' for each in locked)
    hold("renv.lock", f'{{"Packages": {{"last": {{"Source": "CRAN"}}, {packages}}}}}', locked)


@generated
@given(pieces_of(list_forms, 1, 8, 100))
def test_a_list_of_conda(pieces: list[Piece]) -> None:
    hold("list.txt", "# platform: linux-64\nlast=1.0=0\n" + lines_of(pieces), pieces)


@generated
@given(
    pieces_of(conda_forms, 1, 4, 100),
    pieces_of(st.sampled_from(["c{n}", "./c{n}", "https://me:s3cr3t@host/c{n}", "${{C}}/c{n}"]), 1, 4, 200),
    st.sampled_from(["sel(win)", "sel(linux)", "sel(py > 3)"]),
)
def test_conditions_channels_and_keys_of_an_environment(
    conda: list[Piece], channels: list[Piece], condition: str
) -> None:
    text = "channels:\n" + "".join(f"- {json.dumps(each.text)}\n" for each in channels)
    text += "dependencies:\n- last\n"
    text += "".join(f"- {condition}: {json.dumps(each.text)}\n" for each in conda)
    text += "p901: x\nvariables: {P902: '1'}\n"
    hold("environment.yml", text, [*conda, *channels, Piece("", "901"), Piece("", "902")])
