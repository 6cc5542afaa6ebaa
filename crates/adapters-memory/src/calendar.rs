//! What a decision about a doctor's time needs.

use doctor_booking_domain::{Calendar, DateRange, Doctor, DoctorId, Overrides, Schedule, Span, TimeOff, TimeOffId};
use doctor_booking_ports::{CalendarFilter, Calendars, Page, PageRequest, Snapshot, TimeOffPosition, Unavailable};

use crate::MemoryStore;
use crate::occupancy::Subject;
use crate::page::page;
use crate::store::State;

/// [`Calendars`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryCalendars(MemoryStore);

impl MemoryCalendars {
    /// The calendars of the doctors in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Calendars for MemoryCalendars {
    fn load(&self, doctor: DoctorId, during: Span) -> Result<Option<Snapshot>, Unavailable> {
        let state = self.0.lock();
        Ok(state.doctors.get(&doctor).map(|doctor| state.snapshot(doctor, during)))
    }

    fn load_all(&self, which: &CalendarFilter, during: Span) -> Result<Vec<Snapshot>, Unavailable> {
        let CalendarFilter { doctors, specialty } = which;
        let state = self.0.lock();
        let wanted = state.doctors.values().filter(|doctor| {
            doctor.rules().active
                && (doctors.is_empty() || doctors.contains(&doctor.id()))
                && specialty.as_ref().is_none_or(|specialty| doctor.specialty().key() == *specialty)
        });
        Ok(wanted.map(|doctor| state.snapshot(doctor, during)).collect())
    }

    fn overrides(&self, doctor: DoctorId, dates: DateRange) -> Result<Overrides, Unavailable> {
        Ok(self.0.lock().overrides(doctor, &(dates.from()..=dates.to())))
    }

    fn time_off(
        &self,
        doctor: DoctorId,
        request: &PageRequest<TimeOffPosition>,
    ) -> Result<Page<TimeOff, TimeOffPosition>, Unavailable> {
        let state = self.0.lock();
        let wanted = state.time_off.values().filter(|away| away.doctor == doctor);
        Ok(page(wanted, request, |away| TimeOffPosition::from(away)))
    }

    fn find_time_off(&self, id: TimeOffId) -> Result<Option<TimeOff>, Unavailable> {
        Ok(self.0.lock().time_off.get(&id).cloned())
    }
}

impl State {
    fn snapshot(&self, doctor: &Doctor, during: Span) -> Snapshot {
        let busy = self.occupancy.during(Subject::Doctor(doctor.id()), during);
        let dates = Schedule::dates_around(during);
        let exceptions = self.exceptions(doctor.id(), &(dates.from()..=dates.to()), (during.start(), during.end()));
        let calendar = Calendar::new(doctor.id(), doctor.rules().clone(), busy).with_exceptions(exceptions);
        Snapshot { calendar, rules: doctor.revision() }
    }
}
