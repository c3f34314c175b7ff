"""The pipeline: from an archive on a server to an environment on disk, whatever happens meanwhile."""
