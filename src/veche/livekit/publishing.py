"""Tracks that people send: announced by `add_track`, alive when their section is negotiated.

Owns pending tracks and publications. A track is shown to others from the answer that accepts its
section until the offer that stops it, and never before the publisher's grant allowed its source.
"""

from collections.abc import Iterable

from livekit.protocol import models, rtc

from veche.engine import Command, Layer

from . import announcing, codecs, flooring, limits, subscribing
from .answer import TRANSPORT_SEQUENCE
from .people import Participant, Pending, Publication, Quality
from .refusals import MessageRefused, RequestRefused
from .room import Room
from .sdp import Codec, Section
from .sids import track_sid

Reason = rtc.RequestResponse
# Lowest quality first; the digits are Firefox's and older clients' (2 is the smallest picture).
_RID_RANKS = {"q": 0, "h": 1, "f": 2, "2": 0, "1": 1, "0": 2}
_KINDS = {"audio": models.TrackType.AUDIO, "video": models.TrackType.VIDEO}
_MAX_QUALITY = Quality.HIGH


def add_track(room: Room, participant: Participant, request: rtc.AddTrackRequest) -> None:
    _forget_stale(room, participant)
    _check_request(participant, request)
    pending = Pending(request, _announced_info(request), room.now.monotonic)
    participant.pending_tracks.append(pending)
    published = rtc.TrackPublishedResponse(cid=request.cid, track=pending.info)
    room.post(participant, rtc.SignalResponse(track_published=published))
    _claim_sections(room, participant)


def _forget_stale(room: Room, participant: Participant) -> None:
    oldest = room.now.monotonic - limits.PENDING_TRACK_S
    participant.pending_tracks = [
        pending for pending in participant.pending_tracks if pending.announced_at >= oldest
    ]


def _check_request(participant: Participant, request: rtc.AddTrackRequest) -> None:
    if not participant.grants.may_publish_source(request.source):
        raise RequestRefused(Reason.NOT_ALLOWED, "this source may not be published")
    if request.type not in _KINDS.values():
        raise RequestRefused(Reason.UNSUPPORTED_TYPE, "only audio and video are published")
    if request.sid:
        raise RequestRefused(Reason.UNSUPPORTED_TYPE, "backup codecs are not accepted")
    if not request.cid or max(len(request.cid), len(request.name)) > limits.NAME_LETTERS:
        raise RequestRefused(Reason.INVALID_REQUEST, "the track's id or name is empty or too long")
    count = len(participant.pending_tracks) + len(participant.publications)
    if count >= limits.PUBLICATIONS or len(request.layers) > limits.RIDS:
        raise RequestRefused(Reason.LIMIT_EXCEEDED, "too many tracks")


def _announced_info(request: rtc.AddTrackRequest) -> models.TrackInfo:
    info = models.TrackInfo(
        sid=track_sid(request.type, request.source),
        type=request.type,
        name=request.name,
        muted=request.muted,
        width=request.width,
        height=request.height,
        disable_dtx=request.disable_dtx,
        source=request.source,
        layers=_sorted(request.layers),
        stereo=request.stereo,
        disable_red=True,
        encryption=request.encryption,
        stream=request.stream,
        audio_features=request.audio_features,
        backup_codec_policy=request.backup_codec_policy,
        packet_trailer_features=request.packet_trailer_features,
    )
    for codec in request.simulcast_codecs[:1]:
        info.codecs.append(
            models.SimulcastCodecInfo(mime_type=f"video/{codec.codec.upper()}", cid=codec.cid)
        )
        if not info.layers:
            info.layers.extend(_sorted(codec.layers))
    return info


def _sorted(layers: Iterable[models.VideoLayer]) -> list[models.VideoLayer]:
    """Python sends them in any order."""
    return sorted(layers, key=lambda layer: layer.quality)


def settle(room: Room, participant: Participant, stopped_mids: Iterable[str]) -> None:
    """Bring publications in line with the offer that was just begun."""
    stopped = set(stopped_mids)
    for known in list(participant.publications.values()):
        if known.mid in stopped:
            end(room, known)
    negotiation = participant.negotiation
    by_mid = {known.mid: known for known in participant.publications.values()}
    participant.unclaimed_mids = []
    for section in negotiation.sending_sections():
        publication = by_mid.get(section.mid)
        if publication is not None:
            if not _is_replaced(participant, section):
                continue
            end(room, publication)
        if negotiation.accept_sending(section) is None:
            _refuse_codec(room, participant, section)
        else:
            participant.unclaimed_mids.append(section.mid)
    _claim_sections(room, participant)


def _is_replaced(participant: Participant, section: Section) -> bool:
    """One offer may both stop a track and start another in the same section."""
    return participant.negotiation.track_id_of(section.mid) != section.track_id and any(
        pending.matches(section.track_id) for pending in participant.pending_tracks
    )


def _refuse_codec(room: Room, participant: Participant, section: Section) -> None:
    pending = _match(participant, section)
    if pending is not None:
        participant.pending_tracks.remove(pending)
        refusal = rtc.RequestResponse(
            reason=Reason.UNSUPPORTED_TYPE,
            message="none of the offered codecs is forwarded",
            add_track=pending.request,
        )
        room.post(participant, rtc.SignalResponse(request_response=refusal))


def _match(participant: Participant, section: Section) -> Pending | None:
    """By the msid's track id, else the oldest request of that kind."""
    candidates = [p for p in participant.pending_tracks if p.info.type == _KINDS[section.kind]]
    exact = [pending for pending in candidates if pending.matches(section.track_id)]
    return next(iter(exact or candidates), None)


def _claim_sections(room: Room, participant: Participant) -> None:
    """Join accepted sections with announced tracks, whichever came first."""
    for section in participant.negotiation.sending_sections():
        if section.mid in participant.unclaimed_mids:
            pending = _match(participant, section)
            if pending is not None:
                participant.unclaimed_mids.remove(section.mid)
                participant.pending_tracks.remove(pending)
                _begin(room, participant, section, pending)


def _begin(room: Room, participant: Participant, section: Section, pending: Pending) -> None:
    codec = participant.negotiation.accept_sending(section)
    if codec is None:
        raise AssertionError("a section without a codec was accepted")
    rids = sorted(section.rids, key=lambda rid: _RID_RANKS.get(rid, 0))
    publication = Publication(
        id=room.around.ids.next(),
        publisher=participant,
        cid=pending.request.cid,
        mid=section.mid,
        codec=codec,
        info=_complete_info(pending.info, section, codec, rids),
        is_held_back=flooring.is_held_back(room, participant, section.kind),
    )
    participant.publications[publication.sid] = publication
    room.publications[publication.id] = publication
    room.order(
        Command.Publish(
            participant.id,
            publication.id,
            section.mid,
            codec.name,
            codec.payload_type,
            codec.rtx_payload_type,
            codec.name == "opus" or "nack" in codec.feedback,
            "transport-cc" in codec.feedback and TRANSPORT_SEQUENCE in dict(section.extensions),
            _engine_layers(section, rids),
            publication.is_open,
        )
    )
    announcing.changed(room, participant)
    announcing.room_changed(room, at_once=False)
    room.tell("track_published", participant, publication.info)
    for other in room.others(participant):
        subscribing.notice(room, other, publication)


def _engine_layers(section: Section, rids: list[str]) -> list[Layer]:
    if rids:
        return [Layer(rid=rid) for rid in rids]
    if section.sources:
        ssrc, rtx_ssrc = section.sources[0]
        return [Layer(ssrc=ssrc, rtx_ssrc=rtx_ssrc)]
    return [Layer()]


def _complete_info(
    info: models.TrackInfo, section: Section, codec: Codec, rids: list[str]
) -> models.TrackInfo:
    info.mid = section.mid
    info.mime_type = codecs.mime_type(codec)
    info.simulcast = len(rids) > 1
    if section.kind == "video":
        layers = _video_layers(info, rids)
        del info.layers[:]
        info.layers.extend(layers)
    cid = info.codecs[0].cid if info.codecs else ""
    del info.codecs[:]
    info.codecs.append(
        models.SimulcastCodecInfo(
            mime_type=info.mime_type, mid=section.mid, cid=cid, layers=info.layers
        )
    )
    return info


def _video_layers(info: models.TrackInfo, rids: list[str]) -> list[models.VideoLayer]:
    """One entry per encoding that is really sent, lowest first; the announced ones may differ."""
    announced = list(info.layers)
    if not rids:
        whole = models.VideoLayer(quality=_MAX_QUALITY, width=info.width, height=info.height)
        return announced[-1:] or [whole]
    layers = []
    for index, rid in enumerate(rids):
        layer = models.VideoLayer(quality=Quality.Name(index), width=info.width, height=info.height)
        if index < len(announced):
            layer.CopyFrom(announced[index])
        layer.rid, layer.spatial_layer = rid, index
        layers.append(layer)
    return layers


def end(room: Room, publication: Publication, *, tell_publisher: bool = False) -> None:
    participant = publication.publisher
    for other in room.others(participant):
        subscribing.forget(room, other, publication)
    del participant.publications[publication.sid]
    del room.publications[publication.id]
    room.order(Command.Unpublish(publication.id))
    if tell_publisher:
        unpublished = rtc.TrackUnpublishedResponse(track_sid=publication.sid)
        room.post(participant, rtc.SignalResponse(track_unpublished=unpublished))
    announcing.changed(room, participant)
    announcing.room_changed(room, at_once=False)
    room.tell("track_unpublished", participant, publication.info)


def enforce_grants(room: Room, participant: Participant) -> None:
    """Take away what a changed grant forbids."""
    grants = participant.grants
    participant.pending_tracks = [
        p for p in participant.pending_tracks if grants.may_publish_source(p.info.source)
    ]
    for publication in list(participant.publications.values()):
        if not grants.may_publish_source(publication.info.source):
            end(room, publication, tell_publisher=True)


def mute(room: Room, participant: Participant, request: rtc.MuteTrackRequest) -> None:
    publication = participant.publications.get(request.sid)
    if publication is not None:
        set_muted(room, publication, request.muted)
        return
    for pending in participant.pending_tracks:
        if pending.info.sid == request.sid:
            pending.info.muted = request.muted
            return
    raise RequestRefused(Reason.NOT_FOUND, "no such track of yours")


def set_muted(room: Room, publication: Publication, is_muted: bool) -> None:
    """The gate in the forwarder closes with it: nobody is heard who is shown as muted."""
    if publication.info.muted == is_muted:
        return
    was_open = publication.is_open
    publication.info.muted = is_muted
    if publication.is_open != was_open:
        room.order(Command.SetGate(publication.id, publication.is_open))
    announcing.changed(room, publication.publisher)


def update_audio(room: Room, participant: Participant, request: rtc.UpdateLocalAudioTrack) -> None:
    info = _own(participant, request.track_sid).info
    del info.audio_features[:]
    info.audio_features.extend(request.features)
    announcing.changed(room, participant)


def update_video(room: Room, participant: Participant, request: rtc.UpdateLocalVideoTrack) -> None:
    info = _own(participant, request.track_sid).info
    info.width, info.height = request.width, request.height
    announcing.changed(room, participant)


def _own(participant: Participant, sid: str) -> Publication:
    publication = participant.publications.get(sid)
    if publication is None:
        raise RequestRefused(Reason.NOT_FOUND, "no such track of yours")
    return publication


def check_known(participant: Participant, sids: Iterable[str]) -> None:
    """After a resume: a client that believes in tracks we do not know must come afresh."""
    pending = {p.info.sid for p in participant.pending_tracks}
    if any(sid not in participant.publications and sid not in pending for sid in sids):
        raise MessageRefused("tracks of another session")


def wanted_layer_changed(room: Room, publication_id: int, layer: int | None) -> None:
    """Dynacast: which qualities any subscriber wants; the publisher stops encoding the others."""
    publication = room.publications.get(publication_id)
    if publication is None or publication.kind != "video":
        return
    qualities = [
        rtc.SubscribedQuality(quality=entry.quality, enabled=layer is not None and index <= layer)
        for index, entry in enumerate(publication.info.layers)
    ]
    update = rtc.SubscribedQualityUpdate(
        track_sid=publication.sid,
        subscribed_qualities=qualities,
        subscribed_codecs=[rtc.SubscribedCodec(codec=publication.codec.name, qualities=qualities)],
    )
    room.post(publication.publisher, rtc.SignalResponse(subscribed_quality_update=update))
