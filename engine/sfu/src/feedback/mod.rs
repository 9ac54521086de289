//! What is measured about received streams and told to their senders, and what they tell us.
//!
//! Owns receive statistics (RFC 3550), the record behind transport-wide feedback, bitrates,
//! the receiver's estimate (REMB) and the round trip. Nothing here sends: RTCP is written
//! elsewhere from the values given out.

mod estimate;
mod rate;
mod receive;
mod transport_wide;

pub use estimate::{REMB_EXPIRES_AFTER, RembIn, RoundTrip};
pub use rate::BitrateMeter;
pub use receive::ReceiveStatistics;
pub use transport_wide::{FEEDBACK_INTERVAL, MAX_PENDING, TwccFeedback, TwccIn};
