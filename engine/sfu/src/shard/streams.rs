//! The SSRCs a participant sends with: which publication's layer each belongs to, and its replay
//! window. Bounded; entries are made for authenticated packets that a publication claims, and
//! outlive the claim, because a sender that continues later continues its packet index too.

use super::publication::Publication;
use super::slab::Index;
use crate::limits;
use crate::rtp::LayerIndex;
use crate::srtp::{IndexedStream, OpenError};

/// One encoding of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) publication: Index<Publication>,
    pub(super) layer: LayerIndex,
}

/// What an SSRC carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// The packets of an encoding.
    Media(Source),
    /// Its retransmissions (RFC 4588).
    Repair(Source),
}

impl Claim {
    fn publication(self) -> Index<Publication> {
        match self {
            Self::Media(source) | Self::Repair(source) => source.publication,
        }
    }
}

#[derive(Debug, Default)]
struct Stream {
    indexes: IndexedStream,
    claim: Option<Claim>,
}

/// All SSRCs of one participant; the numbers apart, so that finding one reads four cache lines
/// at most.
#[derive(Debug, Default)]
pub(super) struct Streams {
    ssrcs: Vec<u32>,
    streams: Vec<Stream>,
}

/// Every place is taken by a claimed SSRC.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooManySources;

impl Streams {
    pub(super) fn find(&self, ssrc: u32) -> Option<usize> {
        self.ssrcs.iter().position(|known| *known == ssrc)
    }

    pub(super) fn claim(&self, place: usize) -> Option<Claim> {
        self.streams.get(place)?.claim
    }

    /// The packet index that `sequence` stands for; an unknown SSRC begins at roll-over 0.
    pub(super) fn guess(&self, place: Option<usize>, sequence: u16) -> Result<u64, OpenError> {
        match place.and_then(|place| self.streams.get(place)) {
            Some(stream) => stream.indexes.guess(sequence),
            None => Ok(u64::from(sequence)),
        }
    }

    /// Notes an authenticated packet.
    pub(super) fn accept(&mut self, place: usize, index: u64) {
        if let Some(stream) = self.streams.get_mut(place) {
            stream.indexes.accept(index);
        }
    }

    /// Gives `ssrc` to `claim`; whatever had that claim before loses it. Answers where the entry
    /// is and which SSRC was displaced.
    pub(super) fn admit(
        &mut self,
        ssrc: u32,
        claim: Claim,
    ) -> Result<(usize, Option<u32>), TooManySources> {
        let place = match self.find(ssrc) {
            Some(place) => place,
            None => self.place_for(ssrc)?,
        };
        let mut displaced = None;
        for (other, (known, stream)) in self.ssrcs.iter().zip(&mut self.streams).enumerate() {
            if other != place && stream.claim == Some(claim) {
                stream.claim = None;
                displaced = Some(*known);
            }
        }
        if let Some(stream) = self.streams.get_mut(place) {
            stream.claim = Some(claim);
        }
        Ok((place, displaced))
    }

    fn place_for(&mut self, ssrc: u32) -> Result<usize, TooManySources> {
        if self.ssrcs.len() < limits::SSRCS_PER_PARTICIPANT {
            self.ssrcs.push(ssrc);
            self.streams.push(Stream::default());
            return Ok(self.ssrcs.len().saturating_sub(1));
        }
        let unclaimed = self
            .streams
            .iter()
            .position(|stream| stream.claim.is_none());
        let place = unclaimed.ok_or(TooManySources)?;
        if let (Some(known), Some(stream)) =
            (self.ssrcs.get_mut(place), self.streams.get_mut(place))
        {
            *known = ssrc;
            *stream = Stream::default();
        }
        Ok(place)
    }

    /// Ends all claims of a publication.
    pub(super) fn release(&mut self, publication: Index<Publication>) {
        for stream in &mut self.streams {
            if stream
                .claim
                .is_some_and(|claim| claim.publication() == publication)
            {
                stream.claim = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(count: usize) -> Vec<Claim> {
        let sources = (0..count).map(|place| Source {
            publication: Index::at(u32::try_from(place).unwrap()),
            layer: LayerIndex::LOWEST,
        });
        sources.map(Claim::Media).collect()
    }

    #[test]
    fn a_participant_has_64_claimed_sources_and_not_65() {
        let most = limits::SSRCS_PER_PARTICIPANT;
        let mut streams = Streams::default();
        let claims = claims(most + 1);
        for (ssrc, claim) in claims.iter().enumerate().take(most) {
            assert!(streams.admit(u32::try_from(ssrc).unwrap(), *claim).is_ok());
        }
        assert_eq!(streams.ssrcs.len(), most);
        assert_eq!(streams.admit(9999, claims[most]), Err(TooManySources));
        assert_eq!(streams.ssrcs.len(), most);
    }

    #[test]
    fn a_source_without_a_claim_makes_room() {
        let most = limits::SSRCS_PER_PARTICIPANT;
        let mut streams = Streams::default();
        let claims = claims(most + 1);
        for (ssrc, claim) in claims.iter().enumerate().take(most) {
            streams.admit(u32::try_from(ssrc).unwrap(), *claim).unwrap();
        }
        streams.release(claims[7].publication());
        assert_eq!(streams.admit(9999, claims[most]), Ok((7, None)));
        assert_eq!(streams.find(7), None);
    }

    #[test]
    fn a_new_ssrc_of_a_layer_displaces_the_old_one_which_keeps_its_replay_window() {
        let mut streams = Streams::default();
        let claim = claims(1)[0];
        let (place, _) = streams.admit(1, claim).unwrap();
        streams.accept(place, 65_540);
        assert_eq!(streams.admit(2, claim), Ok((1, Some(1))));
        assert_eq!(streams.claim(place), None);
        assert_eq!(streams.guess(Some(place), 4), Err(OpenError::Replayed));
        assert_eq!(streams.guess(Some(place), 5), Ok(65_541));
    }
}
