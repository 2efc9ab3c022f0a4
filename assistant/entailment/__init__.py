"""Whether a passage carries a sentence."""
