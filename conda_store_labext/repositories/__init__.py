"""A git repository and the environment that its notebooks run on: looked at, cloned, opened, written back."""
