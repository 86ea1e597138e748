"""What `scoring` does when it hears news of `leads`."""


def connect() -> None:
    """Listen to the signals of `leads`."""
