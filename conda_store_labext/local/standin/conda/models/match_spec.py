"""Match specifications, as py-rattler reads them."""

import rattler


class MatchSpec:
    """A package's name with conditions; raises where the text is no specification."""

    def __init__(self, spec: str) -> None:
        name = rattler.MatchSpec(spec, exact_names_only=True).name
        self.name: str = getattr(name, "normalized", None) or str(name)
