"""The time until an environment is here, against the possible and against other ways (`make bench`)."""
