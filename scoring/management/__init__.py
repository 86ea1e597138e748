"""Commands of `scoring`."""
