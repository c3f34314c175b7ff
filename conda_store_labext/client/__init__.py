"""What is asked of a conda-store server: the connection with its credential, HTTP, the REST API."""
