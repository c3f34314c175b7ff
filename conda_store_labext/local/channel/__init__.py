"""A conda channel made from the running CPython and wheels, for where no conda channel is in reach."""
