//! What participants report and ask by RTCP. Each packet of a compound is heard by itself; what
//! is about none of the sender's own streams or subscriptions is ignored.

use super::participant::{Participant, ReferenceReceived};
use super::publication::ReportReceived;
use super::slab::Index;
use super::streams::Claim;
use super::turn::Turn;
use super::{Point, Rejection, Shard};
use crate::rtcp::{self, ExtendedBlock, Packet, ReportBlock, SenderInfo, round_trip};
use crate::rtp::SourceClock;
use std::time::Instant;

impl Shard {
    pub(super) fn handle_control(
        &mut self,
        now: Instant,
        sender: Index<Participant>,
        datagram: &mut [u8],
        turn: &mut Turn,
    ) -> Result<(), Rejection> {
        let participant = self
            .participants
            .get_mut(sender)
            .ok_or(Rejection::UnknownPath)?;
        let srtp = participant
            .inbound
            .srtp
            .as_mut()
            .ok_or(Rejection::Unauthenticated)?;
        let length = srtp.open_rtcp(datagram)?;
        turn.pass(Point::Control);
        let compound = datagram.get(..length).ok_or(Rejection::Malformed)?;
        for packet in rtcp::packets(compound) {
            turn.spend(1);
            match packet {
                Ok(packet) => self.hear(now, sender, &packet, turn),
                Err(_) => self.totals.refused.count(Rejection::Malformed),
            }
        }
        Ok(())
    }

    fn hear(
        &mut self,
        now: Instant,
        sender: Index<Participant>,
        packet: &Packet<'_>,
        turn: &mut Turn,
    ) {
        match packet {
            Packet::SenderReport(report) => {
                self.hear_sender(now, sender, report.ssrc, report.info);
                self.hear_reports(now, sender, report.reports.iter(), turn);
            }
            Packet::ReceiverReport(report) => {
                self.hear_reports(now, sender, report.reports.iter(), turn);
            }
            Packet::Nack(nack) => {
                self.repeat(now, sender, nack.media_ssrc, nack.sequences(), turn);
            }
            Packet::PictureLoss(loss) => self.want_key_frame(now, sender, loss.media_ssrc),
            Packet::FullIntraRequest(request) => {
                for entry in request.entries.iter() {
                    turn.spend(1);
                    self.want_key_frame(now, sender, entry.ssrc);
                }
            }
            Packet::Remb(remb) => {
                if let Some(participant) = self.participants.get_mut(sender) {
                    participant.estimate.estimated(now, remb.bitrate_bps);
                }
            }
            Packet::ExtendedReport(report) => {
                for block in report.blocks() {
                    turn.spend(1);
                    let ExtendedBlock::ReferenceTime(reference) = block else {
                        continue;
                    };
                    if let Some(participant) = self.participants.get_mut(sender) {
                        participant.reference = Some(ReferenceReceived {
                            ssrc: report.ssrc,
                            reference: reference.shortened(),
                            arrived: now,
                        });
                    }
                }
            }
            // A sender that leaves stops sending, and its section closes by command; what it says
            // about congestion is about streams on which we offered no such numbers.
            Packet::Goodbye(_) | Packet::TransportFeedback(_) | Packet::Ignored { .. } => {}
        }
    }

    /// Two moments of a publisher's clocks: of its wall and of one layer.
    fn hear_sender(
        &mut self,
        now: Instant,
        sender: Index<Participant>,
        ssrc: u32,
        info: SenderInfo,
    ) {
        let ours = self.ntp(now);
        let Some(participant) = self.participants.get_mut(sender) else {
            return;
        };
        let streams = &participant.inbound.streams;
        let claim = streams.find(ssrc).and_then(|place| streams.claim(place));
        let Some(Claim::Media(source)) = claim else {
            return;
        };
        participant.clock.observe(now, ours, info.ntp);
        let Some(publication) = self.publications.get_mut(source.publication) else {
            return;
        };
        if let Some(clock) = publication.clocks.get_mut(source.layer.index()) {
            *clock = Some(SourceClock {
                ntp: info.ntp,
                timestamp: info.rtp_timestamp,
            });
        }
        if let Some(layer) = publication.layer_mut(source.layer) {
            layer.report = Some(ReportReceived { info, arrived: now });
        }
    }

    fn hear_reports(
        &mut self,
        now: Instant,
        sender: Index<Participant>,
        reports: impl Iterator<Item = ReportBlock>,
        turn: &mut Turn,
    ) {
        let ours = self.ntp(now);
        let Some(participant) = self.participants.get_mut(sender) else {
            return;
        };
        let (mut lost, mut heard) = (0.0_f32, 0.0_f32);
        for report in reports {
            turn.spend(1);
            let Some(index) = participant.subscription_of(report.ssrc) else {
                continue;
            };
            if let Some(subscription) = self.subscriptions.get_mut(index)
                && subscription.description.ssrc == report.ssrc
            {
                subscription.is_known = true;
            }
            if let Some(measured) = round_trip(ours, report.last_report, report.delay) {
                participant.round_trip.measured(measured);
            }
            lost += f32::from(report.fraction_lost) / 256.0;
            heard += 1.0;
        }
        if heard > 0.0 {
            participant.lost.outgoing = lost / heard;
        }
    }

    /// A subscriber cannot decode on.
    fn want_key_frame(&mut self, now: Instant, sender: Index<Participant>, ssrc: u32) {
        let participant = self.participants.get(sender);
        let subscription = participant
            .and_then(|participant| participant.subscription_of(ssrc))
            .and_then(|index| self.subscriptions.get(index));
        let Some(subscription) = subscription else {
            return;
        };
        let Some(publication) = self.publications.get_mut(subscription.publication) else {
            return;
        };
        if let Some(layer) = subscription.layer().filter(|_| publication.is_video()) {
            publication.key_frames.want(layer.index());
            let owner = publication.owner;
            self.wake(owner, now);
        }
    }
}
