"""Parts that files of other tools have, `{n}` a number of their own, and frames to put them in."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.specifications.pieces import pip_forms

PROJECTS = {
    "project": (
        pip_forms,
        '[project]\nname = "a"\nrequires-python = ">=3.9"\ndependencies = ["last", {quoted}]\n',
    ),
    "extras": (
        pip_forms,
        '[project]\ndependencies = ["last"]\n[project.optional-dependencies]\ntest = [{quoted}]\n',
    ),
    "groups": (pip_forms, '[project]\ndependencies = ["last"]\n[dependency-groups]\ndev = [{quoted}]\n'),
    "one group": (pip_forms, '[dependency-groups]\ndev = ["last", {quoted}]\n'),
    "uv": (pip_forms, '[project]\ndependencies = ["last"]\n[tool.uv]\ndev-dependencies = [{quoted}]\n'),
    "uv constraints": (
        pip_forms,
        '[project]\ndependencies = ["last"]\n[tool.uv]\nconstraint-dependencies = [{quoted}]\n',
    ),
    "pdm": (
        pip_forms,
        '[project]\ndependencies = ["last"]\n[tool.pdm.dev-dependencies]\ntest = [{quoted}]\n',
    ),
    "hatch": (
        pip_forms,
        '[project]\ndependencies = ["last"]\n[tool.hatch.envs.docs]\ndependencies = [{quoted}]\n',
    ),
}
poetry_forms = st.sampled_from(
    [
        'p{n} = "^1.2"',
        'p{n} = "*"',
        'p{n} = {{version = "~1", extras = ["x"]}}',
        'p{n} = {{git = "https://host/o/r.git", tag = "v1", subdirectory = "s"}}',
        'p{n} = {{git = "git@host:o/r.git"}}',
        'p{n} = {{path = "../p{n}", develop = true}}',
        'p{n} = {{url = "https://host/p{n}-1.0-py3-none-any.whl"}}',
        'p{n} = {{version = "^1", optional = true}}',
        'p{n} = [{{version = "1", python = "<3.9"}}, {{version = "2", python = ">=3.9"}}]',
        'p{n} = "nonsense!"',
        'p{n} = "^1 || ^2"',
        'p{n} = {{version = "1", markers = "sys_platform == \'win32\'"}}',
        'p{n} = {{version = "*", platform = "win32"}}',
        'p{n} = {{version = "*", source = "mine"}}',
    ]
)
POETRY = {
    "dependencies": '[tool.poetry.dependencies]\npython = "^3.9"\nlast = "1"\n{lines}',
    "group": '[tool.poetry.dependencies]\nlast = "1"\n[tool.poetry.group.test.dependencies]\n{lines}',
    "dev": '[tool.poetry.dependencies]\nlast = "1"\n[tool.poetry.dev-dependencies]\n{lines}',
}
PIPFILE = {
    "packages": '[packages]\nlast = "*"\n{lines}[requires]\npython_version = "3.11"\n',
    "dev-packages": '[packages]\nlast = "*"\n[dev-packages]\n{lines}',
    "a category": '[packages]\nlast = "*"\n[docs]\n{lines}',
}
pixi_forms = st.sampled_from(
    [
        'c{n} = "*"',
        'c{n} = ">=1, <2"',
        'c{n} = {{version = ">=1", channel = "forge"}}',
        'c{n} = {{path = "./c{n}"}}',
        'c{n} = {{git = "https://host/o/r.git"}}',
        'c{n} = {{version = "1.0", build = "py_0"}}',
        'c{n} = {{version = "*", build = "py_0"}}',
        'c{n} = ">>1"',
        'c{n} = {{version = "*", channel = "https://me:s3cr3t@host/x"}}',
    ]
)
PIXI_TABLES = (
    *("dependencies", "host-dependencies", "build-dependencies", "target.linux.dependencies"),
    *("target.win-64.dependencies", "feature.test.dependencies", "feature.test.target.osx.dependencies"),
    "package.run-dependencies",
)
PIXI = '[workspace]\nname = "a"\nchannels = ["x"]\nplatforms = ["linux-64"]\n[dependencies]\nlast = "*"\n'
locked_forms = st.sampled_from(
    [
        'version = "1.0"',
        'version = "1.0"\nmarker = "sys_platform == \'win32\'"',
        'version = "1.0"\nindex = "https://p{n}.example/simple"',
        'directory = {{ path = "." }}',
        'vcs = {{ type = "git", url = "https://host/o/r.git", commit-id = "ab", subdirectory = "s" }}',
        'archive = {{ url = "https://host/p{n}-1.0.tar.gz" }}',
        'archive = {{ path = "p{n}.tar.gz" }}',
        "",
    ]
)
uv_forms = st.sampled_from(
    [
        'version = "1.0"\nsource = {{ registry = "https://pypi.org/simple" }}',
        'version = "1.0"\nsource = {{ registry = "https://p{n}.example/simple" }}',
        'version = "1.0"\nsource = {{ git = "https://host/o/r.git?subdirectory=s&rev=v1#ab" }}',
        'version = "1.0"\nsource = {{ url = "https://host/p{n}-1.0.tar.gz" }}',
        'version = "1.0"\nsource = {{ directory = "../p{n}" }}',
    ]
)
r_forms = st.sampled_from(["p{n}", "p{n} (>= 1.0)", "p{n} (== 1.0-2)", "p{n} (>> 1)", "p{n}@1"])
renv_forms = st.sampled_from(
    [
        '{{"Source": "Repository", "Version": "1"}}',
        '{{"Source": "Bioconductor"}}',
        '{{"Source": "GitHub"}}',
        "{{}}",
        "null",
    ]
)
list_forms = st.sampled_from(
    [
        "c{n}=1.0=py_0",
        "p{n}=1.0=pypi_0",
        "c{n} =1.0",
        "forge::c{n}>=1",
        "c{n}",
        "./c{n}.conda",
        "-c c{n}",
        "--file c{n}.txt",
        "https://host/linux-64/c{n}-1-0.conda",
    ]
)
