"""The sample repository that the demo offers to try next."""

from __future__ import annotations

import shlex

from ..errors import CondaStoreLabError
from ..local import LocalServer


def how_to_open(store: LocalServer, lab: str) -> str:
    """Make the sample repository and return how it is opened, in lines; nothing where there is no git.

    `lab` is JupyterLab's address, with its token if it has one.
    """
    from ..repositories.links import Link
    from ..repositories.sample import make_sample

    try:
        sample = make_sample(store.paths.root / "samples")
    except CondaStoreLabError:
        return ""
    server, _, query = lab.partition("lab?")
    page = Link(sample.as_uri()).url(server.removesuffix("lab")) + (f"&{query}" if query else "")
    command = shlex.join(["jupyter", "conda-store", "open", str(sample), "--build"])
    return (
        f"From a repository to a notebook on its own environment: {page}\n"
        f"or, in another terminal in this folder: {command}\n"
    )
