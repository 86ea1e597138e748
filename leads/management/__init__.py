"""Commands of `leads`."""
