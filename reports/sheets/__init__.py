"""The reports as tables: rows for the page, and sheets of figures to the cent for files."""
