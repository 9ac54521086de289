"""Offers of real and of hostile clients, and the answers they get."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.offers import FIRST, VP8, Media, OfferText
from veche.livekit import limits
from veche.livekit.answer import Local, candidate_lines
from veche.livekit.negotiation import Negotiation, Transport
from veche.livekit.sdp import BadOffer, parse_offer

CORPUS = Path(__file__).parents[2] / "corpus" / "sdp"
RECORDED = sorted(CORPUS.glob("*.sdp"))
LOCAL = Local("ours", "p" * 24, "sha-256 " + ":".join(["AB"] * 32), (("192.0.2.1", 7882),))


def read(path: Path) -> str:
    return path.read_bytes().decode()


def answer(text: str) -> str:
    negotiation = Negotiation()
    negotiation.begin(parse_offer(text))
    for section in negotiation.sending_sections():
        negotiation.accept_sending(section)
    return negotiation.answer(LOCAL)[0]


def lines_of(text: str, prefix: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(prefix)]


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_offer_is_answered_section_by_section(path: Path) -> None:
    offered = read(path)
    answered = answer(offered)
    assert lines_of(answered, "a=mid:") == lines_of(offered, "a=mid:")
    kinds = [line.split()[0] for line in lines_of(offered, "m=")]
    assert [line.split()[0] for line in lines_of(answered, "m=")] == kinds
    assert "a=ice-lite" in answered
    assert answered.count("a=candidate:") == 1
    offered_ids = set(lines_of(offered, "a=extmap:"))
    assert set(lines_of(answered, "a=extmap:")) <= offered_ids
    assert set(lines_of(answered, "a=rtpmap:")) <= set(lines_of(offered, "a=rtpmap:"))
    assert set(lines_of(answered, "a=fmtp:")) <= set(lines_of(offered, "a=fmtp:"))


def test_an_unused_section_stays_inactive_with_all_it_could_carry() -> None:
    section = answer(str(OfferText())).split("m=")[4]
    assert section.startswith("video 9 ")
    assert "a=inactive" in section
    for name in ("VP8", "H264", "rtx"):
        assert f" {name}/90000" in section
    assert "VP9" not in section
    # Without these libwebrtc refuses the client's own next simulcast offer.
    assert "sdes:rtp-stream-id" in section
    assert "sdes:repaired-rtp-stream-id" in section


def test_what_we_receive_is_measured_by_sequence_and_what_we_send_by_time() -> None:
    offer = OfferText().plus(Media("video", "sendonly", "cam", ssrc=7))
    section = answer(str(offer)).split("m=")[-1]
    assert "transport-wide-cc" in section
    assert "abs-send-time" not in section
    assert "transport-cc" in section
    assert "goog-remb" not in section


def test_the_data_section_is_accepted() -> None:
    section = answer(str(OfferText())).split("m=")[-1]
    assert section.startswith("application 9 UDP/DTLS/SCTP webrtc-datachannel")
    assert "a=sctp-port:5000" in section


def test_a_stopped_section_is_answered_with_port_zero() -> None:
    text = str(OfferText()).replace("m=audio 9", "m=audio 0", 1)
    answered = answer(text)
    assert lines_of(answered, "m=")[0].startswith("m=audio 0")
    assert lines_of(answered, "a=group:") == ["a=group:BUNDLE 1 2 3 4 5 6"]


def test_candidates_prefer_ipv6_and_keep_their_order() -> None:
    lines = candidate_lines([("192.0.2.1", 5), ("2001:db8::1", 5), ("192.0.2.2", 5)])
    priorities = {line.split()[4]: int(line.split()[3]) for line in lines[:-1]}
    order = sorted(priorities, key=lambda address: -priorities[address])
    assert order == ["2001:db8::1", "192.0.2.1", "192.0.2.2"]
    assert lines[-1] == "a=end-of-candidates"


def test_sections_of_the_same_text_are_parsed_once() -> None:
    first, second = parse_offer(str(OfferText())), parse_offer(str(OfferText(ufrag="OTHR")))
    assert first.ufrag != second.ufrag
    assert all(a is b for a, b in zip(first.sections, second.sections, strict=True))


def test_an_offer_is_new_the_same_or_restarted() -> None:
    negotiation = Negotiation()
    same = parse_offer(str(OfferText()))
    assert negotiation.begin(same).transport is Transport.NEW
    assert negotiation.begin(same).transport is Transport.SAME
    other = parse_offer(str(OfferText(pwd="otherPasswordOf22Letters")))
    assert negotiation.begin(other).transport is Transport.RESTARTED


BAD = {
    "empty": "",
    "no sections": "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n",
    "no ufrag": str(OfferText()).replace("a=ice-ufrag", "a=x"),
    "ufrag with a space": str(OfferText(ufrag="a b c")),
    "short password": str(OfferText(pwd="p" * 21)),
    "no fingerprint": str(OfferText()).replace("a=fingerprint", "a=x"),
    "weak fingerprint": str(OfferText()).replace("sha-256", "sha-1"),
    "fingerprint too short": str(OfferText()).replace("D1:D1:D1", "D1"),
    "unknown kind": str(OfferText()).replace("m=audio", "m=smell"),
    "no mid": str(OfferText()).replace("a=mid:0", "a=x"),
    "one mid twice": str(OfferText()).replace("a=mid:0", "a=mid:1"),
    "mid too long": str(OfferText()).replace("a=mid:0", "a=mid:" + "x" * 17),
    "payload type too high": str(OfferText()).replace(" 111 63", " 128 63"),
    "payload type with a sign": str(OfferText()).replace(" 111 63", " +11 63"),
    "payload type in other digits": str(OfferText()).replace(" 111 63", " ١١١ 63"),
    "extension id zero": str(OfferText()).replace("a=extmap:4", "a=extmap:0"),
    "one extension under two ids": str(OfferText()).replace("a=extmap:4", "a=extmap:5", 1),
    "rid of other letters": str(OfferText().plus(Media("video", "sendonly", "cam", ("q{",)))),
    "four rids": str(OfferText().plus(Media("video", "sendonly", "cam", ("a", "b", "c", "d")))),
    "ssrc too large": str(OfferText().plus(Media("audio", "sendonly", "m", ssrc=2**32))),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_bad_offer_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(BadOffer) as refusal:
        parse_offer(text)
    assert len(str(refusal.value)) < 80


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
def test_the_length_has_a_limit(extra: int, is_accepted: bool) -> None:
    text = str(OfferText())
    text += "x" * (limits.SDP_BYTES + extra - len(text))
    expect(text, is_accepted)


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
def test_sections_have_a_limit(extra: int, is_accepted: bool) -> None:
    small = Media("video", video_codecs=(tuple(VP8[:1]),))
    expect(str(OfferText((small,) * (limits.SECTIONS + extra))), is_accepted)


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
def test_sources_of_a_section_have_a_limit(extra: int, is_accepted: bool) -> None:
    count = limits.SOURCES + extra
    more = "".join(f"a=ssrc:{number} cname:x\r\n" for number in range(1, count + 1))
    expect(str(OfferText()).replace("a=rtcp-mux\r\n", "a=rtcp-mux\r\n" + more, 1), is_accepted)


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
def test_extensions_of_a_section_have_a_limit(extra: int, is_accepted: bool) -> None:
    count = limits.EXTENSIONS + extra - 4
    more = "".join(f"a=extmap:{number + 20} urn:x:{number}\r\n" for number in range(count))
    expect(str(OfferText()).replace("a=rtcp-mux\r\n", "a=rtcp-mux\r\n" + more, 1), is_accepted)


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
def test_candidates_have_a_limit(extra: int, is_accepted: bool) -> None:
    count = limits.CANDIDATES * len(FIRST) + extra
    expect(str(OfferText()) + "a=candidate:1\r\n" * count, is_accepted)


def expect(text: str, is_accepted: bool) -> None:
    if is_accepted:
        parse_offer(text)
    else:
        with pytest.raises(BadOffer):
            parse_offer(text)


SEEDS = [read(path) for path in RECORDED] + [
    str(OfferText().plus(Media("video", "sendonly", "cam", ("q", "h", "f"))))
]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mutated_offer_is_answered_or_refused_and_never_anything_else(
    data: st.DataObject,
) -> None:
    lines = data.draw(st.sampled_from(SEEDS)).splitlines()
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(("cut", "drop", "twice", "swap", "letters"))):
            case "cut":
                lines[place] = lines[place][: data.draw(st.integers(0, len(lines[place])))]
            case "drop" if len(lines) > 1:
                del lines[place]
            case "twice":
                lines.insert(place, lines[place])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case _:
                lines[place] += data.draw(st.text(max_size=20))
    try:
        answered = answer("\r\n".join(lines))
    except BadOffer:
        return
    assert "\n\n" not in answered.replace("\r", "")
    assert all(line[1:2] == "=" for line in answered.splitlines())
