"""The configuration and process of the embedded conda-store-server."""
