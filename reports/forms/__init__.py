"""What each report is asked: one module a report; page, lists, files and API read it there."""
