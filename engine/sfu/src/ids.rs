//! Ids given by Python and never used again, so that a late packet cannot land on a new owner.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
    };
}

id!(
    /// One connection of one client.
    ParticipantId
);
id!(
    /// The island within which publications can be subscribed to.
    RoomId
);
id!(
    /// One track that a participant sends.
    PublicationId
);
id!(
    /// One publication forwarded to one participant.
    SubscriptionId
);
