//! Whose an unknown SSRC is. The order is that of RFC 8843 section 9.2: the media identification
//! a packet carries, then the SSRCs of the offer, then a payload type that only one section has.
//!
//! Asked for authenticated packets only, and only of the sender's own publications. Pure.

use super::command::PublicationDescription;
use super::publication::Publication;
use super::slab::Index;
use super::streams::{Claim, Source};
use crate::rtp::{ExtensionIds, Extensions, LayerIndex};

/// What of a packet says whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks<'a> {
    pub(super) ssrc: u32,
    pub(super) payload_type: u8,
    pub(super) mid: Option<&'a str>,
    pub(super) rid: Option<&'a str>,
    pub(super) repaired_rid: Option<&'a str>,
}

impl<'a> Marks<'a> {
    pub(super) fn read(
        ssrc: u32,
        payload_type: u8,
        extensions: &Extensions<'a>,
        ids: &ExtensionIds,
    ) -> Self {
        Self {
            ssrc,
            payload_type,
            mid: extensions.find_text(ids.mid),
            rid: extensions.find_text(ids.rid),
            repaired_rid: extensions.find_text(ids.repaired_rid),
        }
    }
}

/// Finds the claim of one of `publications` on a packet.
pub(super) fn claim<'p>(
    marks: &Marks<'_>,
    publications: impl Iterator<Item = (Index<Publication>, &'p PublicationDescription)> + Clone,
) -> Option<Claim> {
    if let Some(mid) = marks.mid {
        // A section that is not here must not be guessed from a payload type.
        let (index, publication) = { publications }.find(|(_, it)| *it.mid == *mid)?;
        return claim_of(marks, index, publication);
    }
    let by_offer = publications
        .clone()
        .find_map(|(index, it)| by_ssrc(marks, index, it));
    if by_offer.is_some() {
        return by_offer;
    }
    let mut claims = publications.filter_map(|(index, it)| claim_of(marks, index, it));
    let first = claims.next()?;
    claims.next().is_none().then_some(first)
}

/// The claim of the one publication that this can be of.
fn claim_of(
    marks: &Marks<'_>,
    index: Index<Publication>,
    it: &PublicationDescription,
) -> Option<Claim> {
    let is_repair = it.rtx_payload_type == Some(marks.payload_type);
    if !is_repair && it.payload_type != marks.payload_type {
        return None;
    }
    let rid = if is_repair {
        marks.repaired_rid.or(marks.rid)
    } else {
        marks.rid
    };
    let layers = &it.layers;
    let layer = match rid {
        Some(rid) => layers
            .iter()
            .position(|layer| layer.rid.as_deref() == Some(rid))?,
        None => match by_ssrc(marks, index, it) {
            Some(claim) => return Some(claim),
            None => (layers.len() == 1).then_some(0)?,
        },
    };
    let layer = LayerIndex::new(u8::try_from(layer).ok()?)?;
    let source = Source {
        publication: index,
        layer,
    };
    Some(if is_repair {
        Claim::Repair(source)
    } else {
        Claim::Media(source)
    })
}

fn by_ssrc(
    marks: &Marks<'_>,
    index: Index<Publication>,
    it: &PublicationDescription,
) -> Option<Claim> {
    LayerIndex::all()
        .zip(&it.layers)
        .find_map(|(layer, described)| {
            let source = Source {
                publication: index,
                layer,
            };
            if described.ssrc == Some(marks.ssrc) {
                Some(Claim::Media(source))
            } else if described.rtx_ssrc == Some(marks.ssrc) {
                Some(Claim::Repair(source))
            } else {
                None
            }
        })
}

#[cfg(test)]
mod tests {
    use super::super::command::LayerDescription;
    use super::*;
    use crate::rtp::Codec;

    const VP8: u8 = 96;
    const RTX: u8 = 97;
    const OPUS: u8 = 111;

    fn described(
        mid: &str,
        payload_type: u8,
        layers: Vec<LayerDescription>,
    ) -> PublicationDescription {
        PublicationDescription {
            mid: mid.to_owned(),
            codec: if payload_type == OPUS {
                Codec::Opus
            } else {
                Codec::Vp8
            },
            payload_type,
            rtx_payload_type: (payload_type == VP8).then_some(RTX),
            has_nack: true,
            has_twcc: true,
            layers,
            is_open: true,
        }
    }

    fn by_rid(rids: &[&str]) -> Vec<LayerDescription> {
        let layer = |rid: &&str| LayerDescription {
            rid: Some((*rid).to_owned()),
            ssrc: None,
            rtx_ssrc: None,
        };
        rids.iter().map(layer).collect()
    }

    fn camera_and_microphone() -> Vec<PublicationDescription> {
        vec![
            described("0", OPUS, vec![LayerDescription::default()]),
            described("1", VP8, by_rid(&["q", "h", "f"])),
        ]
    }

    fn marks(payload_type: u8) -> Marks<'static> {
        Marks {
            ssrc: 1,
            payload_type,
            mid: None,
            rid: None,
            repaired_rid: None,
        }
    }

    /// (place of the publication, layer, whether a repair)
    fn find(here: &[PublicationDescription], marks: &Marks<'_>) -> Option<(usize, usize, bool)> {
        let indexed = here
            .iter()
            .zip(0..)
            .map(|(it, place)| (Index::at(place), it));
        let (source, is_repair) = match claim(marks, indexed)? {
            Claim::Media(source) => (source, false),
            Claim::Repair(source) => (source, true),
        };
        let place = (0..)
            .zip(here)
            .find(|(place, _)| Index::at(*place) == source.publication);
        Some((place.unwrap().0 as usize, source.layer.index(), is_repair))
    }

    #[test]
    fn a_layer_is_found_by_its_mid_and_rid() {
        let here = camera_and_microphone();
        let found = find(
            &here,
            &Marks {
                mid: Some("1"),
                rid: Some("h"),
                ..marks(VP8)
            },
        );
        assert_eq!(found, Some((1, 1, false)));
    }

    #[test]
    fn a_retransmission_is_found_by_its_repaired_rid() {
        let here = camera_and_microphone();
        let found = find(
            &here,
            &Marks {
                mid: Some("1"),
                repaired_rid: Some("f"),
                ..marks(RTX)
            },
        );
        assert_eq!(found, Some((1, 2, true)));
    }

    #[test]
    fn a_mid_of_nobody_is_not_guessed_from_the_payload_type() {
        let here = camera_and_microphone();
        assert_eq!(
            find(
                &here,
                &Marks {
                    mid: Some("9"),
                    ..marks(OPUS)
                }
            ),
            None
        );
        assert_eq!(find(&here, &marks(OPUS)), Some((0, 0, false)));
    }

    #[test]
    fn a_rid_of_no_layer_and_a_missing_rid_of_several_claim_nothing() {
        let here = camera_and_microphone();
        assert_eq!(
            find(
                &here,
                &Marks {
                    mid: Some("1"),
                    rid: Some("x"),
                    ..marks(VP8)
                }
            ),
            None
        );
        assert_eq!(
            find(
                &here,
                &Marks {
                    mid: Some("1"),
                    ..marks(VP8)
                }
            ),
            None
        );
    }

    #[test]
    fn an_ssrc_of_the_offer_needs_no_extension() {
        let layer = LayerDescription {
            rid: None,
            ssrc: Some(1),
            rtx_ssrc: Some(2),
        };
        let here = [
            described("0", VP8, vec![layer]),
            described("1", VP8, by_rid(&["q", "h"])),
        ];
        assert_eq!(find(&here, &marks(VP8)), Some((0, 0, false)));
        assert_eq!(
            find(
                &here,
                &Marks {
                    ssrc: 2,
                    ..marks(RTX)
                }
            ),
            Some((0, 0, true))
        );
    }

    #[test]
    fn a_payload_type_of_two_sections_names_neither() {
        let single = vec![LayerDescription::default()];
        let here = [
            described("0", VP8, single.clone()),
            described("1", VP8, single),
        ];
        assert_eq!(find(&here, &marks(VP8)), None);
        assert_eq!(find(&here[..1], &marks(VP8)), Some((0, 0, false)));
    }

    #[test]
    fn a_payload_type_the_section_has_not_claims_nothing() {
        let here = camera_and_microphone();
        assert_eq!(
            find(
                &here,
                &Marks {
                    mid: Some("0"),
                    ..marks(VP8)
                }
            ),
            None
        );
    }
}
