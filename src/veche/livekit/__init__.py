"""The embedded LiveKit-compatible server: signalling, negotiation, rooms, the RoomService API.

`server` is the HTTP and WebSocket edge, `rooms` the sync core behind it, `standalone` runs both
alone (`veche sfu`). Decisions are pure: a room is a state machine that takes a message or an
event and leaves effects (commands for the engine, messages for people) in its outbox.
"""
