"""A build's archive on its way here: downloaded, inflated, written, its prefix fixed, as one stream."""
