"""Question → answer. `from assistant import Assistant`."""

from assistant.engine import Assistant, Chat
from assistant.errors import AssistantError
from assistant.types import Answer, Citation, Conflict, Sentence

__all__ = ["Answer", "Assistant", "AssistantError", "Chat", "Citation", "Conflict", "Sentence"]
