//! What a participant's turn does when nothing arrives: one alarm for all of it, set to whatever
//! is due first.

use super::participant::Participant;
use super::publication::Publication;
use super::slab::Index;
use super::turn::Turn;
use super::{Point, Shard, reception, reports};
use crate::ids::RoomId;
use std::time::{Duration, Instant};

/// Time between two looks at which layers live.
const SURVEY_INTERVAL: Duration = Duration::from_millis(250);
/// Time between two allocations.
const ALLOCATION_INTERVAL: Duration = Duration::from_millis(200);

impl Shard {
    pub(super) fn wake_participant(
        &mut self,
        now: Instant,
        at: Instant,
        index: Index<Participant>,
    ) {
        let participant = self.participants.get_mut(index);
        if participant.is_some_and(|participant| participant.alarm.ring(at)) {
            self.take_turn(now, index, |shard, turn| {
                turn.pass(Point::Timer);
                shard.do_what_is_due(now, index, turn);
                if let Some(next) = shard.next_of(now, index) {
                    shard.wake(index, next);
                }
            });
        }
    }

    pub(super) fn wake_room(&mut self, now: Instant, at: Instant, id: RoomId) {
        if self
            .rooms
            .get_mut(&id)
            .is_some_and(|room| room.alarm.ring(at))
        {
            self.close_window(now, id);
        }
    }

    fn do_what_is_due(&mut self, now: Instant, index: Index<Participant>, turn: &mut Turn) {
        let Some(participant) = self.participants.get_mut(index) else {
            return;
        };
        let schedule = &mut participant.schedule;
        let reports_reception = renew(&mut schedule.reception, now, reception::INTERVAL);
        let reports_transmission = renew(&mut schedule.transmission, now, reports::INTERVAL);
        let surveys = renew(&mut schedule.survey, now, SURVEY_INTERVAL);
        let allocates = renew(&mut schedule.allocation, now, ALLOCATION_INTERVAL);
        if participant.publications.is_empty() {
            schedule.reception = None;
            schedule.survey = None;
        }
        if participant.subscriptions.is_empty() {
            schedule.transmission = None;
            schedule.allocation = None;
            participant.padding.set_rate(now, 0);
        }
        if reports_reception {
            self.report_reception(now, index, turn);
        }
        if reports_transmission {
            self.report_transmission(now, index, turn);
        }
        if allocates {
            self.allocate(now, index, turn);
        }
        self.pad(now, index, turn);
        self.report_arrivals(now, index);
        let mut place: usize = 0;
        while let Some(publication) = self.publication_at(index, place) {
            turn.spend(1);
            place = place.saturating_add(1);
            if surveys {
                self.survey(now, publication, turn);
            }
            self.ask_for_missing(now, index, publication);
            self.ask_for_key_frames(now, index, publication);
            self.let_demand_fall(now, publication);
        }
    }

    fn publication_at(
        &self,
        participant: Index<Participant>,
        place: usize,
    ) -> Option<Index<Publication>> {
        self.participants
            .get(participant)?
            .publications
            .get(place)
            .copied()
    }

    fn ask_for_key_frames(
        &mut self,
        now: Instant,
        owner: Index<Participant>,
        index: Index<Publication>,
    ) {
        let Some(participant) = self.participants.get_mut(owner) else {
            return;
        };
        let Some(publication) = self.publications.get_mut(index) else {
            return;
        };
        if !publication.is_open {
            return;
        }
        let trip = participant.round_trip.or_assumed();
        let sender_ssrc = participant.link.report_ssrc;
        let Publication {
            key_frames, layers, ..
        } = publication;
        let ssrc_of = |layer: usize| layers.get(layer)?.ssrc;
        while let Some(layer) = key_frames.ask(now, trip, |layer| ssrc_of(layer).is_some()) {
            let Some(media_ssrc) = ssrc_of(layer) else {
                break;
            };
            participant.link.send_control(&mut self.outgoing, |writer| {
                writer.picture_loss(sender_ssrc, media_ssrc)
            });
        }
    }

    fn let_demand_fall(&mut self, now: Instant, index: Index<Publication>) {
        let Some(publication) = self.publications.get_mut(index) else {
            return;
        };
        if !publication.is_video() {
            return;
        }
        if let Some(layer) = publication.wanted.handle_deadline(now) {
            let publication = publication.id;
            self.events
                .push(super::Event::WantedLayerChanged { publication, layer });
        }
    }

    /// When the participant must wake again.
    fn next_of(&self, now: Instant, index: Index<Participant>) -> Option<Instant> {
        let participant = self.participants.get(index)?;
        let trip = participant.round_trip.or_assumed();
        let schedule = &participant.schedule;
        let periodic = [
            schedule.reception,
            schedule.transmission,
            schedule.survey,
            schedule.allocation,
            participant.padding.due,
            participant
                .inbound
                .transport_wide
                .as_ref()
                .and_then(|recorder| recorder.next_due()),
        ];
        let publications = participant
            .publications
            .iter()
            .filter_map(|index| self.publications.get(*index));
        let of_publications = publications.flat_map(|publication| publication.next(now, trip));
        periodic.into_iter().chain(of_publications).flatten().min()
    }
}

impl Publication {
    /// When something of it is due.
    fn next(&self, now: Instant, trip: Duration) -> [Option<Instant>; 3] {
        let has_nack = self.description.has_nack;
        let missing = self.layers.iter().filter(|_| has_nack);
        let is_sent = |layer: usize| self.layers.get(layer).is_some_and(|it| it.ssrc.is_some());
        [
            missing
                .filter_map(|layer| layer.missing.next_due(trip))
                .min(),
            self.key_frames
                .next_deadline(now, trip, is_sent)
                .filter(|_| self.is_open),
            self.wanted.next_deadline().filter(|_| self.is_video()),
        ]
    }
}

/// Whether a periodic moment has come; if so, the next one is set.
fn renew(moment: &mut Option<Instant>, now: Instant, interval: Duration) -> bool {
    let has_come = moment.is_some_and(|moment| moment <= now);
    if has_come {
        // From now and not from the moment: after a stall nothing is done twice in a row.
        *moment = now.checked_add(interval);
    }
    has_come
}
