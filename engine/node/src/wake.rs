//! A flag that can be waited for together with sockets.

use nix::sys::eventfd::{EfdFlags, EventFd};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

/// An eventfd: set by any thread, cleared by the one that waits.
#[derive(Debug)]
pub struct Waker(EventFd);

impl Waker {
    /// Not set.
    pub fn new() -> io::Result<Self> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        Ok(Self(EventFd::from_flags(flags)?))
    }

    /// Sets it. The only failure is a counter at its end, and then it is set.
    pub fn wake(&self) {
        let _ = self.0.write(1);
    }

    /// Clears it. The only failure is that it was not set.
    pub fn clear(&self) {
        let _ = self.0.read();
    }

    /// The descriptor, readable while set.
    pub fn raw(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

impl AsFd for Waker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
