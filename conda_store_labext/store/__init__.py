"""The environments on this machine's disk: the folder's layout, locks, usage."""
