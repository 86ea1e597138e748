"""Forms of the pages on which leads are worked: they check what was typed, the verbs what is allowed."""
