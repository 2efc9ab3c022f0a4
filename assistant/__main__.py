"""`python -m assistant` is `belegt`."""

from assistant.cli import main

main()
