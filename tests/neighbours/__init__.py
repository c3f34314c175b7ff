"""Other extensions beside this one, each walked through; `make neighbours` installs them and runs these."""
