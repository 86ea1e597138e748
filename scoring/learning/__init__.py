"""What history teaches: suggestions that are never applied by themselves."""
