"""`conda` and `mamba`: `python -m conda ...`."""

from .cli.main import main_and_leave

main_and_leave()
