"""The class of the benchmark's `instances` input. Its own module, because a pickle names its classes by module."""


class Reading:
    def __init__(self, number, value):
        self.number = number
        self.value = value
