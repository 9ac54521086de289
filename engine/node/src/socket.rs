//! The engine's UDP sockets: bound, tuned, read in batches.
//!
//! Owns the sockets and the receive buffers. Reading allocates nothing per datagram. Addresses
//! are canonical (`Path`): sockets are of one family each, so no IPv4 peer looks like an IPv6 one.

use crate::limits;
use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, setsockopt, sockopt};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use veche_sfu::path::Path;

/// One bound UDP socket.
#[derive(Debug)]
pub struct MediaSocket {
    socket: UdpSocket,
    address: SocketAddr,
    index: u8,
}

impl MediaSocket {
    /// The address that is really bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends one datagram now or not at all.
    pub fn send_now(&self, remote: SocketAddr, bytes: &[u8]) -> io::Result<()> {
        self.socket.send_to(bytes, remote).map(drop)
    }

    pub(crate) fn raw(&self) -> RawFd {
        self.socket.as_raw_fd()
    }
}

impl AsFd for MediaSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Binds all addresses. Those with port 0 share one port of the system's choice.
///
/// # Errors
/// Names the address that could not be bound.
pub fn bind_all(addresses: &[SocketAddr]) -> io::Result<Vec<MediaSocket>> {
    if addresses.is_empty() || addresses.len() > limits::SOCKETS {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "listen: 1 to {} addresses, not {}",
                limits::SOCKETS,
                addresses.len()
            ),
        ));
    }
    let is_shared = addresses
        .iter()
        .filter(|address| address.port() == 0)
        .count()
        > 1;
    let attempts = if is_shared { limits::PORT_ATTEMPTS } else { 1 };
    let mut refusal = None;
    for _ in 0..attempts {
        match bind_once(addresses) {
            Ok(sockets) => return Ok(sockets),
            // Another program may hold the chosen port on one of the other addresses.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => refusal = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(refusal.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

fn bind_once(addresses: &[SocketAddr]) -> io::Result<Vec<MediaSocket>> {
    let mut chosen_port = 0;
    let mut sockets = Vec::with_capacity(addresses.len());
    for (index, address) in (0_u8..).zip(addresses) {
        let mut wanted = *address;
        if wanted.port() == 0 {
            wanted.set_port(chosen_port);
        }
        let socket = bind(wanted).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {wanted}: {error}"))
        })?;
        let bound = socket.local_addr()?;
        if address.port() == 0 {
            chosen_port = bound.port();
        }
        sockets.push(MediaSocket {
            socket,
            address: bound,
            index,
        });
    }
    Ok(sockets)
}

fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    // The forced option may exceed net.core.rmem_max but needs CAP_NET_ADMIN.
    let bytes = limits::SOCKET_BUFFER_BYTES;
    if setsockopt(&socket, sockopt::RcvBufForce, &bytes).is_err() {
        socket.set_recv_buffer_size(bytes)?;
    }
    if setsockopt(&socket, sockopt::SndBufForce, &bytes).is_err() {
        socket.set_send_buffer_size(bytes)?;
    }
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// One byte more than we accept, so that a longer datagram shows.
const SLOT_BYTES: usize = limits::DATAGRAM_BYTES + 1;

/// Buffers for one socket's next datagrams.
///
/// One per socket: the kernel writes each address' length into the headers and `nix` does not
/// reset it, so headers must not be shared between address families.
pub struct ReceiveBatch {
    headers: MultiHeaders<SockaddrStorage>,
    bytes: Box<[u8]>,
    received: Vec<(Option<SocketAddr>, usize)>,
}

impl Default for ReceiveBatch {
    fn default() -> Self {
        Self {
            headers: MultiHeaders::preallocate(limits::RECEIVE_BATCH, None),
            bytes: vec![0; limits::RECEIVE_BATCH.saturating_mul(SLOT_BYTES)].into_boxed_slice(),
            received: Vec::with_capacity(limits::RECEIVE_BATCH),
        }
    }
}

impl ReceiveBatch {
    /// Takes what waits in the socket, at most a batch, and gives its number.
    ///
    /// # Errors
    /// Only what is wrong with the socket itself; nothing waiting is 0.
    pub fn receive(&mut self, socket: &MediaSocket) -> io::Result<usize> {
        self.received.clear();
        let mut slots = self.bytes.chunks_exact_mut(SLOT_BYTES);
        let mut slices: [[IoSliceMut<'_>; 1]; limits::RECEIVE_BATCH] =
            std::array::from_fn(|_| [IoSliceMut::new(slots.next().unwrap_or_default())]);
        let results = recvmmsg(
            socket.raw(),
            &mut self.headers,
            slices.iter_mut(),
            MsgFlags::MSG_DONTWAIT,
            None,
        );
        match results {
            Ok(results) => {
                let found =
                    results.map(|message| (message.address.and_then(to_std), message.bytes));
                self.received.extend(found);
            }
            Err(Errno::EAGAIN | Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(self.received.len())
    }

    /// Hands over each datagram received; gives how many were too long or had no address.
    pub fn each(&mut self, socket: &MediaSocket, mut take: impl FnMut(Path, &mut [u8])) -> u64 {
        let mut refused = 0_u64;
        for ((remote, length), slot) in self
            .received
            .iter()
            .zip(self.bytes.chunks_exact_mut(SLOT_BYTES))
        {
            match (remote, slot.get_mut(..*length)) {
                (Some(remote), Some(bytes)) if *length <= limits::DATAGRAM_BYTES => {
                    take(
                        Path {
                            local: socket.index,
                            remote: *remote,
                        },
                        bytes,
                    );
                }
                _ => refused = refused.saturating_add(1),
            }
        }
        refused
    }
}

fn to_std(address: SockaddrStorage) -> Option<SocketAddr> {
    if let Some(address) = address.as_sockaddr_in() {
        return Some(SocketAddrV4::from(*address).into());
    }
    // Flow label and scope are not part of who a peer is, except a link-local's scope.
    address.as_sockaddr_in6().map(|address| {
        let full = SocketAddrV6::from(*address);
        SocketAddrV6::new(*full.ip(), full.port(), 0, full.scope_id()).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loopback() -> SocketAddr {
        "127.0.0.1:0".parse().unwrap()
    }

    #[test]
    fn port_zero_becomes_one_port_for_both_families() {
        let sockets = bind_all(&[loopback(), "[::1]:0".parse().unwrap()]).unwrap();
        let [four, six] = sockets.as_slice() else {
            panic!("two sockets")
        };
        assert_ne!(four.address().port(), 0);
        assert_eq!(four.address().port(), six.address().port());
    }

    #[test]
    fn both_wildcards_share_a_port_because_each_takes_its_own_family_only() {
        let wildcards = ["0.0.0.0:0", "[::]:0"].map(|it| it.parse().unwrap());
        assert_eq!(bind_all(&wildcards).unwrap().len(), 2);
    }

    #[test]
    fn a_taken_port_is_refused_by_its_address() {
        let first = bind_all(&[loopback()]).unwrap();
        let taken = first[0].address();
        let refusal = bind_all(&[taken]).unwrap_err();
        assert_eq!(refusal.kind(), io::ErrorKind::AddrInUse);
        assert!(
            refusal.to_string().contains(&taken.to_string()),
            "{refusal}"
        );
    }

    #[test]
    fn a_batch_holds_each_datagram_with_its_sender_and_refuses_the_oversized() {
        for listen in [loopback(), "[::1]:0".parse().unwrap()] {
            let sockets = bind_all(&[listen]).unwrap();
            let peer = UdpSocket::bind(listen).unwrap();
            let mut batch = ReceiveBatch::default();
            assert_eq!(batch.receive(&sockets[0]).unwrap(), 0);
            // Twice: the second round must not suffer from what the first left in the headers.
            for _ in 0..2 {
                for length in [0, 1, limits::DATAGRAM_BYTES, limits::DATAGRAM_BYTES + 1] {
                    peer.send_to(&vec![7; length], sockets[0].address())
                        .unwrap();
                }
                assert_eq!(batch.receive(&sockets[0]).unwrap(), 4);
                let mut lengths = Vec::new();
                let refused = batch.each(&sockets[0], |path, bytes| {
                    assert_eq!(
                        path,
                        Path {
                            local: 0,
                            remote: peer.local_addr().unwrap()
                        }
                    );
                    lengths.push(bytes.len());
                });
                assert_eq!(lengths, [0, 1, limits::DATAGRAM_BYTES]);
                assert_eq!(refused, 1);
            }
        }
    }
}
