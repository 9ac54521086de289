//! CPU time of a thread, readable from any other: neither sleeping nor a busy machine counts in it.

use nix::time::ClockId;
use nix::unistd::gettid;
use std::time::Duration;

/// `CPUCLOCK_PERTHREAD | CPUCLOCK_SCHED` of the kernel's dynamic clock ids: what
/// `pthread_getcpuclockid` composes, for a thread that we know by its number only.
const PER_THREAD_SCHEDULER: i32 = 4 | 2;

/// The CPU clock of one thread.
#[derive(Clone, Copy, Debug)]
pub struct ThreadClock(ClockId);

impl ThreadClock {
    /// The clock of the calling thread.
    pub fn of_this_thread() -> Self {
        let thread = gettid().as_raw();
        Self(ClockId::from_raw(
            (!thread).wrapping_shl(3) | PER_THREAD_SCHEDULER,
        ))
    }

    /// CPU time used so far; none once the thread has ended.
    pub fn cpu(self) -> Option<Duration> {
        self.0.now().ok().map(Duration::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn another_threads_clock_runs_while_it_works_and_stands_while_it_waits() {
        let (clock_out, clock_in) = mpsc::channel();
        let (go, wait) = mpsc::channel::<()>();
        let (done, finished) = mpsc::channel();
        let worker = std::thread::spawn(move || {
            let clock = ThreadClock::of_this_thread();
            clock_out.send(clock).unwrap();
            wait.recv().unwrap();
            let begin = clock.cpu().unwrap();
            while clock.cpu().unwrap() < begin + Duration::from_millis(20) {}
            done.send(()).unwrap();
            let _ = wait.recv();
        });
        let clock = clock_in.recv().unwrap();
        let before = clock.cpu().unwrap();
        go.send(()).unwrap();
        finished.recv().unwrap();
        let used = clock.cpu().unwrap() - before;
        assert!(used >= Duration::from_millis(20), "{used:?}");
        assert!(used < Duration::from_millis(200), "{used:?}");
        drop(go);
        worker.join().unwrap();
        // The kernel wakes who joins a thread a moment before it forgets the thread's number.
        while clock.cpu().is_some() {
            std::thread::yield_now();
        }
    }
}
