"""The server extension over HTTP."""
