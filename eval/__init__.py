"""Cases, metrics, run, gate: does the assistant stay grounded?"""
