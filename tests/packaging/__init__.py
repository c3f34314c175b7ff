"""The tests of what pip and build make of this tree."""
