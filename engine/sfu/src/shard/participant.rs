//! What one client is to the shard: the keys and the path of its link, what it sends and receives.

use super::command::{Fault, Point, Refusal};
use super::deadlines::Alarm;
use super::egress::EgressBatch;
use super::padding::Padding;
use super::publication::Publication;
use super::slab::Index;
use super::snapshot::Counted;
use super::streams::Streams;
use super::subscription::Subscription;
use crate::allocator::Allocator;
use crate::feedback::{RembIn, RoundTrip, TwccIn};
use crate::ids::{ParticipantId, RoomId};
use crate::limits;
use crate::path::Path;
use crate::rtcp::{DoesNotFit, NtpTime, ShortTime, Writer};
use crate::rtp::ExtensionIds;
use crate::srtp::{SrtpIn, SrtpOut};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// One client.
pub(super) struct Participant {
    pub(super) id: ParticipantId,
    pub(super) room: RoomId,
    pub(super) link: Link,
    pub(super) inbound: Inbound,
    pub(super) extensions: ExtensionIds,
    pub(super) publications: Vec<Index<Publication>>,
    pub(super) subscriptions: Vec<Index<Subscription>>,
    /// Which subscription each of our SSRCs towards the peer is of; sorted.
    pub(super) outgoing: Vec<(u32, Index<Subscription>)>,
    /// Every SSRC we ever sent with under these keys. One used again would begin its packet index
    /// again, and two packets sealed under one (SSRC, index) give AES-GCM's key away (RFC 7714 8.1).
    used_ssrcs: BTreeSet<u32>,
    pub(super) round_trip: RoundTrip,
    pub(super) estimate: RembIn,
    pub(super) limit_bps: Option<u64>,
    pub(super) allocator: Allocator,
    pub(super) padding: Padding,
    /// The receiver clock that the peer last told us, to be answered: whose, what, when.
    pub(super) reference: Option<ReferenceReceived>,
    pub(super) clock: PeerClock,
    pub(super) requests: RequestBudget,
    pub(super) schedule: Schedule,
    pub(super) lost: Lost,
    pub(super) counted: Counted,
    pub(super) alarm: Alarm,
    pub(super) armed: Option<(Point, Fault)>,
    /// Its share of a flush failed and it waits to be taken away.
    pub(super) is_ended: bool,
}

/// What sending to a client needs, and nothing else: read for every packet that it gets.
pub(super) struct Link {
    pub(super) path: Option<Path>,
    pub(super) srtp: Option<SrtpOut>,
    /// Whom our reports and requests come from.
    pub(super) report_ssrc: u32,
    pub(super) packets: u64,
    pub(super) bytes: u64,
}

/// What receiving from a client needs.
pub(super) struct Inbound {
    pub(super) srtp: Option<SrtpIn>,
    pub(super) streams: Streams,
    pub(super) transport_wide: Option<TwccIn>,
    pub(super) packets: u64,
    pub(super) bytes: u64,
}

/// When the periodic parts of a participant's turn are due; none: not at all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Schedule {
    /// Receiver reports, and what goes with them.
    pub(super) reception: Option<Instant>,
    /// Sender reports.
    pub(super) transmission: Option<Instant>,
    /// Which layers live, who waits for a key frame.
    pub(super) survey: Option<Instant>,
    pub(super) allocation: Option<Instant>,
}

/// Fractions lost in the last report interval, 0..=1.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lost {
    pub(super) incoming: f32,
    pub(super) outgoing: f32,
}

/// A receiver reference time (RFC 3611 section 4.4).
#[derive(Clone, Copy, Debug)]
pub(super) struct ReferenceReceived {
    pub(super) ssrc: u32,
    pub(super) reference: ShortTime,
    pub(super) arrived: Instant,
}

impl Participant {
    pub(super) fn new(now: Instant, id: ParticipantId, room: RoomId, report_ssrc: u32) -> Self {
        Self {
            id,
            room,
            link: Link {
                path: None,
                srtp: None,
                report_ssrc,
                packets: 0,
                bytes: 0,
            },
            inbound: Inbound {
                srtp: None,
                streams: Streams::default(),
                transport_wide: None,
                packets: 0,
                bytes: 0,
            },
            extensions: ExtensionIds::default(),
            publications: Vec::new(),
            subscriptions: Vec::new(),
            outgoing: Vec::new(),
            used_ssrcs: BTreeSet::new(),
            round_trip: RoundTrip::default(),
            estimate: RembIn::default(),
            limit_bps: None,
            allocator: Allocator::new(),
            padding: Padding::default(),
            reference: None,
            clock: PeerClock::default(),
            requests: RequestBudget::new(now),
            schedule: Schedule::default(),
            lost: Lost::default(),
            counted: Counted::nothing(now),
            alarm: Alarm::default(),
            armed: None,
            is_ended: false,
        }
    }

    /// The subscription that we send with `ssrc`.
    pub(super) fn subscription_of(&self, ssrc: u32) -> Option<Index<Subscription>> {
        let place = self
            .outgoing
            .binary_search_by_key(&ssrc, |(known, _)| *known)
            .ok()?;
        self.outgoing
            .get(place)
            .map(|(_, subscription)| *subscription)
    }

    pub(super) fn begin_publishing(&mut self, now: Instant, has_twcc: bool) {
        self.schedule.reception.get_or_insert(now);
        self.schedule.survey.get_or_insert(now);
        if has_twcc {
            self.inbound
                .transport_wide
                .get_or_insert_with(|| TwccIn::new(now));
        }
    }

    /// Takes SSRCs for a subscription; each can be taken once.
    pub(super) fn reserve_ssrcs(&mut self, ssrcs: &[Option<u32>]) -> Result<(), Refusal> {
        let wanted = || ssrcs.iter().flatten();
        let is_used = |ssrc: &u32| self.used_ssrcs.contains(ssrc) || *ssrc == self.link.report_ssrc;
        if wanted().any(is_used) {
            return Err(Refusal::AlreadyHere);
        }
        let used = self.used_ssrcs.len().saturating_add(wanted().count());
        if used > limits::SSRCS_SENT_PER_PARTICIPANT {
            return Err(Refusal::TooMany);
        }
        self.used_ssrcs.extend(wanted());
        Ok(())
    }

    pub(super) fn begin_subscription(
        &mut self,
        now: Instant,
        index: Index<Subscription>,
        ssrcs: &[Option<u32>],
    ) {
        self.subscriptions.push(index);
        self.outgoing
            .extend(ssrcs.iter().flatten().map(|ssrc| (*ssrc, index)));
        self.outgoing.sort_unstable_by_key(|(ssrc, _)| *ssrc);
        self.schedule.transmission.get_or_insert(now);
        self.schedule.allocation.get_or_insert(now);
    }
}

impl Link {
    /// Notes media packets handed to the sender.
    pub(super) fn count(&mut self, packets: u64, bytes: u64) {
        self.packets = self.packets.saturating_add(packets);
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Writes, seals and commits one control datagram; none if `write` writes nothing.
    pub(super) fn send_control(
        &mut self,
        batch: &mut EgressBatch,
        write: impl FnOnce(&mut Writer<'_>) -> Result<(), DoesNotFit>,
    ) {
        let (Some(path), Some(srtp)) = (self.path, self.srtp.as_mut()) else {
            return;
        };
        let overhead = srtp.rtcp_overhead();
        let staged = batch.stage();
        let room = limits::CONTROL_BYTES.saturating_sub(overhead);
        let mut writer = Writer::new(staged.get_mut(..room).unwrap_or_default());
        // What did not fit was not written, and what was written before it stands.
        let _ = write(&mut writer);
        let length = writer.len();
        if length == 0 {
            return;
        }
        let sealed = length.saturating_add(overhead);
        let Some(datagram) = staged.get_mut(..sealed) else {
            return;
        };
        if srtp.seal_rtcp(datagram).is_ok() {
            batch.commit(path, sealed, None);
        }
    }
}

/// How far a peer's clock is behind ours, by the sender reports that came with the least delay.
/// One for all its streams: what they show together stays together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PeerClock {
    /// NTP units, and when it was measured.
    behind: Option<(i64, Instant)>,
}

impl PeerClock {
    /// Clocks of computers drift apart by up to 100 parts in a million, 429 497 NTP units a
    /// second; the least delay ever seen must not hold a drifting clock back.
    const DRIFT_PER_SECOND: u64 = 429_497;
    /// A clock that was set anew differs by more than any network delays.
    const JUMP: i64 = 5 << 32;

    pub(super) fn observe(&mut self, now: Instant, ours: NtpTime, theirs: NtpTime) {
        let sample = ours.0.wrapping_sub(theirs.0).cast_signed();
        let (behind, measured) = self.behind.unwrap_or((sample, now));
        let elapsed = now.saturating_duration_since(measured).as_secs();
        let drift = i64::try_from(Self::DRIFT_PER_SECOND.saturating_mul(elapsed)).unwrap_or(0);
        let allowed = behind.saturating_add(drift);
        let has_jumped = sample.saturating_sub(behind).saturating_abs() > Self::JUMP;
        let chosen = if has_jumped {
            sample
        } else {
            sample.min(allowed)
        };
        self.behind = Some((chosen, now));
    }

    /// What the peer's clock says when ours says `ours`.
    pub(super) fn theirs(&self, ours: NtpTime) -> Option<NtpTime> {
        let (behind, _) = self.behind?;
        Some(NtpTime(ours.0.wrapping_sub(behind.cast_unsigned())))
    }
}

/// What a peer may still ask of us in this second: each of its requests can cost a packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestBudget {
    since: Instant,
    nack_items: u32,
    bytes: u32,
}

impl RequestBudget {
    const PERIOD: Duration = Duration::from_secs(1);

    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            nack_items: limits::NACK_ITEMS_PER_SECOND,
            bytes: limits::RETRANSMITTED_BYTES_PER_SECOND,
        }
    }

    /// Takes one item of a negative acknowledgement.
    pub(super) fn take_nack_item(&mut self, now: Instant) -> bool {
        self.begin_period(now);
        let left = self.nack_items.checked_sub(1);
        self.nack_items = left.unwrap_or_default();
        left.is_some() && self.bytes > 0
    }

    /// Notes a packet sent again.
    pub(super) fn spend(&mut self, bytes: usize) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    fn begin_period(&mut self, now: Instant) {
        if now.saturating_duration_since(self.since) >= Self::PERIOD {
            *self = Self::new(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_thousand_negative_acknowledgements_a_second_are_heard_and_not_one_more() {
        let now = Instant::now();
        let mut budget = RequestBudget::new(now);
        for _ in 0..limits::NACK_ITEMS_PER_SECOND {
            assert!(budget.take_nack_item(now));
        }
        assert!(!budget.take_nack_item(now));
        assert!(!budget.take_nack_item(now + Duration::from_millis(999)));
        assert!(budget.take_nack_item(now + Duration::from_secs(1)));
    }

    #[test]
    fn who_has_got_its_bytes_back_gets_no_more_in_this_second() {
        let now = Instant::now();
        let mut budget = RequestBudget::new(now);
        budget.spend(usize::try_from(limits::RETRANSMITTED_BYTES_PER_SECOND).unwrap() - 1);
        assert!(budget.take_nack_item(now));
        budget.spend(1);
        assert!(!budget.take_nack_item(now));
        assert!(budget.take_nack_item(now + Duration::from_secs(1)));
    }

    #[test]
    fn a_sender_report_that_was_delayed_does_not_move_the_clock() {
        let now = Instant::now();
        let (ours, theirs) = (NtpTime(1000 << 32), NtpTime(10 << 32));
        let mut clock = PeerClock::default();
        clock.observe(now, ours, theirs);
        let second = Duration::from_secs(1);
        let late = ours.after(second).after(Duration::from_millis(300));
        clock.observe(now + second, late, theirs.after(second));
        let error = clock
            .theirs(ours.after(second))
            .unwrap()
            .0
            .abs_diff(theirs.after(second).0);
        assert!(error <= PeerClock::DRIFT_PER_SECOND);
    }

    #[test]
    fn a_clock_that_was_set_anew_is_followed_at_once() {
        let now = Instant::now();
        let mut clock = PeerClock::default();
        clock.observe(now, NtpTime(1000 << 32), NtpTime(10 << 32));
        clock.observe(now, NtpTime(1000 << 32), NtpTime(990 << 32));
        assert_eq!(clock.theirs(NtpTime(1001 << 32)), Some(NtpTime(991 << 32)));
        clock.observe(now, NtpTime(1000 << 32), NtpTime(10 << 32));
        assert_eq!(clock.theirs(NtpTime(1001 << 32)), Some(NtpTime(11 << 32)));
    }
}
