//! What we tell publishers about what arrives from them: loss and jitter each second, and the
//! arrival of every packet each 50 ms where they estimate their path themselves.

use super::Shard;
use super::participant::Participant;
use super::publication::{Layer, Publication};
use super::slab::{Index, Slab};
use super::turn::Turn;
use crate::loss::video_capacity;
use crate::rtcp::{DelayReport, LIST_MAX, ReportBlock, ShortTime, TransportFeedbackHead};
use std::time::{Duration, Instant};

/// Time between two receiver reports.
pub(super) const INTERVAL: Duration = Duration::from_secs(1);
/// Told to a publisher without an estimator of its own (no transport-wide feedback), which would
/// otherwise stay at its start bitrate: above what three layers of 720p need. Its own reaction to
/// loss still holds it back.
const REMB_BPS: u64 = 6_000_000;
/// Our name in descriptions; the same for all, because reports of one transport are one source.
const CNAME: &str = "veche";

impl Shard {
    /// Receiver report, with the answer to a reference time and a bandwidth where needed.
    pub(super) fn report_reception(
        &mut self,
        now: Instant,
        index: Index<Participant>,
        turn: &mut Turn,
    ) {
        let Some(participant) = self.participants.get_mut(index) else {
            return;
        };
        let mut blocks = [ReportBlock::default(); LIST_MAX];
        let mut count: usize = 0;
        let mut lost = 0.0_f32;
        let mut needs_remb = false;
        for publication in &participant.publications {
            let Some(publication) = self.publications.get_mut(*publication) else {
                continue;
            };
            needs_remb |= publication.is_video() && !publication.description.has_twcc;
            let is_video = publication.is_video();
            for layer in &mut publication.layers {
                turn.spend(1);
                if is_video {
                    layer.fit_ring(now);
                }
                if let Some(block) = layer.reception(now)
                    && let Some(place) = blocks.get_mut(count)
                {
                    lost += f32::from(block.fraction_lost) / 256.0;
                    *place = block;
                    count = count.saturating_add(1);
                }
            }
        }
        let blocks = blocks.get(..count).unwrap_or_default();
        if count > 0 {
            participant.lost.incoming = lost / f32::from(u8::try_from(count).unwrap_or(u8::MAX));
        }
        let delay = participant.reference.take().map(|heard| DelayReport {
            ssrc: heard.ssrc,
            last_reference: heard.reference,
            delay: ShortTime::from_duration(now.saturating_duration_since(heard.arrived)),
        });
        if blocks.is_empty() && delay.is_none() {
            return;
        }
        let ssrc = participant.link.report_ssrc;
        participant.link.send_control(&mut self.outgoing, |writer| {
            writer.receiver_report(ssrc, blocks)?;
            writer.description(ssrc, CNAME)?;
            if let Some(delay) = delay {
                writer.delay_reports(ssrc, &[delay])?;
            }
            if needs_remb {
                let mut ssrcs = [0; LIST_MAX];
                ssrcs
                    .iter_mut()
                    .zip(blocks)
                    .for_each(|(ssrc, block)| *ssrc = block.ssrc);
                writer.remb(
                    ssrc,
                    REMB_BPS,
                    ssrcs.get(..blocks.len()).unwrap_or_default(),
                )?;
            }
            Ok(())
        });
    }

    /// Transport-wide feedback, if it is due.
    pub(super) fn report_arrivals(&mut self, now: Instant, index: Index<Participant>) {
        let Some(participant) = self.participants.get_mut(index) else {
            return;
        };
        let media_ssrc = any_ssrc(participant, &self.publications);
        let Some(recorder) = &mut participant.inbound.transport_wide else {
            return;
        };
        let Some(feedback) = recorder.due(now) else {
            return;
        };
        let head = TransportFeedbackHead {
            sender_ssrc: participant.link.report_ssrc,
            media_ssrc,
            base_sequence: feedback.base_sequence,
            feedback_count: feedback.feedback_count,
        };
        let mut covered = feedback.arrivals.len();
        participant.link.send_control(&mut self.outgoing, |writer| {
            covered = writer.transport_feedback(&head, feedback.arrivals)?;
            Ok(())
        });
        // What begins with a gap longer than one feedback can tell is not told.
        let told = if covered == 0 {
            feedback.arrivals.len()
        } else {
            covered
        };
        recorder.reported(now, told);
    }
}

/// An SSRC of the transport that a feedback is about.
fn any_ssrc(participant: &Participant, publications: &Slab<Publication>) -> u32 {
    let layers = participant
        .publications
        .iter()
        .filter_map(|index| publications.get(*index));
    layers
        .flat_map(|publication| &publication.layers)
        .find_map(|layer| layer.ssrc)
        .unwrap_or(0)
}

impl Layer {
    fn reception(&mut self, now: Instant) -> Option<ReportBlock> {
        let ssrc = self.ssrc?;
        let measured = self.statistics.report(ssrc)?;
        let Some(report) = &self.report else {
            return Some(measured);
        };
        let held = now.saturating_duration_since(report.arrived);
        Some(ReportBlock {
            last_report: report.info.ntp.shortened(),
            delay: ShortTime::from_duration(held),
            ..measured
        })
    }

    /// Gives the ring the size of its layer's bitrate. It shrinks only to less than half, so that
    /// a bitrate between two sizes does not copy packets each second.
    fn fit_ring(&mut self, now: Instant) {
        let fitting = video_capacity(self.bitrate.bitrate_bps(now));
        let capacity = self.ring.capacity();
        if fitting > capacity || fitting < capacity / 2 {
            self.ring.resize(fitting);
        }
    }
}
