"""Our side of any media server: the port that the application uses, and what stands behind it.

`port` names the seam (tokens, RoomService calls, news), `embedded` drives the engine of this
process, `cluster` speaks to a LiveKit cluster, `fake` stands in for the engine in unit tests.
"""
