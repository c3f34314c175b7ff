"""Images of copies for containers, in OCI's formats, made without a container engine."""
