"""What is wrong with a file or a mapping, said all at once and before anything is stored."""

from collections.abc import Sequence

from config.faults import Fault


class ImportRefused(Exception):
    """The file or its mapping cannot be used; nothing was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
