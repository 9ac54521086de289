"""Tracks that people receive: wishes, permissions, and the sections that carry them.

A subscription waits until a section of the subscriber is free. The server cannot offer, so it asks
for an offer with `media_sections_requirement`: the whole shortage at once, gathered over some
milliseconds, and not again while the client owes us one.
"""

from collections import Counter
from collections.abc import Iterable

from livekit.protocol import models, rtc

from veche.engine import Command

from . import codecs, limits
from .answer import Send
from .people import Allowed, Participant, Publication, Subscription
from .refusals import RequestRefused
from .room import Room, Timer

_BUSY_AFTER_OFFER_S = 0.5
_ALL_TEMPORAL_LAYERS = 3
_SCREEN_PRIORITY = 255
_CAMERA_PRIORITY = 1
_SCREENS = (models.TrackSource.SCREEN_SHARE, models.TrackSource.SCREEN_SHARE_AUDIO)


# --- wishes ------------------------------------------------------------------------------


def notice(room: Room, subscriber: Participant, publication: Publication) -> None:
    """A track exists: subscribe those who have everything automatically."""
    if subscriber.settings.auto_subscribe and publication.sid not in subscriber.refused_track_sids:
        wish(room, subscriber, publication)


def wish(room: Room, subscriber: Participant, publication: Publication) -> None:
    if (
        not subscriber.grants.can_subscribe
        or len(subscriber.subscriptions) >= limits.SUBSCRIPTIONS
        or publication.sid in subscriber.subscriptions
        or publication.publisher is subscriber
    ):
        return
    is_screen = publication.info.source in _SCREENS
    subscription = Subscription(
        subscriber,
        publication,
        is_allowed=publication.publisher.allowed.permits(subscriber, publication.sid),
        layer=0 if subscriber.settings.adaptive_stream else publication.layer_count - 1,
        priority=_SCREEN_PRIORITY if is_screen else _CAMERA_PRIORITY,
    )
    subscriber.subscriptions[publication.sid] = subscription
    if subscription.is_allowed:
        _ask_soon(room, subscriber)
    else:
        _tell_permission(room, subscription)


def forget(room: Room, subscriber: Participant, publication: Publication) -> None:
    subscription = subscriber.subscriptions.pop(publication.sid, None)
    if subscription is not None:
        _unbind(room, subscription)


def update(room: Room, participant: Participant, request: rtc.UpdateSubscription) -> None:
    track_sids = [
        *request.track_sids,
        *(sid for tracks in request.participant_tracks for sid in tracks.track_sids),
    ]
    change(room, participant, track_sids, request.subscribe)


def change(
    room: Room, participant: Participant, track_sids: Iterable[str], is_wished: bool
) -> None:
    for sid in list(track_sids)[: limits.TRACKS_IN_ONE_REQUEST]:
        publication = room.find_publication(sid)
        if publication is None:
            if is_wished:
                _tell_failure(room, participant, sid, models.SubscriptionError.SE_TRACK_NOTFOUND)
        elif is_wished:
            participant.refused_track_sids.discard(sid)
            wish(room, participant, publication)
        else:
            participant.refused_track_sids.add(sid)
            forget(room, participant, publication)


def drop_all(room: Room, participant: Participant) -> None:
    for subscription in list(participant.subscriptions.values()):
        forget(room, participant, subscription.publication)


# --- settings ----------------------------------------------------------------------------


def set_track(room: Room, participant: Participant, request: rtc.UpdateTrackSettings) -> None:
    for sid in request.track_sids[: limits.TRACKS_IN_ONE_REQUEST]:
        subscription = participant.subscriptions.get(sid)
        if subscription is None:
            continue
        publication = subscription.publication
        subscription.is_paused = request.disabled
        if not request.disabled:
            subscription.layer = (
                publication.layer_for_size(request.width, request.height)
                if request.width and request.height
                else publication.layer_for_quality(request.quality)
            )
        if request.priority:
            subscription.priority = min(request.priority, 255)
        _tell_engine(room, subscription)


def disable(room: Room, participant: Participant, track_sids: Iterable[str]) -> None:
    for sid in track_sids:
        subscription = participant.subscriptions.get(sid)
        if subscription is not None:
            subscription.is_paused = True
            _tell_engine(room, subscription)


def _tell_engine(room: Room, subscription: Subscription) -> None:
    if subscription.id is not None:
        room.order(
            Command.SetSubscription(
                subscription.id,
                subscription.is_paused,
                subscription.layer,
                _ALL_TEMPORAL_LAYERS,
                subscription.priority,
            )
        )


def stream_paused(room: Room, subscription_id: int, is_paused: bool) -> None:
    """The allocator found no room for this stream, or found it again."""
    subscription = room.subscriptions.get(subscription_id)
    if subscription is None:
        return
    info = rtc.StreamStateInfo(
        participant_sid=subscription.publication.publisher.sid,
        track_sid=subscription.publication.sid,
        state=rtc.StreamState.PAUSED if is_paused else rtc.StreamState.ACTIVE,
    )
    update = rtc.StreamStateUpdate(stream_states=[info])
    room.post(subscription.subscriber, rtc.SignalResponse(stream_state_update=update))


# --- permission by the publisher ----------------------------------------------------------


def set_permission(room: Room, publisher: Participant, request: rtc.SubscriptionPermission) -> None:
    entries = request.track_permissions
    if len(entries) > limits.PARTICIPANTS_IN_A_ROOM:
        raise RequestRefused(rtc.RequestResponse.LIMIT_EXCEEDED, "too many permissions")
    names = [(entry.participant_sid or entry.participant_identity, entry) for entry in entries]
    publisher.allowed = Allowed(
        is_everybody=request.all_participants,
        whole=frozenset(name for name, entry in names if entry.all_tracks),
        single=frozenset((name, sid) for name, entry in names for sid in entry.track_sids),
    )
    for subscriber in room.others(publisher):
        for publication in publisher.publications.values():
            subscription = subscriber.subscriptions.get(publication.sid)
            if subscription is not None:
                _apply_permission(room, subscription)


def _apply_permission(room: Room, subscription: Subscription) -> None:
    publication = subscription.publication
    is_allowed = publication.publisher.allowed.permits(subscription.subscriber, publication.sid)
    if is_allowed == subscription.is_allowed:
        return
    subscription.is_allowed = is_allowed
    _tell_permission(room, subscription)
    if is_allowed:
        _ask_soon(room, subscription.subscriber)
    else:
        _unbind(room, subscription)


def _tell_permission(room: Room, subscription: Subscription) -> None:
    update = rtc.SubscriptionPermissionUpdate(
        participant_sid=subscription.publication.publisher.sid,
        track_sid=subscription.publication.sid,
        allowed=subscription.is_allowed,
    )
    room.post(subscription.subscriber, rtc.SignalResponse(subscription_permission_update=update))


def _tell_failure(
    room: Room, participant: Participant, sid: str, error: models.SubscriptionError
) -> None:
    response = rtc.SubscriptionResponse(track_sid=sid, err=error)
    room.post(participant, rtc.SignalResponse(subscription_response=response))


# --- sections ----------------------------------------------------------------------------


def bind_waiting(room: Room, participant: Participant) -> None:
    """Give the free sections of the offer at hand to those who wait, voices first."""
    free = {kind: participant.negotiation.free_sections(kind) for kind in ("audio", "video")}
    waiting = [s for s in participant.subscriptions.values() if s.is_waiting]
    for subscription in sorted(waiting, key=lambda s: s.publication.kind):
        sections = free[subscription.publication.kind]
        if not sections:
            continue
        codec = codecs.carried(sections[0], subscription.publication.codec)
        if codec is None:
            subscription.is_impossible = True
            error = models.SubscriptionError.SE_CODEC_UNSUPPORTED
            _tell_failure(room, participant, subscription.publication.sid, error)
            continue
        section = sections.pop(0)
        send = Send(
            codec=codec,
            stream_id=_stream_id(room, subscription),
            track_id=subscription.publication.sid,
            canonical_name=subscription.publication.publisher.sid,
            ssrc=room.fresh_ssrc(),
            rtx_ssrc=room.fresh_ssrc() if codec.rtx_payload_type is not None else None,
        )
        participant.negotiation.bind(section.mid, send)
        _bind(room, subscription, section.mid, send)


def _bind(room: Room, subscription: Subscription, mid: str, send: Send) -> None:
    publication, subscriber = subscription.publication, subscription.subscriber
    subscription.mid, subscription.id = mid, room.around.ids.next()
    room.subscriptions[subscription.id] = subscription
    publication.subscriptions[subscriber.id] = subscription
    room.order(
        Command.Subscribe(
            subscriber.id,
            subscription.id,
            publication.id,
            mid,
            send.ssrc,
            send.rtx_ssrc,
            send.codec.payload_type,
            send.codec.rtx_payload_type,
        )
    )
    _tell_engine(room, subscription)
    if not publication.was_subscribed:
        publication.was_subscribed = True
        subscribed = rtc.TrackSubscribed(track_sid=publication.sid)
        room.post(publication.publisher, rtc.SignalResponse(track_subscribed=subscribed))


def _stream_id(room: Room, subscription: Subscription) -> str:
    """`PA_x|TR_y`, or one stream for voice and picture of a source where lips are synchronised.

    Firefox invents its own track ids and finds the track by the packed form only.
    """
    publication = subscription.publication
    name = publication.sid
    if room.config.is_stream_synced and not subscription.subscriber.is_firefox:
        name = "screen_share" if publication.info.source in _SCREENS else "camera"
    return f"{publication.publisher.sid}|{name}"


def _unbind(room: Room, subscription: Subscription) -> None:
    if subscription.mid is not None:
        subscription.subscriber.negotiation.release(subscription.mid)
    _stop(room, subscription)


def _stop(room: Room, subscription: Subscription) -> None:
    if subscription.id is not None:
        room.order(Command.Unsubscribe(subscription.id))
        room.subscriptions.pop(subscription.id, None)
        subscription.publication.subscriptions.pop(subscription.subscriber.id, None)
    subscription.mid = subscription.id = None


def lose_section(room: Room, participant: Participant, mid: str) -> None:
    """The client stopped the section under a live track: the track waits for another."""
    for subscription in participant.subscriptions.values():
        if subscription.mid == mid:
            _stop(room, subscription)


# --- asking for offers ---------------------------------------------------------------------


def _ask_soon(room: Room, participant: Participant) -> None:
    """A timer that runs already is kept: it gathers, or gives the client time for its offer."""
    is_busy = room.now.monotonic - participant.last_offer_at < _BUSY_AFTER_OFFER_S
    delay = limits.NEGOTIATE_BUSY_S if is_busy else limits.NEGOTIATE_QUIET_S
    room.set_timer(Timer.NEGOTIATE, participant.id, delay, keep=True)


def offer_came(room: Room, participant: Participant) -> None:
    """After an answer: what still waits needs another round, with more sections or rested ones."""
    room.stop_timer(Timer.NEGOTIATE, participant.id)
    ask(room, participant)


def ask(room: Room, participant: Participant) -> None:
    """Ask for an offer if anything waits; again later, should none come."""
    if participant.negotiation.offer is None:
        return  # its first offer brings everything
    waiting = Counter(
        subscription.publication.kind
        for subscription in participant.subscriptions.values()
        if subscription.is_waiting
    )
    if not waiting:
        return
    spare = participant.negotiation.spare_count
    requirement = rtc.MediaSectionsRequirement(
        num_audios=max(0, waiting["audio"] - spare("audio")),
        num_videos=max(0, waiting["video"] - spare("video")),
    )
    room.post(participant, rtc.SignalResponse(media_sections_requirement=requirement))
    room.set_timer(Timer.NEGOTIATE, participant.id, limits.REQUIREMENT_PATIENCE_S)
