"""The pages on which leads are worked: each view fetches what may be seen, does one thing, answers once."""
