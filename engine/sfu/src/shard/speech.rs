//! Who speaks in a room: the meters of its open sounds, read each 400 ms, told when changed.

use super::publication::Publication;
use super::slab::Index;
use super::{Event, Owner, Shard};
use crate::ids::{ParticipantId, RoomId};
use crate::speakers::{Loudness, WINDOW};
use std::collections::BTreeMap;
use std::time::Instant;

impl Shard {
    /// A room has one more sound.
    pub(super) fn listen_to(&mut self, now: Instant, id: RoomId, sound: Index<Publication>) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.sounds.push(sound);
            if let Some(next) = now.checked_add(WINDOW) {
                self.deadlines.set(&mut room.alarm, Owner::Room(id), next);
            }
        }
    }

    /// Ends a window of a room. Without sounds there is no next one.
    pub(super) fn close_window(&mut self, now: Instant, id: RoomId) {
        let mut speakers = BTreeMap::new();
        let mut place: usize = 0;
        while let Some(sound) = self.sound_at(id, place) {
            place = place.saturating_add(1);
            let Some(owner) = self
                .publications
                .get(sound)
                .map(|publication| publication.owner)
            else {
                continue;
            };
            let measured = self.take_turn(now, owner, |shard, _| {
                let publication = shard.publications.get_mut(sound)?;
                let loudness = publication.speaker.close_window();
                if publication.held_back.close_window() {
                    let publication = publication.id;
                    shard.events.push(Event::VoiceHeldBack { publication });
                }
                Some((shard.participants.get(owner)?.id, loudness))
            });
            if let Some((participant, loudness)) = measured.flatten()
                && loudness > Loudness::SILENT
            {
                let loudest: &mut Loudness = speakers.entry(participant).or_default();
                *loudest = loudness.max(*loudest);
            }
        }
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        let levels = changes(&room.speakers, &speakers);
        room.speakers = speakers;
        if !levels.is_empty() {
            self.events
                .push(Event::SpeakersChanged { room: id, levels });
        }
        if let Some(next) = now.checked_add(WINDOW)
            && !(room.sounds.is_empty() && room.speakers.is_empty())
        {
            self.deadlines.set(&mut room.alarm, Owner::Room(id), next);
        }
    }

    fn sound_at(&self, id: RoomId, place: usize) -> Option<Index<Publication>> {
        self.rooms.get(&id)?.sounds.get(place).copied()
    }
}

/// Who is louder or quieter than before, by id.
fn changes(
    before: &BTreeMap<ParticipantId, Loudness>,
    after: &BTreeMap<ParticipantId, Loudness>,
) -> Vec<(ParticipantId, f32)> {
    let fell_silent = before
        .keys()
        .filter(|who| !after.contains_key(who))
        .map(|who| (*who, 0.0));
    let changed = after
        .iter()
        .filter(|(who, loudness)| before.get(who) != Some(loudness));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "eighths are exact in any float"
    )]
    let changed = changed.map(|(who, loudness)| (*who, loudness.fraction() as f32));
    let mut levels: Vec<_> = fell_silent.chain(changed).collect();
    levels.sort_unstable_by_key(|(who, _)| *who);
    levels
}
