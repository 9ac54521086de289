"""The living demonstration: one meeting made of a ministry's announcement, two robot halls.

Owns data and robots; everything they do goes through the same doors as people: links, tokens,
the LiveKit wire. Must never reach into the server it demonstrates.
"""
