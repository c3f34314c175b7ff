"""Where packages come from and go to."""
