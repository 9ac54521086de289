//! The few fields of a STUN message that decide where it belongs (RFC 8489, RFC 8445).
//!
//! Reads a binding request before anything is believed: no allocation, no state, every length
//! checked. Proof is not here: integrity is verified by the ICE agent, and only its success
//! response counts (`super::addresses`).

const HEADER_BYTES: usize = 20;
const ATTRIBUTE_HEADER_BYTES: usize = 4;
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const BINDING_REQUEST: [u8; 2] = [0x00, 0x01];
const BINDING_SUCCESS: [u8; 2] = [0x01, 0x01];
const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const USE_CANDIDATE: u16 = 0x0025;

/// The 96 random bits that pair a response with its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransactionId(pub [u8; 12]);

/// A binding request of a peer: a connectivity check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check<'a> {
    /// Names the check.
    pub transaction: TransactionId,
    /// The part of USERNAME before the colon: the username fragment that we gave to the peer.
    pub local_ufrag: &'a str,
    /// The peer wants this path to be used: USE-CANDIDATE stands before MESSAGE-INTEGRITY.
    pub nominates: bool,
}

impl<'a> Check<'a> {
    /// Reads a binding request that carries a username and a message integrity.
    ///
    /// What follows the integrity is not covered by it and is not read.
    pub fn parse(datagram: &'a [u8]) -> Option<Self> {
        let (transaction, mut attributes) = message(datagram, BINDING_REQUEST)?;
        let mut username = None;
        let mut nominates = false;
        while let Some((kind, value, rest)) = attribute(attributes) {
            match kind {
                USERNAME if username.is_none() => username = Some(value),
                USE_CANDIDATE => nominates = true,
                MESSAGE_INTEGRITY => {
                    let username = std::str::from_utf8(username?).ok()?;
                    let (local_ufrag, _) = username.split_once(':')?;
                    return Some(Self {
                        transaction,
                        local_ufrag,
                        nominates,
                    });
                }
                _ => {}
            }
            attributes = rest;
        }
        None
    }
}

/// The transaction that a success response answers.
pub fn answered_transaction(datagram: &[u8]) -> Option<TransactionId> {
    message(datagram, BINDING_SUCCESS).map(|(transaction, _)| transaction)
}

fn message(datagram: &[u8], kind: [u8; 2]) -> Option<(TransactionId, &[u8])> {
    let (header, attributes) = datagram.split_first_chunk::<HEADER_BYTES>()?;
    let (head, transaction) = header.split_first_chunk::<8>()?;
    let [kind_high, kind_low, length_high, length_low, cookie @ ..] = *head;
    let length = usize::from(u16::from_be_bytes([length_high, length_low]));
    let is_ours = [kind_high, kind_low] == kind && cookie == MAGIC_COOKIE;
    if !is_ours || length != attributes.len() || length % 4 != 0 {
        return None;
    }
    Some((TransactionId(transaction.try_into().ok()?), attributes))
}

/// The first attribute: its type, its value, and what follows its padding.
fn attribute(attributes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (header, rest) = attributes.split_first_chunk::<ATTRIBUTE_HEADER_BYTES>()?;
    let [kind_high, kind_low, length_high, length_low] = *header;
    let length = usize::from(u16::from_be_bytes([length_high, length_low]));
    let value = rest.get(..length)?;
    let next = rest.get(length.checked_next_multiple_of(4)?..)?;
    Some((u16::from_be_bytes([kind_high, kind_low]), value, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSACTION: [u8; 12] = *b"transaction!";

    /// A request of these attributes, each padded, with the length that they have.
    fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, value) in attributes {
            body.extend(kind.to_be_bytes());
            body.extend((value.len() as u16).to_be_bytes());
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut datagram = BINDING_REQUEST.to_vec();
        datagram.extend((body.len() as u16).to_be_bytes());
        datagram.extend(MAGIC_COOKIE);
        datagram.extend(TRANSACTION);
        datagram.extend(body);
        datagram
    }

    const INTEGRITY: (u16, &[u8]) = (MESSAGE_INTEGRITY, &[7; 20]);

    #[test]
    fn a_check_names_our_fragment_and_its_wish() {
        let name: (u16, &[u8]) = (USERNAME, b"ours:theirs");
        let plain = request(&[name, (0x0024, &[1, 2, 3, 4]), INTEGRITY]);
        let check = Check::parse(&plain).unwrap();
        assert_eq!(check.local_ufrag, "ours");
        assert_eq!(check.transaction, TransactionId(TRANSACTION));
        assert!(!check.nominates);
        let nominating = request(&[(USE_CANDIDATE, &[]), name, INTEGRITY]);
        assert!(Check::parse(&nominating).unwrap().nominates);
    }

    #[test]
    fn what_stands_behind_the_integrity_is_not_believed() {
        let name: (u16, &[u8]) = (USERNAME, b"ours:theirs");
        let late = request(&[name, INTEGRITY, (USE_CANDIDATE, &[])]);
        assert!(!Check::parse(&late).unwrap().nominates);
        let late = request(&[INTEGRITY, name]);
        assert_eq!(Check::parse(&late), None);
    }

    #[test]
    fn a_message_without_name_or_integrity_or_with_a_wrong_length_is_no_check() {
        let name: (u16, &[u8]) = (USERNAME, b"ours:theirs");
        assert_eq!(Check::parse(&request(&[name])), None);
        assert_eq!(Check::parse(&request(&[INTEGRITY])), None);
        assert_eq!(
            Check::parse(&request(&[(USERNAME, b"no colon"), INTEGRITY])),
            None
        );
        assert_eq!(
            Check::parse(&request(&[(USERNAME, b"\xff\xfe:x"), INTEGRITY])),
            None
        );
        let whole = request(&[name, INTEGRITY]);
        for length in 0..whole.len() {
            assert_eq!(Check::parse(&whole[..length]), None, "{length}");
        }
        for position in [0, 1, 2, 3, 4, 5, 6, 7] {
            let mut spoilt = whole.clone();
            spoilt[position] ^= 0x10;
            assert_eq!(Check::parse(&spoilt), None, "byte {position}");
        }
    }

    #[test]
    fn an_attribute_longer_than_the_message_ends_the_reading() {
        let mut datagram = request(&[(USERNAME, b"ours:theirs"), INTEGRITY]);
        datagram[22..24].copy_from_slice(&0xffff_u16.to_be_bytes());
        assert_eq!(Check::parse(&datagram), None);
    }

    #[test]
    fn a_success_response_names_the_check_it_answers() {
        let mut datagram = request(&[INTEGRITY]);
        assert_eq!(answered_transaction(&datagram), None);
        datagram[..2].copy_from_slice(&BINDING_SUCCESS);
        assert_eq!(
            answered_transaction(&datagram),
            Some(TransactionId(TRANSACTION))
        );
    }
}
