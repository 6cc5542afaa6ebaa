//! A crowd that wants the same, in every way there is to want it: nobody waits in a circle.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{
    Booking, BookingParts, BookingStatus, CallerId, Doctor, DoctorId, Entry, Hold, LeadTime, Patient, Span,
    VisitTypeAmendment, VisitTypeId, Waiting, Webhook, What,
};
use doctor_booking_ports::{
    Along, BookingFilter, ClosureStep, ExceptionChange, NewBooking, NewHold, NewSeries, Offering, SaveError,
    StoreBookingError, StoreHoldError, StoreSeriesError, WaitingFilter,
};
use doctor_booking_ports_contract::{Fixture, given};

use crate::seats::minutes;
use crate::{common, deadlocks};

#[test]
fn in_a_crowd_that_wants_the_same_there_is_no_deadlock() {
    let database = common::database();
    let mut other = PgConnection::establish(database.url()).expect("the database is there");
    // Everybody dawdles before each step, so that in between somebody else comes.
    let dawdle = "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(random() * 0.01); RETURN coalesce(NEW, OLD); END $$;
        CREATE TRIGGER dawdle BEFORE INSERT OR UPDATE OR DELETE ON occupancy FOR EACH ROW EXECUTE FUNCTION dawdle();
        CREATE TRIGGER dawdle BEFORE INSERT OR UPDATE OR DELETE ON holds FOR EACH ROW EXECUTE FUNCTION dawdle();
        CREATE TRIGGER dawdle BEFORE INSERT OR UPDATE OR DELETE ON waitlist FOR EACH ROW EXECUTE FUNCTION dawdle()";
    other.batch_execute(dawdle).expect("they dawdle");
    let options = PgOptions { pool_size: 26, pool_wait: Duration::from_secs(20), ..PgOptions::new(database.url()) };
    let store = Fixture::new(common::connect(&options).stores(), ());
    let crowd = Crowd {
        doctors: (0..3).map(|_| store.doctor().id()).collect(),
        patients: (0..5).map(|_| store.patient()).collect(),
        visit_type: store.visit_type_of(given::visit_type("Check-up")).id(),
        store,
    };
    let webhook = Webhook::from_parts(given::webhook());
    crowd.store.webhooks.add(&webhook, &Along::default()).expect("the webhook is added");
    let start = Barrier::new(26);
    thread::scope(|scope| {
        for thread in 0..26_u64 {
            let (crowd, start) = (&crowd, &start);
            scope.spawn(move || {
                let mut member = Member { crowd, dice: Dice(thread) };
                start.wait();
                for round in 0..60 {
                    match thread {
                        // Seldom: for a moment everybody else has to look again.
                        0 if round % 6 == 0 => member.changes_rules(),
                        0 if round % 6 == 2 => member.closes_and_opens(),
                        0 if round % 6 == 4 => member.changes_a_visit_type(),
                        0 => drop(crowd.store.doctor()),
                        1 | 2 => member.clears_up(),
                        3..11 => member.books_and_cancels(),
                        11..17 => member.moves(),
                        17..21 => member.holds(),
                        21..24 => member.books_a_series(),
                        _ => member.waits(),
                    }
                }
            });
        }
    });
    crowd.store.assert_consistent();
    assert_eq!(deadlocks(crowd, &mut other), 0);
}

struct Crowd {
    store: Fixture,
    doctors: Vec<DoctorId>,
    patients: Vec<Patient>,
    visit_type: VisitTypeId,
}

struct Member<'a> {
    crowd: &'a Crowd,
    dice: Dice,
}

impl<'a> Member<'a> {
    fn store(&self) -> &'a Fixture {
        &self.crowd.store
    }

    fn doctor(&mut self) -> Doctor {
        let id = self.crowd.doctors[self.dice.below(self.crowd.doctors.len())];
        self.store().doctors.find(id).expect("the store answers").expect("the doctor is there")
    }

    fn patient(&mut self) -> &'a Patient {
        &self.crowd.patients[self.dice.below(self.crowd.patients.len())]
    }

    /// Half an hour from one of twenty quarters on.
    fn span(&mut self) -> Span {
        minutes(15 * i64::try_from(self.dice.below(20)).expect("small"), 30)
    }

    /// A moment within ten minutes: holds, which last five, have expired for some and not for others.
    fn moment(&mut self) -> DateTime<Utc> {
        given::now() + TimeDelta::minutes(i64::try_from(self.dice.below(10)).expect("small"))
    }

    /// Of some alone, of others on seats, of which there are more or fewer.
    fn capacity(&mut self) -> u8 {
        [1, 1, 2, 3][self.dice.below(4)]
    }

    fn booking(&mut self, doctor: &Doctor) -> Booking {
        let patient = self.patient();
        let (span, now) = (self.span(), self.moment());
        let footprint = given::shared_by(self.capacity());
        let parts = given::booking(doctor, patient, span);
        Booking::from_parts(BookingParts { footprint, created_at: now, updated_at: now, ..parts })
    }

    fn books_and_cancels(&mut self) {
        let doctor = self.doctor();
        let booking = self.booking(&doctor);
        if is_made(self.store().put(&booking, doctor.revision())) && self.dice.below(4) > 0 {
            self.cancels(booking);
        }
    }

    fn cancels(&mut self, mut booking: Booking) {
        while booking.status() == BookingStatus::Booked {
            match self.store().save(&given::cancelled(&booking), booking.revision()) {
                Ok(()) => return,
                Err(stale) => assert!(matches!(stale, SaveError::Stale), "{stale:?}"),
            }
            booking = self.store().found(&booking).expect("the booking is there");
        }
    }

    /// Moves a booking anywhere, or puts it back into its place.
    fn moves(&mut self) {
        let doctor = self.doctor();
        let all =
            self.store().bookings.list(&BookingFilter::default(), &given::whole()).expect("the store answers").items;
        if all.is_empty() {
            return;
        }
        let booking = &all[self.dice.below(all.len())];
        let (span, updated_at, revision) = (self.span(), self.moment(), booking.revision().next());
        let footprint = given::shared_by(self.capacity());
        let status = BookingStatus::Booked;
        let parts = booking.parts().clone();
        let parts = BookingParts { doctor: doctor.id(), span, footprint, status, revision, updated_at, ..parts };
        let moved = Booking::from_parts(parts);
        if is_made(self.store().place(&moved, booking.revision(), doctor.revision())) && self.dice.below(2) == 0 {
            self.cancels(moved);
        }
    }

    fn hold(&mut self, doctor: &Doctor, owner: CallerId) -> Hold {
        let (span, now) = (self.span(), self.moment());
        let footprint = given::shared_by(self.capacity());
        let expires_at = now + TimeDelta::minutes(5);
        Hold { footprint, owner, created_at: now, expires_at, ..given::hold(doctor, span) }
    }

    fn holds(&mut self) {
        let doctor = self.doctor();
        let owner = CallerId::from_u128(u128::try_from(self.dice.below(2)).expect("small"));
        let hold = self.hold(&doctor, owner);
        if is_held(self.store().try_hold(&hold, doctor.revision())) {
            self.settles(&hold);
        }
    }

    /// Books what is held, gives it back, or leaves it.
    fn settles(&mut self, hold: &Hold) {
        match self.dice.below(4) {
            0 => drop(self.store().holds.release(hold.id, &Along::default()).expect("the store answers")),
            1 => {}
            _ => {
                let doctor = self.store().doctors.find(hold.doctor).expect("an answer").expect("the doctor is there");
                let booking = hold.for_patient(given::booking_id(), self.patient().id(), None, self.moment());
                let along = Along::entry(given::told(What::BookingCreated, None, &booking));
                let new = NewBooking { booking, decided_on: doctor.revision(), hold: Some(hold.id), along };
                is_made(self.store().bookings.store(&new));
            }
        }
    }

    fn books_a_series(&mut self) {
        let doctor = self.doctor();
        let first = self.booking(&doctor);
        let mut bookings: Vec<_> = [0, 30, 60]
            .map(|after| {
                let span = Span::new(
                    first.span().start() + TimeDelta::minutes(after),
                    first.span().end() + TimeDelta::minutes(after),
                );
                let span = span.expect("forwards");
                Booking::from_parts(BookingParts { id: given::booking_id(), span, ..first.parts().clone() })
            })
            .to_vec();
        if self.dice.below(2) == 0 {
            bookings.reverse();
        }
        let series = NewSeries { bookings, decided_on: doctor.revision(), along: Along::default() };
        match self.store().bookings.store_all(&series) {
            Ok(()) => series.bookings.into_iter().for_each(|booking| self.cancels(booking)),
            Err(StoreSeriesError::Stale | StoreSeriesError::Occupied(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    fn waits(&mut self) {
        let doctor = self.doctor();
        let waiting = Waiting::from_parts(given::waiting(&doctor, self.patient()));
        self.store().waitlist.add(&waiting, &Along::default()).expect("the place is added");
        let hold = self.hold(&doctor, waiting.parts().owner);
        let hold = Hold { waiting: Some(waiting.id()), ..hold };
        let offered = waiting.offered(hold.id, hold.expires_at, hold.created_at);
        let along = Along::entry(Entry::hold(given::entry_id(), What::HoldCreated, &hold, &given::author()));
        let new = NewHold { hold: hold.clone(), decided_on: doctor.revision(), most: 0, along };
        if is_held(self.store().waitlist.offer(&Offering { waiting: offered, seen: waiting.revision(), hold: new })) {
            self.settles(&hold);
        }
        // Somebody else's, perhaps, who is about to book.
        let all = self.store().waitlist.list(&WaitingFilter::default(), &given::whole()).expect("an answer").items;
        if !all.is_empty() {
            let place = &all[self.dice.below(all.len())];
            self.store().waitlist.remove(place.id(), &Along::default()).expect("the store answers");
        }
    }

    /// What the service does by itself, everywhere.
    fn clears_up(&mut self) {
        let (store, now) = (self.store(), self.moment());
        store.holds.sweep(now).expect("the store answers");
        store.waitlist.lapse(now).expect("the store answers");
        store.idempotency.sweep(now).expect("the store answers");
        store.events.publish().expect("the store answers");
        store.deliveries.enqueue(now, given::limit(10)).expect("the store answers");
        for delivery in store.deliveries.claim(now, now, given::limit(10)).expect("the store answers") {
            store.deliveries.delivered(delivery.id).expect("the store answers");
        }
        let lead = LeadTime::from_minutes(43_200).expect("a lead time");
        for booking in store.reminders.due(lead, given::monday(8, 0), given::limit(5)).expect("the store answers") {
            store.reminders.record(&booking, lead, &Along::default()).expect("the store answers");
        }
    }

    fn changes_rules(&mut self) {
        let doctor = self.doctor();
        let seen = self.store().seen(&doctor);
        let what = match self.dice.below(3) {
            0 => given::override_of(given::january(7), &[("10:00", "12:00")]),
            1 => ExceptionChange::NoOverride(given::january(7)),
            _ => ExceptionChange::TimeOff(given::time_off(&seen.doctor, given::stretch(given::monday(9, 0), 60))),
        };
        saved(&self.store().doctors.save(&given::exception(what, None, &seen)));
    }

    fn changes_a_visit_type(&mut self) {
        let found = self.store().visit_types.find(self.crowd.visit_type).expect("an answer").expect("it is there");
        let changed = found.amended(VisitTypeAmendment::default(), given::later()).expect("it can be booked");
        saved(&self.store().visit_types.save(&changed, found.revision()));
    }

    fn closes_and_opens(&mut self) {
        let closures = self.store().closures.list(&given::whole()).expect("the store answers").items;
        let step = closures
            .into_iter()
            .next()
            .map_or_else(|| ClosureStep::Add(given::closure(given::january(7))), ClosureStep::Remove);
        saved(&self.store().closures.save(&self.store().closing(step)));
    }
}

fn is_made(result: Result<(), StoreBookingError>) -> bool {
    use StoreBookingError::{DoctorBusy, HoldGone, PatientBusy, Stale};
    match result {
        Ok(()) => true,
        Err(DoctorBusy | PatientBusy | Stale | HoldGone) => false,
        Err(error) => panic!("{error:?}"),
    }
}

fn is_held(result: Result<(), StoreHoldError>) -> bool {
    match result {
        Ok(()) => true,
        Err(StoreHoldError::Stale | StoreHoldError::DoctorBusy | StoreHoldError::TooMany) => false,
        Err(error) => panic!("{error:?}"),
    }
}

fn saved(result: &Result<(), SaveError>) {
    assert!(matches!(result, Ok(()) | Err(SaveError::Stale)), "{result:?}");
}

/// Numbers that look random and are the same in every run (a linear congruential generator, constants by Knuth).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}
