"""What can go wrong while asking.

AssistantError (a BelegtError, as those of the index are)
├── QuestionError  a question that can't be asked (empty, too long)
├── FilterError    a filter that can't be used (a date that doesn't exist)
├── PaceError      more questions than one client may ask
├── ModelError     a language model that fails, is too slow or says nothing
├── ReaderError    a reader or reranker that can't be loaded
├── SettingError   a setting or an option that can't be used
└── FeedbackError  feedback that can't be stored or read; in assistant.feedback

Every message is one line that names the thing, what is wrong with it, and what to do.
"""

from index.errors import BelegtError


class AssistantError(BelegtError):
    """Base of all errors of this package."""


class QuestionError(AssistantError):
    """The question can't be asked."""


class FilterError(AssistantError):
    """A filter can't be used."""


class PaceError(AssistantError):
    """More questions than one client may ask."""


class ModelError(AssistantError):
    """A language model fails, is too slow or says nothing: the answer in quotes stands in."""


class ReaderError(AssistantError):
    """A reader or reranker can't be loaded."""


class SettingError(AssistantError):
    """A setting or an option can't be used."""
