"""Commands of `pipeline`."""
