"""Environments of this machine that other tools made: virtual, conda and pixi environments."""
