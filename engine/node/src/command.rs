//! What Python decides, as the node takes it, and how a list is split between its two threads.
//!
//! The packet path gets its share first: whatever the handshake later tells it about a
//! participant finds that participant there.

use crate::work::{Job, Task};
use std::sync::Arc;
use veche_sfu::ids::{ParticipantId, RoomId};
use veche_sfu::shard;
use veche_sfu::transport::{Fingerprint, IceCredentials};

/// One decision. Ids are given by the caller and never used again.
#[derive(Debug)]
pub enum Command {
    /// Someone may connect with our credentials and is in a room.
    AddParticipant {
        /// Who.
        participant: ParticipantId,
        /// Where.
        room: RoomId,
        /// What its checks must name.
        credentials: IceCredentials,
    },
    /// Someone is gone.
    RemoveParticipant {
        /// Who.
        participant: ParticipantId,
    },
    /// The peer's description: the handshake may begin.
    SetRemote {
        /// Whose.
        participant: ParticipantId,
        /// What our checks would name.
        credentials: IceCredentials,
        /// Of its certificate.
        fingerprint: Fingerprint,
    },
    /// New credentials on both sides, same association.
    RestartIce {
        /// Whose.
        participant: ParticipantId,
        /// Ours.
        local: IceCredentials,
        /// The peer's.
        remote: IceCredentials,
    },
    /// One message to the channel of that label of each participant.
    SendData {
        /// To whom.
        participants: Vec<ParticipantId>,
        /// On which channel.
        label: Arc<str>,
        /// What.
        payload: Arc<[u8]>,
    },
    /// A fault in a participant's next turn on the transport thread.
    Inject {
        /// Whose turn.
        participant: ParticipantId,
        /// Where in it.
        point: TransportPoint,
        /// How.
        fault: shard::Fault,
    },
    /// Anything that concerns packets only.
    Shard(shard::Command),
}

/// Where in a participant's turn on the transport thread a fault is injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportPoint {
    /// A handshake datagram is about to reach the third-party state machines.
    Handshake,
    /// A message of the peer came out of them.
    Data,
}

impl TransportPoint {
    /// All of them, with the names by which they are called from outside.
    pub const ALL: [(&'static str, Self); 2] =
        [("handshake", Self::Handshake), ("data", Self::Data)];
}

/// A list's shares.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    pub(crate) shard: Vec<shard::Command>,
    pub(crate) jobs: Vec<Job>,
}

/// Splits a list; order is kept within each share.
pub(crate) fn split(commands: Vec<Command>) -> Shares {
    let mut shares = Shares::default();
    for command in commands {
        let (participant, task) = match command {
            Command::Shard(command) => {
                shares.shard.push(command);
                continue;
            }
            Command::SendData {
                participants,
                label,
                payload,
            } => {
                shares
                    .jobs
                    .extend(participants.into_iter().map(|participant| Job {
                        participant,
                        task: Task::Send {
                            label: Arc::clone(&label),
                            payload: Arc::clone(&payload),
                        },
                    }));
                continue;
            }
            Command::AddParticipant {
                participant,
                room,
                credentials,
            } => {
                shares
                    .shard
                    .push(shard::Command::AddParticipant { participant, room });
                (participant, Task::Add { credentials })
            }
            Command::RemoveParticipant { participant } => {
                shares
                    .shard
                    .push(shard::Command::RemoveParticipant { participant });
                (participant, Task::Close)
            }
            Command::SetRemote {
                participant,
                credentials,
                fingerprint,
            } => (
                participant,
                Task::SetRemote {
                    credentials,
                    fingerprint,
                },
            ),
            Command::RestartIce {
                participant,
                local,
                remote,
            } => (participant, Task::RestartIce { local, remote }),
            Command::Inject {
                participant,
                point,
                fault,
            } => (participant, Task::Inject { point, fault }),
        };
        shares.jobs.push(Job { participant, task });
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_order_in_both_shares_and_a_message_becomes_a_job_for_each() {
        let [a, b] = [ParticipantId(1), ParticipantId(2)];
        let credentials = IceCredentials::new("abcd", &"p".repeat(22)).unwrap();
        let shares = split(vec![
            Command::AddParticipant {
                participant: a,
                room: RoomId(1),
                credentials,
            },
            Command::Shard(shard::Command::Echo { token: 1 }),
            Command::SendData {
                participants: vec![a, b],
                label: "_lossy".into(),
                payload: [1].into(),
            },
            Command::RemoveParticipant { participant: a },
        ]);
        assert!(matches!(
            shares.shard.as_slice(),
            [
                shard::Command::AddParticipant { .. },
                shard::Command::Echo { token: 1 },
                shard::Command::RemoveParticipant { .. }
            ]
        ));
        let jobs: Vec<_> = shares.jobs.iter().map(|job| job.participant).collect();
        assert_eq!(jobs, [a, a, b, a]);
        assert!(matches!(shares.jobs[0].task, Task::Add { .. }));
        assert!(matches!(shares.jobs[3].task, Task::Close));
    }
}
