"""The order of calls for each stage, over ports: what a stage reads is what the stage before has stored.

Each stage can be run alone, again, and after a crash, and leaves the same result.
"""
