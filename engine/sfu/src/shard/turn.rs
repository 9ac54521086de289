//! One participant's turn: bounded work inside a bulkhead.
//!
//! Every loop on behalf of a participant spends fuel. A turn that runs out, and any panic in it,
//! ends that turn only; the shard then ends the participant. Nothing else may catch a panic.

use super::command::{Fault, Point};
use super::event::GoneReason;
use crate::limits;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What a turn may still spend, and the fault that waits in it.
#[derive(Debug)]
pub(crate) struct Turn {
    fuel: u32,
    armed: Option<(Point, Fault)>,
}

/// Thrown by a turn without fuel.
struct OutOfFuel;

/// Thrown by an injected panic; unlike a real one it does not pass the panic hook.
struct Injected;

impl Turn {
    pub(crate) fn new(armed: Option<(Point, Fault)>) -> Self {
        Self {
            fuel: limits::TURN_FUEL,
            armed,
        }
    }

    /// Pays for one step of a loop.
    #[inline]
    pub(crate) fn spend(&mut self, units: u32) {
        match self.fuel.checked_sub(units) {
            Some(left) => self.fuel = left,
            None => stall(),
        }
    }

    /// A place where a fault can be injected.
    #[inline]
    pub(crate) fn pass(&mut self, point: Point) {
        if self.armed.is_some_and(|(armed, _)| armed == point) {
            self.fail();
        }
    }

    #[cold]
    fn fail(&mut self) {
        match self.armed {
            Some((_, Fault::Loop)) => loop {
                self.spend(1);
            },
            _ => resume_unwind(Box::new(Injected)),
        }
    }

    /// Runs `body` to its end or to its fault.
    ///
    /// Asserting unwind safety is the shard's affair: whatever a turn may leave half changed is
    /// either dropped with the participant or overwritten before it is read (`EgressBatch`).
    pub(crate) fn contain<R>(
        &mut self,
        body: impl FnOnce(&mut Self) -> R,
    ) -> Result<R, GoneReason> {
        catch_unwind(AssertUnwindSafe(|| body(self))).map_err(|thrown| {
            if thrown.is::<OutOfFuel>() {
                GoneReason::Stalled
            } else {
                GoneReason::Panic
            }
        })
    }
}

#[cold]
fn stall() -> ! {
    resume_unwind(Box::new(OutOfFuel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_may_spend_its_fuel_and_not_one_unit_more() {
        for (units, ends) in [
            (limits::TURN_FUEL - 1, Ok(())),
            (limits::TURN_FUEL, Ok(())),
            (limits::TURN_FUEL + 1, Err(GoneReason::Stalled)),
        ] {
            let mut turn = Turn::new(None);
            assert_eq!(
                turn.contain(|turn| (0..units).for_each(|_| turn.spend(1))),
                ends
            );
        }
    }

    #[test]
    fn a_panic_ends_the_turn_and_is_told_from_a_loop() {
        let mut turn = Turn::new(Some((Point::Seal, Fault::Panic)));
        assert_eq!(turn.contain(|turn| turn.pass(Point::Open)), Ok(()));
        assert_eq!(
            turn.contain(|turn| turn.pass(Point::Seal)),
            Err(GoneReason::Panic)
        );
        let mut turn = Turn::new(Some((Point::Seal, Fault::Loop)));
        assert_eq!(
            turn.contain(|turn| turn.pass(Point::Seal)),
            Err(GoneReason::Stalled)
        );
        let mut turn = Turn::new(None);
        assert_eq!(
            turn.contain(|_| [0_u8; 0][std::hint::black_box(7)]),
            Err(GoneReason::Panic)
        );
    }
}
