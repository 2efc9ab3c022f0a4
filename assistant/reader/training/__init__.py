"""How the reader is made: never imported at run time."""
