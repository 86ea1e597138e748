"""Read-only questions over all: forecast and funnel."""
