//! Reminders that are due become events; sending them is the business of whoever is told.

use std::sync::Arc;

use doctor_booking_domain::{Author, Entry, LeadTime, Who};
use doctor_booking_ports::{Along, Clock, Ids, Limit, Reminders, Unavailable};

/// Makes events of the reminders that are due.
#[derive(Clone)]
pub struct Remind {
    reminders: Arc<dyn Reminders>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Remind {
    /// The use case over these ports.
    pub fn new(reminders: Arc<dyn Reminders>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { reminders, clock, ids }
    }

    /// Makes an event of every reminder that is due, once, whoever else tries; how many.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, leads: &[LeadTime]) -> Result<usize, Unavailable> {
        let mut made = 0;
        for &lead in leads {
            loop {
                let now = self.clock.now();
                let due = self.reminders.due(lead, now, Limit::default())?;
                let mut recorded = 0;
                for booking in &due {
                    let by = Author { who: Who::Service, at: now, why: None };
                    let entry = Entry::reminder(self.ids.entry(), booking, lead, &by);
                    recorded += usize::from(self.reminders.record(booking, lead, &Along::entry(entry))?);
                }
                made += recorded;
                // What others recorded, or changed, meanwhile is looked at again the next time.
                if recorded < usize::from(Limit::default().get()) {
                    break;
                }
            }
        }
        Ok(made)
    }
}
