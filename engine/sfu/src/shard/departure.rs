//! Going: the end of subscriptions, publications and participants, by decision or by fault.
//!
//! Whoever still holds an index of what has gone finds nothing (`slab`), so each end only has to
//! clear the lists by which it would be found again.

use super::Shard;
use super::event::{Event, GoneReason};
use super::participant::Participant;
use super::publication::Publication;
use super::slab::Index;
use super::subscription::Subscription;
use crate::ids::ParticipantId;
use std::time::Instant;

impl Shard {
    pub(super) fn unpublish(&mut self, now: Instant, index: Index<Publication>) {
        let Some(publication) = self.publications.get_mut(index) else {
            return;
        };
        for subscription in std::mem::take(&mut publication.subscribers) {
            self.unsubscribe(now, subscription);
        }
        let Some(publication) = self.publications.remove(index) else {
            return;
        };
        self.by_publication.remove(&publication.id);
        self.held.retain(|held| held.publication != index);
        if let Some(room) = self.rooms.get_mut(&publication.room) {
            room.sounds.retain(|sound| *sound != index);
        }
        if let Some(owner) = self.participants.get_mut(publication.owner) {
            owner.publications.retain(|known| *known != index);
            owner.inbound.streams.release(index);
        }
    }

    pub(super) fn unsubscribe(&mut self, now: Instant, index: Index<Subscription>) {
        let Some(subscription) = self.subscriptions.remove(index) else {
            return;
        };
        self.by_subscription.remove(&subscription.id);
        if let Some(publication) = self.publications.get_mut(subscription.publication) {
            publication.subscribers.retain(|known| *known != index);
        }
        if let Some(participant) = self.participants.get_mut(subscription.subscriber) {
            participant.subscriptions.retain(|known| *known != index);
            participant.outgoing.retain(|(_, known)| *known != index);
        }
        self.say_goodbye(&subscription);
        self.tell_wanted(now, subscription.publication);
    }

    pub(super) fn remove_participant(&mut self, now: Instant, index: Index<Participant>) {
        let Some(participant) = self.participants.get_mut(index) else {
            return;
        };
        let publications = std::mem::take(&mut participant.publications);
        let subscriptions = std::mem::take(&mut participant.subscriptions);
        publications
            .into_iter()
            .for_each(|publication| self.unpublish(now, publication));
        subscriptions
            .into_iter()
            .for_each(|subscription| self.unsubscribe(now, subscription));
        self.forget_participant(index);
    }

    fn forget_participant(&mut self, index: Index<Participant>) -> Option<ParticipantId> {
        let participant = self.participants.remove(index)?;
        self.by_participant.remove(&participant.id);
        if let Some(path) = participant.link.path {
            self.by_path.remove(&path);
        }
        if let Some(room) = self.rooms.get_mut(&participant.room) {
            room.participants = room.participants.saturating_sub(1);
            if room.participants == 0 {
                self.rooms.remove(&participant.room);
            }
        }
        Some(participant.id)
    }

    /// Takes away a participant whose turn failed anywhere: its lists may be half changed, so
    /// what was its own is found by owner. This must not fail itself, so it does nothing clever
    /// and sends nothing to the participant.
    pub(super) fn end_by_fault(
        &mut self,
        now: Instant,
        index: Index<Participant>,
        reason: GoneReason,
    ) {
        if let Some(participant) = self.participants.get_mut(index) {
            participant
                .link
                .path
                .take()
                .map(|path| self.by_path.remove(&path));
            participant.link.srtp = None;
        }
        let publications = self.publications.indexes_where(|it| it.owner == index);
        publications
            .into_iter()
            .for_each(|publication| self.unpublish(now, publication));
        let subscriptions = self
            .subscriptions
            .indexes_where(|it| it.subscriber == index);
        subscriptions
            .into_iter()
            .for_each(|subscription| self.unsubscribe(now, subscription));
        if let Some(participant) = self.forget_participant(index) {
            self.totals.ended_by_fault = self.totals.ended_by_fault.saturating_add(1);
            self.events.push(Event::Gone {
                participant,
                reason,
            });
        }
    }
}
