"""What the readers of archives make of bytes that nobody meant."""
