//! Bringing the database to the shape that this version needs.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::Integer;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use doctor_booking_ports::Unavailable;
use thiserror::Error;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Ours among the advisory locks of the database: the letters `docbook`.
const LOCK: i64 = 0x64_6f63_626f_6f6b;

/// The first version that has everything we need, as `server_version_num`.
const OLDEST: i32 = 15_00_00;

#[derive(Debug, Error)]
#[error("PostgreSQL 15 or newer is needed, this is {}.{}", .0 / 1_00_00, .0 % 1_00_00)]
struct TooOld(i32);

/// Applies what has not been applied yet.
pub(crate) fn run(connection: &mut PgConnection) -> Result<(), Unavailable> {
    let version = server_version(connection).map_err(Unavailable::unreachable)?;
    if version < OLDEST {
        return Err(Unavailable::unreachable(TooOld(version)));
    }
    // Several servers may start at once: all but one wait here, as long as that one takes. The lock is let go with the
    // connection. After that, whoever has to wait for a table makes all others wait: better fail and be started anew.
    let alone = format!(
        "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK}); SET lock_timeout = '10s'"
    );
    connection.batch_execute(&alone).map_err(Unavailable::unreachable)?;
    connection.run_pending_migrations(MIGRATIONS).map_err(Unavailable::unreachable)?;
    Ok(())
}

fn server_version(connection: &mut PgConnection) -> diesel::QueryResult<i32> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = Integer)]
        number: i32,
    }
    // SQL, since Diesel has no word for settings.
    let version: Version =
        sql_query("SELECT current_setting('server_version_num')::integer AS number").get_result(connection)?;
    Ok(version.number)
}

#[cfg(test)]
mod tests {
    use doctor_booking_domain::{Audience, Booking, BookingParts, BookingStatus, Busy, Footprint, OfferedTypes};
    use doctor_booking_ports::{BookingFilter, DoctorFilter};
    use doctor_booking_ports_contract::{Fixture, given};
    use doctor_booking_test_postgres::TestDatabase;

    use super::*;
    use crate::{PgOptions, PgStore};

    /// Takes migrations back up to this one, which is the last to go.
    fn take_back(connection: &mut PgConnection, version: &str) -> Result<(), String> {
        loop {
            let taken_back = connection.revert_last_migration(MIGRATIONS).map_err(|error| error.to_string())?;
            if taken_back.to_string() == version {
                return Ok(());
            }
        }
    }

    const VISIT_TYPES: &str = "20261124000005";
    const LIFE: &str = "20261124000006";
    const ACCESS: &str = "20261124000007";
    const SET_ASIDE: &str = "20261124000008";

    fn store(database: &TestDatabase) -> Fixture {
        Fixture::new(PgStore::connect(&PgOptions::new(database.url())).expect("it is there").stores(), ())
    }

    #[test]
    fn an_old_server_is_told_which_it_is() {
        assert_eq!(TooOld(14_00_09).to_string(), "PostgreSQL 15 or newer is needed, this is 14.9");
    }

    #[test]
    fn every_migration_can_be_taken_back_and_applied_again() {
        let database = TestDatabase::create().expect("a database");
        let mut connection = crate::pool::connect(database.url()).expect("it is there");
        run(&mut connection).expect("applied");
        connection.revert_all_migrations(MIGRATIONS).expect("taken back");
        run(&mut connection).expect("applied again");
        assert!(!connection.has_pending_migration(MIGRATIONS).expect("an answer"));
    }

    #[test]
    fn who_was_booked_before_there_were_visit_types_is_alone_with_a_doctor_who_offers_all_of_them() {
        let database = TestDatabase::create().expect("a database");
        let mut connection = crate::pool::connect(database.url()).expect("it is there");
        run(&mut connection).expect("applied");
        take_back(&mut connection, VISIT_TYPES).expect("taken back");
        // As the version before this one wrote it.
        let old = "
            INSERT INTO doctors VALUES ('00000000-0000-0000-0000-00000000000d', 'Miranda', 'Bailey', 'bailey miranda',
                'Surgery', 'surgery', 'UTC', 60, true, 1, '2029-12-03Z', '2029-12-03Z');
            INSERT INTO bookings VALUES ('00000000-0000-0000-0000-00000000000d', '00000000-0000-0000-0000-00000000000b',
                '00000000-0000-0000-0000-00000000000f', '2030-01-07 09:00Z', '2030-01-07 10:00Z', 'UTC',
                '2030-01-07 09:00', 'booked', NULL, NULL, false, 1, '2029-12-03Z', '2029-12-03Z');
            INSERT INTO occupancy VALUES
                (1, '00000000-0000-0000-0000-00000000000d', '[2030-01-07 09:00Z, 2030-01-07 10:00Z)',
                    '00000000-0000-0000-0000-00000000000b', true),
                (2, '00000000-0000-0000-0000-00000000000f', '[2030-01-07 09:00Z, 2030-01-07 10:00Z)',
                    '00000000-0000-0000-0000-00000000000b', true)";
        connection.batch_execute(old).expect("old rows");
        run(&mut connection).expect("applied");

        let store = store(&database);
        let doctors = store.doctors.list(&DoctorFilter::default(), &given::whole()).expect("the store answers").items;
        let bookings =
            store.bookings.list(&BookingFilter::default(), &given::whole()).expect("the store answers").items;
        let ([doctor], [booking]) = (&doctors[..], &bookings[..]) else { panic!("{doctors:?}, {bookings:?}") };
        assert_eq!(doctor.rules().visit_types, OfferedTypes::All);
        assert_eq!((booking.parts().visit_type, booking.parts().footprint), (None, Footprint::default()));
        let nine = given::stretch(given::monday(9, 0), 60);
        assert_eq!(booking.busy(), Busy::from(nine));
        assert!(store.try_book(doctor, &store.patient(), nine).is_err(), "it is still guarded");
        store.cancel(booking);
        store.try_book(doctor, &store.patient(), nine).expect("the time is free");
    }

    #[test]
    fn taken_back_visit_types_leave_no_buffer_and_nobody_without_a_seat() {
        let database = TestDatabase::create().expect("a database");
        let mut connection = crate::pool::connect(database.url()).expect("it is there");
        run(&mut connection).expect("applied");
        let store = store(&database);
        let doctor = store.doctor();
        let nine = given::stretch(given::monday(9, 0), 60);
        let footprint = Footprint { before: given::buffer(10), after: given::buffer(5), ..given::shared_by(2) };
        let [booking, other] = [store.patient(), store.patient()].map(|patient| {
            let booking = BookingParts { footprint, ..given::booking(&doctor, &patient, nine) };
            let booking = Booking::from_parts(booking);
            store.put(&booking, doctor.revision()).expect("there is room");
            booking
        });

        let refused = take_back(&mut connection, VISIT_TYPES).expect_err("one of them would have no place");
        assert!(refused.contains("occupancy_no_overlap"), "{refused}");
        // What came after it is gone, and comes back.
        run(&mut connection).expect("applied again");
        assert_eq!(store.found(&booking), Some(booking.clone()), "nothing has changed");

        store.cancel(&other);
        take_back(&mut connection, VISIT_TYPES).expect("taken back");
        run(&mut connection).expect("applied again");
        assert_eq!(store.found(&booking).map(|booking| booking.busy()), Some(Busy::from(nine)));
        let around = [given::stretch(given::monday(8, 0), 60), given::stretch(given::monday(10, 0), 60)];
        for free in around {
            store.try_book(&doctor, &store.patient(), free).expect("the time is free");
        }
        assert!(store.try_book(&doctor, &store.patient(), nine).is_err(), "it is still guarded");
    }

    #[test]
    fn what_was_published_before_there_were_audiences_is_told_to_them() {
        let database = TestDatabase::create().expect("a database");
        let mut connection = crate::pool::connect(database.url()).expect("it is there");
        run(&mut connection).expect("applied");
        let store = store(&database);
        let (doctor, patient) = (store.doctor(), store.patient());
        let booking = store.booked(&doctor, &patient, given::monday(9, 0));
        store.held(&doctor, given::stretch(given::monday(10, 0), 60));
        store.closed(given::january(31));
        store.token_of(&given::token());
        store.audit.record(&[given::line()]).expect("the line is written");
        store.events.publish().expect("the store answers");

        take_back(&mut connection, ACCESS).expect("taken back");
        run(&mut connection).expect("applied again");
        let told = |audience| {
            let events = store.events.after(0, audience, given::limit(9)).expect("the store answers");
            events.iter().map(|event| event.entry.booking).collect::<Vec<_>>()
        };
        for audience in [Audience::Doctor(doctor.id()), Audience::Patient(patient.id())] {
            assert_eq!(told(audience), [Some(booking.id())]);
        }
        assert_eq!(told(Audience::Doctor(given::doctor_id())), []);
        assert_eq!(store.tokens.list(&given::whole()).expect("the store answers").items, []);
        store.assert_consistent();
    }

    #[test]
    fn where_bookings_stand_is_taken_back_to_what_they_occupy_and_what_is_held_is_free() {
        let database = TestDatabase::create().expect("a database");
        let mut connection = crate::pool::connect(database.url()).expect("it is there");
        run(&mut connection).expect("applied");
        let store = store(&database);
        let doctor = store.doctor();
        let at = |hour| given::stretch(given::monday(hour, 0), 60);
        let stands = |hour: u32, status: BookingStatus| {
            let booking = store.try_book(&doctor, &store.patient(), at(hour)).expect("it is free");
            let parts = BookingParts { status, revision: booking.revision().next(), ..booking.parts().clone() };
            let after = Booking::from_parts(parts);
            store.save(&after, booking.revision()).expect("it is saved");
            after
        };
        let all: Vec<_> = (8..).zip(BookingStatus::ALL).map(|(hour, status)| stands(hour, status)).collect();
        store.held(&doctor, at(14));

        take_back(&mut connection, LIFE).expect("taken back");
        run(&mut connection).expect("applied again");
        for booking in all {
            let found = store.found(&booking).expect("it is there");
            let status = if booking.status().is_live() { BookingStatus::Booked } else { BookingStatus::Cancelled };
            assert_eq!(found.status(), status, "{:?}", booking.status());
            let taken = store.try_book(&doctor, &store.patient(), booking.span()).is_err();
            assert_eq!(taken, booking.status().is_live(), "{:?}", booking.status());
        }
        store.try_book(&doctor, &store.patient(), at(14)).expect("it is free");
        store.assert_consistent();
    }
    #[test]
    fn where_a_patients_visits_overlap_that_is_not_taken_back_and_where_they_do_not_all_are_ordinary() {
        let database = TestDatabase::create().expect("a database");
        let mut connection = crate::pool::connect(database.url()).expect("it is there");
        run(&mut connection).expect("applied");
        let store = store(&database);
        let (doctor, other, patient) = (store.doctor(), store.doctor(), store.patient());
        let nine = store.booked(&doctor, &patient, given::monday(9, 0));
        let parts = given::booking(&other, &patient, given::stretch(given::monday(9, 30), 60));
        let beside = Booking::from_parts(BookingParts { beside_others: true, ..parts });
        store.put(&beside, other.revision()).expect("it may be beside others");

        let refused = take_back(&mut connection, SET_ASIDE).expect_err("two overlap");
        assert!(refused.contains("occupancy_no_overlap"), "{refused}");
        run(&mut connection).expect("applied again");
        assert_eq!(store.found(&beside), Some(beside.clone()), "nothing has changed");

        store.cancel(&nine);
        take_back(&mut connection, SET_ASIDE).expect("taken back");
        run(&mut connection).expect("applied again");
        let ordinary = Booking::from_parts(BookingParts { beside_others: false, ..beside.parts().clone() });
        assert_eq!(store.found(&beside), Some(ordinary));
        store.assert_consistent();
        assert!(store.try_book(&doctor, &patient, beside.span()).is_err(), "it is still guarded");
    }
}
