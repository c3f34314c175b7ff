"""A client of one conda-store server: the connection with its credential, HTTP, the REST API."""
