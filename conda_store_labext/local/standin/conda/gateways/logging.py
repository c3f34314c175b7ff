"""conda's own log levels, of which conda-store needs that the module can be imported."""
