//! What is written together with a change.

use doctor_booking_ports::Along;

use crate::store::State;

/// The request has been answered already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answered;

impl State {
    /// Whether the request has not been answered yet: to be asked before anything is written.
    pub(crate) fn is_new(&self, along: &Along) -> Result<(), Answered> {
        let claim = along.answer.as_ref().map(|answer| &answer.claim);
        match claim.filter(|claim| self.answers.contains_key(&(claim.caller, claim.key.clone()))) {
            Some(_) => Err(Answered),
            None => Ok(()),
        }
    }

    /// Writes what goes along with a change that is made.
    pub(crate) fn write(&mut self, along: &Along) {
        self.history.extend(along.history.iter().cloned());
        if let Some(answer) = &along.answer {
            self.answers.insert((answer.claim.caller, answer.claim.key.clone()), answer.clone());
        }
    }
}

macro_rules! answered {
    ($($error:ident)+) => {
        $(
            impl From<Answered> for doctor_booking_ports::$error {
                fn from(_: Answered) -> Self {
                    Self::Answered
                }
            }
        )+
    };
}

answered! { AddError SaveError StoreBookingError StoreHoldError StoreSeriesError }
