"""How fast an environment gets here, against what is possible and against other ways (`make bench`)."""
