"""The one base of every refusal: a sentence that the person who asked may read."""


class Refusal(Exception):
    """The request was understood and is not allowed now; pages show the sentence, the API answers 409."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
