//! Coming: who is here, what is sent, what is received. Each command is checked whole before
//! anything changes, so that a refusal leaves no trace.

use super::command::{Command, PublicationDescription, Refusal, SubscriptionDescription};
use super::event::Event;
use super::participant::Participant;
use super::publication::Publication;
use super::slab::Index;
use super::subscription::Subscription;
use super::{Point, Shard};
use crate::ids::{PublicationId, SubscriptionId};
use crate::limits;
use crate::path::Path;
use crate::rtp::{ExtensionIds, LayerIndex};
use crate::srtp::{KeyingMaterial, Role};
use std::time::Instant;

impl Shard {
    pub(super) fn apply(&mut self, now: Instant, command: Command) -> Result<(), Refusal> {
        match command {
            Command::AddParticipant { participant, room } => {
                if self.by_participant.contains_key(&participant) {
                    return Err(Refusal::AlreadyHere);
                }
                let ssrc = self.numbers.ssrc();
                let index =
                    self.participants
                        .insert(Participant::new(now, participant, room, ssrc));
                self.by_participant.insert(participant, index);
                let room = self.rooms.entry(room).or_default();
                room.participants = room.participants.saturating_add(1);
                Ok(())
            }
            Command::Echo { token } => {
                self.events.push(Event::Echo { token });
                Ok(())
            }
            other => {
                let subject = self.subject(&other)?;
                let applied = self.take_turn(now, subject, |shard, turn| {
                    turn.pass(Point::Command);
                    shard.apply_to(now, subject, other)
                });
                applied.unwrap_or(Err(Refusal::Faulted))
            }
        }
    }

    /// In whose turn a command is applied.
    fn subject(&self, command: &Command) -> Result<Index<Participant>, Refusal> {
        match command {
            Command::AddParticipant { participant, .. }
            | Command::RemoveParticipant { participant }
            | Command::SetKeys { participant, .. }
            | Command::SetPath { participant, .. }
            | Command::SetExtensions { participant, .. }
            | Command::Publish { participant, .. }
            | Command::Subscribe { participant, .. }
            | Command::LimitBandwidth { participant, .. }
            | Command::Inject { participant, .. } => self.by_participant.get(participant).copied(),
            Command::Unpublish { publication } | Command::SetGate { publication, .. } => self
                .publication(*publication)
                .map(|(_, publication)| publication.owner),
            Command::Unsubscribe { subscription }
            | Command::SetSubscription { subscription, .. } => self
                .subscription(*subscription)
                .map(|(_, subscription)| subscription.subscriber),
            Command::Echo { .. } => None,
        }
        .ok_or(Refusal::NotFound)
    }

    fn publication(&self, id: PublicationId) -> Option<(Index<Publication>, &Publication)> {
        let index = *self.by_publication.get(&id)?;
        self.publications
            .get(index)
            .map(|publication| (index, publication))
    }

    fn subscription(&self, id: SubscriptionId) -> Option<(Index<Subscription>, &Subscription)> {
        let index = *self.by_subscription.get(&id)?;
        self.subscriptions
            .get(index)
            .map(|subscription| (index, subscription))
    }

    fn apply_to(
        &mut self,
        now: Instant,
        subject: Index<Participant>,
        command: Command,
    ) -> Result<(), Refusal> {
        match command {
            Command::AddParticipant { .. } | Command::Echo { .. } => Err(Refusal::NotFound),
            Command::RemoveParticipant { .. } => {
                self.remove_participant(now, subject);
                Ok(())
            }
            Command::SetKeys { keys, .. } => self.set_keys(subject, &keys),
            Command::SetPath { path, .. } => self.set_path(subject, path),
            Command::SetExtensions { extensions, .. } => {
                self.set_extensions(now, subject, &extensions)
            }
            Command::Publish {
                publication,
                description,
                ..
            } => self.publish(now, subject, publication, *description),
            Command::Unpublish { publication } => {
                let (index, _) = self.publication(publication).ok_or(Refusal::NotFound)?;
                self.unpublish(now, index);
                Ok(())
            }
            Command::SetGate {
                publication,
                is_open,
            } => {
                let (index, _) = self.publication(publication).ok_or(Refusal::NotFound)?;
                self.set_gate(now, index, is_open);
                Ok(())
            }
            Command::Subscribe {
                subscription,
                publication,
                description,
                ..
            } => self.subscribe(now, subject, subscription, publication, *description),
            Command::Unsubscribe { subscription } => {
                let (index, _) = self.subscription(subscription).ok_or(Refusal::NotFound)?;
                self.unsubscribe(now, index);
                Ok(())
            }
            Command::SetSubscription {
                subscription,
                is_paused,
                layer,
                temporal_layer,
                priority,
            } => {
                let layer = LayerIndex::new(layer).ok_or(Refusal::Malformed)?;
                let (index, _) = self.subscription(subscription).ok_or(Refusal::NotFound)?;
                if let Some(subscription) = self.subscriptions.get_mut(index) {
                    subscription.wish.is_paused = is_paused;
                    subscription.wish.layer = layer;
                    subscription.wish.priority = priority;
                    subscription.rewriter.set_temporal_limit(temporal_layer);
                }
                self.retarget(now, index);
                self.tell_wanted_of(now, index);
                Ok(())
            }
            Command::LimitBandwidth { limit_bps, .. } => {
                let participant = self
                    .participants
                    .get_mut(subject)
                    .ok_or(Refusal::NotFound)?;
                participant.limit_bps = limit_bps;
                participant.schedule.allocation = Some(now);
                self.wake(subject, now);
                Ok(())
            }
            Command::Inject { point, fault, .. } => {
                if !self.allows_faults {
                    return Err(Refusal::NotAllowed);
                }
                let participant = self
                    .participants
                    .get_mut(subject)
                    .ok_or(Refusal::NotFound)?;
                participant.armed = Some((point, fault));
                Ok(())
            }
        }
    }

    fn set_keys(
        &mut self,
        subject: Index<Participant>,
        keys: &KeyingMaterial,
    ) -> Result<(), Refusal> {
        let participant = self
            .participants
            .get_mut(subject)
            .ok_or(Refusal::NotFound)?;
        // WebRTC never renegotiates DTLS; keys set twice could begin a packet index again.
        if participant.link.srtp.is_some() {
            return Err(Refusal::AlreadyHere);
        }
        let (incoming, outgoing) = keys.contexts(Role::Server);
        participant.inbound.srtp = Some(incoming);
        participant.link.srtp = Some(outgoing);
        Ok(())
    }

    fn set_path(&mut self, subject: Index<Participant>, path: Option<Path>) -> Result<(), Refusal> {
        let participant = self
            .participants
            .get_mut(subject)
            .ok_or(Refusal::NotFound)?;
        if let Some(old) = std::mem::replace(&mut participant.link.path, path) {
            self.by_path.remove(&old);
        }
        if let Some(path) = path
            && let Some(before) = self.by_path.insert(path, subject)
            && before != subject
            && let Some(loser) = self.participants.get_mut(before)
        {
            loser.link.path = None;
        }
        Ok(())
    }

    fn set_extensions(
        &mut self,
        now: Instant,
        subject: Index<Participant>,
        extensions: &[(String, u8)],
    ) -> Result<(), Refusal> {
        let participant = self
            .participants
            .get_mut(subject)
            .ok_or(Refusal::NotFound)?;
        let pairs = extensions.iter().map(|(uri, id)| (uri.as_str(), *id));
        let ids = ExtensionIds::from_pairs(pairs);
        if std::mem::replace(&mut participant.extensions, ids) != ids {
            // Sound sent again under its number must be what it was: with other ids it is not.
            for index in &participant.subscriptions {
                if let Some(subscription) = self.subscriptions.get_mut(*index) {
                    subscription.forget_sent(now);
                }
            }
        }
        Ok(())
    }

    fn publish(
        &mut self,
        now: Instant,
        owner: Index<Participant>,
        id: PublicationId,
        description: PublicationDescription,
    ) -> Result<(), Refusal> {
        description.check()?;
        let participant = self.participants.get_mut(owner).ok_or(Refusal::NotFound)?;
        let has_same_mid = participant.publications.iter().any(|index| {
            let here = self.publications.get(*index);
            here.is_some_and(|here| here.description.mid == description.mid)
        });
        if has_same_mid || self.by_publication.contains_key(&id) {
            return Err(Refusal::AlreadyHere);
        }
        if participant.publications.len() >= limits::PUBLICATIONS_PER_PARTICIPANT {
            return Err(Refusal::TooMany);
        }
        let room = participant.room;
        let has_twcc = description.has_twcc;
        let publication = Publication::new(now, id, owner, room, description);
        let is_video = publication.is_video();
        let index = self.publications.insert(publication);
        self.by_publication.insert(id, index);
        participant.publications.push(index);
        participant.begin_publishing(now, has_twcc);
        if !is_video {
            self.listen_to(now, room, index);
        }
        self.wake(owner, now);
        Ok(())
    }

    fn subscribe(
        &mut self,
        now: Instant,
        subscriber: Index<Participant>,
        id: SubscriptionId,
        publication: PublicationId,
        description: SubscriptionDescription,
    ) -> Result<(), Refusal> {
        description.check()?;
        if self.by_subscription.contains_key(&id) {
            return Err(Refusal::AlreadyHere);
        }
        let publication_index = *self
            .by_publication
            .get(&publication)
            .ok_or(Refusal::NotFound)?;
        let publication = self
            .publications
            .get_mut(publication_index)
            .ok_or(Refusal::NotFound)?;
        let participant = self
            .participants
            .get_mut(subscriber)
            .ok_or(Refusal::NotFound)?;
        if participant.room != publication.room {
            return Err(Refusal::OtherRoom);
        }
        if participant.subscriptions.len() >= limits::SUBSCRIPTIONS_PER_PARTICIPANT {
            return Err(Refusal::TooMany);
        }
        let ssrcs = [Some(description.ssrc), description.rtx_ssrc];
        participant.reserve_ssrcs(&ssrcs)?;
        let subscription = Subscription::new(
            now,
            id,
            subscriber,
            publication_index,
            publication.description.codec,
            description,
            [self.numbers.start(), self.numbers.start()],
        );
        let index = self.subscriptions.insert(subscription);
        self.by_subscription.insert(id, index);
        publication.subscribers.push(index);
        participant.begin_subscription(now, index, &ssrcs);
        self.retarget(now, index);
        self.tell_wanted_of(now, index);
        self.wake(subscriber, now);
        Ok(())
    }
}

/// RTP payload types have seven bits (RFC 3550 section 5.1).
fn is_payload_type(value: u8) -> bool {
    value < 128
}

fn is_identification(text: &str) -> bool {
    (1..=limits::IDENTIFICATION_BYTES).contains(&text.len())
}

impl PublicationDescription {
    fn check(&self) -> Result<(), Refusal> {
        let rids = self.layers.iter().filter_map(|layer| layer.rid.as_deref());
        let is_whole = is_identification(&self.mid)
            && rids.clone().all(is_identification)
            && is_payload_type(self.payload_type)
            && self.rtx_payload_type.is_none_or(is_payload_type)
            && !self.layers.is_empty();
        if !is_whole {
            return Err(Refusal::Malformed);
        }
        if self.layers.len() > limits::LAYERS_PER_PUBLICATION {
            return Err(Refusal::TooMany);
        }
        Ok(())
    }
}

impl SubscriptionDescription {
    fn check(&self) -> Result<(), Refusal> {
        let is_whole = is_identification(&self.mid)
            && is_payload_type(self.payload_type)
            && self.rtx_payload_type.is_none_or(is_payload_type)
            && self.rtx_ssrc != Some(self.ssrc);
        if is_whole {
            Ok(())
        } else {
            Err(Refusal::Malformed)
        }
    }
}
