//! The island within which publications can be subscribed to, and who speaks in it.

use super::deadlines::Alarm;
use super::publication::Publication;
use super::slab::Index;
use crate::ids::ParticipantId;
use crate::speakers::Loudness;
use std::collections::BTreeMap;

/// What a room has in common.
#[derive(Default)]
pub(super) struct Room {
    pub(super) participants: usize,
    pub(super) sounds: Vec<Index<Publication>>,
    pub(super) alarm: Alarm,
    /// Who was loud in the last window.
    pub(super) speakers: BTreeMap<ParticipantId, Loudness>,
}
