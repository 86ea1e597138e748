"""Files of others into our tables: readers, mappings and values are pure; loaders call the actions."""
