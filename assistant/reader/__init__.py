"""Which words of a text answer a question, and how surely: `from assistant.reader import Reader`."""

from assistant.reader.model import AnyReader, Reader, Reading

__all__ = ["AnyReader", "Reader", "Reading"]
