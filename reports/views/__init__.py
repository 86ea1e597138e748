"""The pages of the reports: a form reads the address, a query module answers, a template draws."""
