//! Which layer each subscription gets: what is wanted, lives and can be afforded; and the gate.
//!
//! A target is set here at once; the stream itself changes at the target's next key frame, and
//! whoever waits for one leaves a wish that `timers` sends to the publisher.

use super::event::Event;
use super::publication::{Layer, Publication};
use super::slab::Index;
use super::streams::Source;
use super::subscription::Subscription;
use super::turn::Turn;
use super::{Participant, Shard};
use crate::allocator::{Allocation, Bandwidth, Demand};
use crate::rtp::MAX_LAYERS;
use std::time::{Duration, Instant};

/// A layer that sends nothing for so long, while another of its publication does, was switched
/// off by its sender. Cameras in the dark fall to 5 frames a second: 200 ms.
const LAYER_SILENCE: Duration = Duration::from_secs(1);

impl Shard {
    /// Sets the layer that a subscription should carry from the next key frame on.
    pub(super) fn retarget(&mut self, now: Instant, index: Index<Subscription>) {
        let Some(subscription) = self.subscriptions.get_mut(index) else {
            return;
        };
        let Some(publication) = self.publications.get_mut(subscription.publication) else {
            return;
        };
        let target = subscription
            .most()
            .map(|most| publication.layer_to_forward(most));
        subscription.rewriter.set_target(target);
        if let Some(layer) = subscription.waits_for() {
            publication.key_frames.want(layer.index());
            let owner = publication.owner;
            self.wake(owner, now);
        }
    }

    /// The layers of a publication have changed.
    pub(super) fn retarget_all(&mut self, now: Instant, index: Index<Publication>) {
        let mut place: usize = 0;
        while let Some(subscription) = self.subscriber(index, place) {
            self.retarget(now, subscription);
            place = place.saturating_add(1);
        }
    }

    /// A layer continues from another encoder: nobody can decode on without a key frame. Its
    /// numbers go on (`Layer::number`), so what others know of them stays true.
    pub(super) fn interrupt_layer(&mut self, now: Instant, source: Source) {
        let mut place: usize = 0;
        while let Some(index) = self.subscriber(source.publication, place) {
            place = place.saturating_add(1);
            let subscription = self.subscriptions.get_mut(index);
            let Some(subscription) =
                subscription.filter(|it| it.rewriter.current_layer() == Some(source.layer))
            else {
                continue;
            };
            subscription.rewriter.interrupt();
            self.retarget(now, index);
        }
    }

    fn subscriber(
        &self,
        publication: Index<Publication>,
        place: usize,
    ) -> Option<Index<Subscription>> {
        self.publications
            .get(publication)?
            .subscribers
            .get(place)
            .copied()
    }

    /// Opens or closes a publication, from the next packet on: what waits in the shard is not
    /// sent any more, nor sent again, nor what the publisher sent before and arrives later.
    pub(super) fn set_gate(&mut self, now: Instant, index: Index<Publication>, is_open: bool) {
        let Some(publication) = self.publications.get_mut(index) else {
            return;
        };
        if publication.is_open != is_open {
            publication.is_open = is_open;
            publication.speaker.silence();
            publication.held_back.begin_anew();
            publication
                .layers
                .iter_mut()
                .for_each(|layer| layer.silence(now));
            for subscription in &publication.subscribers {
                if let Some(subscription) = self.subscriptions.get_mut(*subscription) {
                    subscription.rewriter.interrupt();
                }
            }
        }
        let last_sequence = publication.last_forwarded;
        let publication = publication.id;
        self.events.push(Event::GateApplied {
            publication,
            is_open,
            last_sequence,
        });
        self.retarget_all(now, index);
    }

    /// Tells the publisher of a subscription what is wanted of it.
    pub(super) fn tell_wanted_of(&mut self, now: Instant, index: Index<Subscription>) {
        if let Some(subscription) = self.subscriptions.get(index) {
            self.tell_wanted(now, subscription.publication);
        }
    }

    /// Tells a publisher what its subscribers want together, if that has changed.
    pub(super) fn tell_wanted(&mut self, now: Instant, index: Index<Publication>) {
        let Some(publication) = self.publications.get_mut(index) else {
            return;
        };
        if !publication.is_video() {
            return;
        }
        let wishes = publication.subscribers.iter().filter_map(|index| {
            let wish = &self.subscriptions.get(*index)?.wish;
            (!wish.is_paused).then_some(wish.layer.index())
        });
        let highest = publication.layers.len().saturating_sub(1);
        let wanted = wishes.max().map(|layer| layer.min(highest));
        let wanted = wanted.map(|layer| u8::try_from(layer).unwrap_or_default());
        if let Some(layer) = publication.wanted.set(now, wanted) {
            let publication = publication.id;
            self.events
                .push(Event::WantedLayerChanged { publication, layer });
        }
        let falls = publication.wanted.next_deadline();
        let owner = publication.owner;
        if let Some(falls) = falls {
            self.wake(owner, falls);
        }
    }

    /// Looks which layers of a publication still live, and who waits for a key frame.
    pub(super) fn survey(&mut self, now: Instant, index: Index<Publication>, turn: &mut Turn) {
        let Some(publication) = self.publications.get_mut(index) else {
            return;
        };
        let since = now.checked_sub(LAYER_SILENCE);
        let is_silent = |layer: &Layer| layer.last_packet < since;
        let is_sending = !publication.layers.iter().all(is_silent);
        let mut has_changed = false;
        for layer in &mut publication.layers {
            if is_sending && layer.is_live && is_silent(layer) {
                layer.is_live = false;
                has_changed = true;
            }
        }
        if has_changed {
            self.retarget_all(now, index);
        }
        let Some(publication) = self.publications.get_mut(index) else {
            return;
        };
        for subscriber in &publication.subscribers {
            turn.spend(1);
            let waits_for = self
                .subscriptions
                .get(*subscriber)
                .and_then(Subscription::waits_for);
            if let Some(layer) = waits_for {
                publication.key_frames.want(layer.index());
            }
        }
    }

    /// Shares a subscriber's bandwidth among its videos.
    pub(super) fn allocate(&mut self, now: Instant, index: Index<Participant>, turn: &mut Turn) {
        let Some(participant) = self.participants.get_mut(index) else {
            return;
        };
        let estimate = participant.estimate.estimate_bps(now);
        let limit = participant.limit_bps;
        // A limit is meant to hold, an estimate is a guess: only a limit may cost a picture.
        let can_pause = limit.is_some_and(|limit| estimate.is_none_or(|guess| limit <= guess));
        let bandwidth = Bandwidth {
            estimate_bps: estimate,
            limit_bps: limit,
        };
        self.scratch.demands.clear();
        self.scratch.demanding.clear();
        let mut audio_bps = 0_u64;
        for index in &participant.subscriptions {
            turn.spend(1);
            let Some(subscription) = self.subscriptions.get(*index) else {
                continue;
            };
            let Some(publication) = self.publications.get(subscription.publication) else {
                continue;
            };
            if subscription.wish.is_paused || !publication.is_open {
                continue;
            }
            let bitrates_bps = publication.bitrates(now);
            if !subscription.is_video {
                audio_bps = audio_bps.saturating_add(bitrates_bps[0].unwrap_or_default());
                continue;
            }
            self.scratch.demanding.push(*index);
            self.scratch.demands.push(Demand {
                priority: subscription.wish.priority,
                can_pause,
                wanted: subscription.wish.layer,
                bitrates_bps,
                current: subscription.allocation,
            });
        }
        participant.allocator.allocate(
            now,
            bandwidth,
            audio_bps,
            &self.scratch.demands,
            &mut self.scratch.allocations,
        );
        let padding_bps = participant.allocator.padding_bps();
        participant.padding.set_rate(now, padding_bps);
        let mut place: usize = 0;
        while let (Some(index), Some(allocation)) = (
            self.scratch.demanding.get(place).copied(),
            self.scratch.allocations.get(place).copied(),
        ) {
            turn.spend(1);
            self.grant(now, index, allocation);
            place = place.saturating_add(1);
        }
    }

    fn grant(&mut self, now: Instant, index: Index<Subscription>, allocation: Allocation) {
        let Some(subscription) = self.subscriptions.get_mut(index) else {
            return;
        };
        let before = subscription.allocation.replace(allocation);
        if before == Some(allocation) {
            return;
        }
        let was_paused = before == Some(Allocation::Paused);
        let is_paused = allocation == Allocation::Paused;
        if was_paused != is_paused {
            let subscription = subscription.id;
            self.events.push(Event::StreamPaused {
                subscription,
                is_paused,
            });
        }
        self.retarget(now, index);
    }
}

impl Publication {
    /// The measured bitrate of each layer that lives.
    fn bitrates(&self, now: Instant) -> [Option<u64>; MAX_LAYERS] {
        let mut bitrates = [None; MAX_LAYERS];
        for (bitrate, layer) in bitrates.iter_mut().zip(&self.layers) {
            *bitrate = layer.is_live.then(|| layer.bitrate.bitrate_bps(now));
        }
        bitrates
    }
}
