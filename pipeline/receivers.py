"""What `pipeline` does when it hears news of `leads` and `scoring`."""


def connect() -> None:
    """Listen to the signals of `leads` and `scoring`."""
