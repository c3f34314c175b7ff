"""The Python tests, against a real conda-store-server."""
