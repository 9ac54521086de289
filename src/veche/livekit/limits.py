"""Every limit of the wire, in one place: what a client may send us and how long we wait for it.

All sizes are those of *decoded* data. A limit is inclusive: a value equal to it passes.
"""

KIB = 1024
MIB = 1024 * KIB

# --- sizes -------------------------------------------------------------------------------
FRAME_BYTES = 64 * KIB
"""A signal message that carries no session description."""
SDP_BYTES = 256 * KIB
"""A session description; a conference of 60 sections by Chromium 156 is 120 kB."""
DESCRIPTION_FRAME_BYTES = 2 * SDP_BYTES + FRAME_BYTES
"""A signal message with descriptions: `sync_state` carries an offer and an answer."""
JOIN_REQUEST_BYTES = SDP_BYTES + FRAME_BYTES
"""A join request, after gunzip; the clients of 2026 send 14 to 18 kB."""
JOIN_REQUEST_TEXT = 64 * KIB
"""The same as it stands in the query, base64; seen: 2.1 to 2.5 kB."""
TOKEN_TEXT = 16 * KIB
METADATA_BYTES = 64 * KIB
ATTRIBUTES_BYTES = 64 * KIB
"""Keys and values of all attributes of one participant together."""
NAME_LETTERS = 256
"""Names of rooms and participants, identities, track names, client-made ids."""
DATA_PACKET_BYTES = 64 * KIB
RPC_PAYLOAD_BYTES = 15 * KIB
TWIRP_BODY_BYTES = 10 * MIB

# --- counts ------------------------------------------------------------------------------
SECTIONS = 256
"""Media sections of one description; sections are never taken away from one (RFC 8829)."""
CODECS = 64
EXTENSIONS = 32
RIDS = 3
SOURCES = 12
"""SSRC of one section: three layers with their repair streams, twice over."""
CANDIDATES = 64
PUBLICATIONS = 8
"""Of one participant, with those announced and not negotiated yet; the engine's own bound."""
SUBSCRIPTIONS = 256
"""Of one participant; the engine's own bound."""
TRACKS_IN_ONE_REQUEST = 1024
DESTINATIONS = 1024
ROOMS = 1000
PARTICIPANTS_IN_A_ROOM = 1000

# --- rates -------------------------------------------------------------------------------
MESSAGES_PER_SECOND = 200.0
MESSAGE_BURST = 600.0
"""A client joining with twenty tracks and their candidates sends about 150 messages at once."""
OFFER_COST = 10.0
"""An offer of 14 kB takes 1 to 5 ms to answer, some ten times a plain message."""
DATA_BYTES_PER_SECOND = 4.0 * MIB
DATA_BURST_BYTES = 8.0 * MIB

# --- outgoing ----------------------------------------------------------------------------
OUTBOX_BYTES = 1 * MIB
"""Signal messages waiting for a slow reader; one more byte closes it."""
OUTBOX_PATIENCE_S = 5.0
"""The longest that one message may wait in the socket."""
REPLAY_S = 2.0
REPLAY_BYTES = 2 * MIB
"""Reliable data kept for those who are still connecting; the oldest goes first."""

# --- waiting -----------------------------------------------------------------------------
PING_INTERVAL_S = 5
PING_TIMEOUT_S = 15
SIGNAL_SILENCE_S = 3.0 * PING_TIMEOUT_S
"""A socket without a ping for three timeouts is dead, whatever TCP believes."""
ICE_FAILED_S = 5.0
"""After the engine's own 10 s of silence: then the client is told to resume."""
LOST_CLEANUP_S = 5.0
"""From "resume" to the end, if the client does not come."""
SIGNAL_LOST_S = 60.0
"""Signal lost while media still flows: kept this long. livekit-client stops trying to resume
after 44 to 52 s (the sum of its delays); ICE that dies earlier ends the participant earlier."""
CONNECT_S = 60.0
"""From the join to the first media connection."""
DEPARTURE_TIMEOUT_S = 20
EMPTY_TIMEOUT_S = 300
PENDING_TRACK_S = 30.0
"""A track that was announced and never offered is forgotten; clients give up after 10 s."""
NEGOTIATE_QUIET_S = 0.010
NEGOTIATE_BUSY_S = 0.150
"""How long requests for a new offer are gathered: the first of a quiet time, and the next ones."""
REQUIREMENT_PATIENCE_S = 5.0
"""A client that did not offer by then is asked again."""
UPDATE_GATHER_S = 0.100
"""News of people who only listen are sent together; those of publishers at once."""
ROOM_UPDATE_S = 5.0
QUALITY_S = 5.0
TOKEN_LIFE_S = 600
TOKEN_REFRESH_S = 300.0
TOKEN_LEEWAY_S = 30
RPC_ACKNOWLEDGE_S = 7.0
RPC_RESPONSE_S = 15.0
"""Where the caller names none."""
RPC_RESPONSE_LONGEST_S = 60.0
