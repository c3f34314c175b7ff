"""The places that packages come from and go to."""
