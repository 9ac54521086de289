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
