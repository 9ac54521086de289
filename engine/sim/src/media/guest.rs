//! One client: what it sends, what it gets, and how it behaves as any honest peer does.

use super::estimator::Estimator;
use super::hall::Delivery;
use super::ledger::Ledger;
use super::oracle::Oracle;
use super::receiver::Receiver;
use super::track::{Outgoing, Track};
use crate::Link;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use veche_sfu::ids::{ParticipantId, PublicationId, RoomId, SubscriptionId};
use veche_sfu::path::Path;
use veche_sfu::rtcp::{self, NtpTime, Packet, Writer};
use veche_sfu::rtp::Header;
use veche_sfu::srtp::{KeyingMaterial, Role, SrtpIn, SrtpOut};

/// Between two looks of a client at what it misses.
pub(super) const LOOK: Duration = Duration::from_millis(20);
/// Between two reports of a client.
pub(super) const REPORT: Duration = Duration::from_secs(1);

/// One client and everything that is known of it.
pub struct Guest {
    /// Where it is.
    pub room: RoomId,
    /// Where its datagrams come from.
    pub path: Path,
    /// What it sends.
    pub tracks: Vec<Track>,
    /// What it gets, as it leaves the shard.
    pub oracles: BTreeMap<SubscriptionId, Oracle>,
    /// What it gets, as it arrives.
    pub receivers: BTreeMap<SubscriptionId, Receiver>,
    /// To the shard.
    pub up: Link,
    /// From the shard.
    pub down: Link,
    /// Whether it asks again for what is lost.
    pub asks_again: bool,
    /// Whether it answers when asked for packets or key frames.
    pub answers: bool,
    /// What it says it can receive.
    pub estimate_bps: Option<u64>,
    /// Says it instead, from what arrives.
    pub estimator: Option<Estimator>,
    /// Key-frame requests that reached it: when, for which SSRC.
    pub key_frame_requests: Vec<(Duration, u32)>,
    /// Packets it was asked for.
    pub nacked: u64,
    /// Arrivals it was told.
    pub arrivals_told: u64,
    /// Receiver reports that reached it, by SSRC: how many, the last fraction lost.
    pub reports: BTreeMap<u32, (u64, u8)>,
    /// SSRCs that were said goodbye to.
    pub goodbyes: Vec<u32>,
    /// Delay reports that answered its reference times.
    pub delay_reports: u64,
    /// Bandwidth it was told it may send.
    pub allowed_bps: Option<u64>,
    pub(super) srtp_in: SrtpIn,
    pub(super) srtp_out: SrtpOut,
    pub(super) by_ssrc: BTreeMap<u32, (SubscriptionId, bool)>,
    pub(super) report_ssrc: u32,
    pub(super) transport_sequence: u16,
    pub(super) next_look: Duration,
    pub(super) next_report: Duration,
}

impl Guest {
    /// A client whose handshake is over and who has not begun to do anything.
    pub(super) fn new(
        elapsed: Duration,
        room: RoomId,
        path: Path,
        (up, down): (Link, Link),
        keys: &KeyingMaterial,
        report_ssrc: u32,
    ) -> Self {
        let (srtp_in, srtp_out) = keys.contexts(Role::Client);
        Self {
            room,
            path,
            tracks: Vec::new(),
            oracles: BTreeMap::new(),
            receivers: BTreeMap::new(),
            up,
            down,
            asks_again: true,
            answers: true,
            estimate_bps: None,
            estimator: None,
            key_frame_requests: Vec::new(),
            nacked: 0,
            arrivals_told: 0,
            reports: BTreeMap::new(),
            goodbyes: Vec::new(),
            delay_reports: 0,
            allowed_bps: None,
            srtp_in,
            srtp_out,
            by_ssrc: BTreeMap::new(),
            report_ssrc,
            transport_sequence: 0,
            next_look: elapsed + LOOK,
            next_report: elapsed + REPORT,
        }
    }

    /// Lets the scripts rest for the next hour.
    pub fn rest(&mut self) {
        for track in &mut self.tracks {
            track.next_frame += Duration::from_secs(3600);
        }
    }

    pub(super) fn seal(&self, packet: &Outgoing) -> Vec<u8> {
        let mut bytes = packet.bytes.clone();
        bytes.resize(bytes.len() + self.srtp_out.rtp_overhead(), 0);
        self.srtp_out
            .seal_rtp(packet.header_bytes, packet.index, &mut bytes)
            .unwrap();
        bytes
    }

    pub(super) fn control(&mut self, write: impl FnOnce(&mut Writer<'_>)) -> Option<Vec<u8>> {
        let mut bytes = vec![0; 1400];
        let mut writer = Writer::new(&mut bytes);
        write(&mut writer);
        let length = writer.len();
        bytes.truncate(length + self.srtp_out.rtcp_overhead());
        (length > 0).then(|| {
            self.srtp_out.seal_rtcp(&mut bytes).unwrap();
            bytes
        })
    }

    pub(super) fn judge_media(
        &mut self,
        id: ParticipantId,
        at: Duration,
        ledger: &Ledger,
        silenced: &BTreeSet<PublicationId>,
        sealed: &[u8],
    ) -> Result<Delivery, String> {
        let header = Header::parse(sealed).map_err(|error| format!("{error:?}"))?;
        let stream = self.by_ssrc.get(&header.ssrc);
        let &(subscription, is_repair) = stream.ok_or(format!("ssrc {:x}", header.ssrc))?;
        let oracle = self
            .oracles
            .get_mut(&subscription)
            .ok_or("no such subscription")?;
        if silenced.contains(&oracle.publication) {
            return Err(format!("{:?} is closed and is heard", oracle.publication));
        }
        let index = oracle.index(header.sequence, is_repair);
        let mut clear = sealed.to_vec();
        let opened = self.srtp_in.open_rtp(header.length, index, &mut clear);
        let length = opened.map_err(|error| format!("{error} ({subscription:?} {index})"))?;
        clear.truncate(length);
        let payload = header
            .payload(&clear)
            .map_err(|error| format!("{error:?}"))?;
        let payload = &clear[payload];
        let number = if is_repair {
            oracle.check_repair(index, &header, payload)?;
            oracle.index(u16::from_be_bytes([payload[0], payload[1]]), false)
        } else {
            oracle.check(at, ledger, index, &header, payload, sealed)?;
            index
        };
        Ok(Delivery::Media {
            to: id,
            subscription,
            index: number,
            is_repair,
            bytes: sealed.len(),
            left: at,
        })
    }

    /// Asks for what is missing.
    pub(super) fn ask(&mut self, now: Instant) -> Vec<Vec<u8>> {
        if !self.asks_again {
            return Vec::new();
        }
        let mut asked = Vec::new();
        let ssrcs: Vec<_> = self.media_ssrcs().collect();
        for (ssrc, subscription) in ssrcs {
            let receiver = self.receivers.get_mut(&subscription);
            let missing = receiver
                .map(|receiver| receiver.ask(now))
                .unwrap_or_default();
            let report_ssrc = self.report_ssrc;
            asked.extend(self.control(|writer| {
                writer.nack(report_ssrc, ssrc, missing).unwrap();
            }));
        }
        asked
    }

    fn media_ssrcs(&self) -> impl Iterator<Item = (u32, SubscriptionId)> + '_ {
        let media = self.by_ssrc.iter().filter(|(_, (_, is_repair))| !is_repair);
        media.map(|(ssrc, (subscription, _))| (*ssrc, *subscription))
    }

    /// Reports on what is received and sent.
    pub(super) fn report(&mut self, now: Instant, elapsed: Duration) -> Vec<Vec<u8>> {
        // Every guest's clock starts elsewhere.
        let ntp = NtpTime(u64::from(self.report_ssrc) << 44).after(elapsed);
        let report_ssrc = self.report_ssrc;
        let ssrcs: Vec<_> = self.media_ssrcs().collect();
        let blocks: Vec<_> = ssrcs
            .iter()
            .filter_map(|(ssrc, subscription)| {
                self.receivers.get_mut(subscription)?.block(now, *ssrc)
            })
            .collect();
        let mut sent = Vec::new();
        for some in blocks.chunks(rtcp::LIST_MAX) {
            sent.extend(self.control(|writer| writer.receiver_report(report_ssrc, some).unwrap()));
        }
        if let Some(estimator) = &mut self.estimator {
            self.estimate_bps = Some(estimator.report(REPORT, self.down.rate_bps()));
        }
        if let Some(estimate_bps) = self.estimate_bps {
            sent.extend(self.control(|writer| {
                writer.remb(report_ssrc, estimate_bps, &[]).unwrap();
            }));
        }
        let infos: Vec<_> = self
            .tracks
            .iter()
            .flat_map(|track| track.reports(ntp))
            .collect();
        for (ssrc, info) in infos {
            sent.extend(self.control(|writer| writer.sender_report(ssrc, &info, &[]).unwrap()));
        }
        sent
    }

    pub(super) fn hear(
        &mut self,
        now: Instant,
        elapsed: Duration,
        packet: &Packet<'_>,
        answers: &mut Vec<Outgoing>,
    ) {
        match packet {
            Packet::PictureLoss(loss) => {
                self.key_frame_requests.push((elapsed, loss.media_ssrc));
                let answers = self.answers;
                let mut layers = self
                    .tracks
                    .iter_mut()
                    .filter_map(|it| it.layer_of(loss.media_ssrc));
                if let Some(layer) = layers.next().filter(|_| answers) {
                    layer.owes_key_frame = true;
                }
            }
            Packet::Nack(nack) => {
                self.nacked += nack.sequences().count() as u64;
                if !self.answers {
                    return;
                }
                for track in &mut self.tracks {
                    let mid = track.mid.clone();
                    if let Some(layer) = track.layer_of(nack.media_ssrc) {
                        let transport = &mut self.transport_sequence;
                        answers.extend(
                            nack.sequences()
                                .filter_map(|it| layer.repair(&mid, it, transport)),
                        );
                    }
                }
            }
            Packet::SenderReport(report) => {
                if let Some((subscription, _)) = self.by_ssrc.get(&report.ssrc)
                    && let Some(receiver) = self.receivers.get_mut(subscription)
                {
                    receiver.report = Some((report.info, now));
                }
            }
            Packet::ReceiverReport(report) => {
                for block in report.reports.iter() {
                    let (count, fraction) = self.reports.entry(block.ssrc).or_default();
                    *count += 1;
                    *fraction = block.fraction_lost;
                }
            }
            Packet::Goodbye(goodbye) => self.goodbyes.extend(goodbye.sources.iter()),
            Packet::TransportFeedback(feedback) => {
                self.arrivals_told += feedback.arrivals().count() as u64;
            }
            Packet::Remb(remb) => self.allowed_bps = Some(remb.bitrate_bps),
            Packet::ExtendedReport(report) => {
                self.delay_reports += report.blocks().count() as u64;
            }
            Packet::FullIntraRequest(_) | Packet::Ignored { .. } => {}
        }
    }
}
