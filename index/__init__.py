"""Articles → passages → Chroma, and back: question → hits. Knows nothing of chat."""
