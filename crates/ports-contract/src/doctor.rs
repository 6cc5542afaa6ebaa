//! What [`Doctors`](doctor_booking_ports::Doctors) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{TimeDelta, Weekday};
use doctor_booking_domain::{
    Booking, Doctor, DoctorAmendment, DoctorParts, Exceptions, Name, OfferedTypes, Revision, Rules, SearchKey,
    Upcoming, WorkingHours,
};
use doctor_booking_ports::{DoctorFilter, Outlook, PageRequest, SaveError};

use crate::{Fixture, given};

fn find(store: &Fixture, doctor: &Doctor) -> Option<Doctor> {
    store.doctors.find(doctor.id()).expect("the store answers")
}

/// The last names of the doctors that pass the filter, in the order of the list.
fn last_names(store: &Fixture, filter: &DoctorFilter) -> Vec<String> {
    let page = store.doctors.list(filter, &given::whole()).expect("the store answers");
    assert_eq!(page.next, None);
    page.items.iter().map(last_name).collect()
}

fn last_name(doctor: &Doctor) -> String {
    doctor.name().last.as_str().to_owned()
}

fn named(text: &str) -> DoctorFilter {
    DoctorFilter { name: Some(SearchKey::of(text)), ..DoctorFilter::default() }
}

/// Hours that end at 9 o'clock instead of 18.
fn shortened(doctor: &Doctor) -> Doctor {
    doctor.with_hours(given::workdays("08:00", "09:00"), given::later())
}

// Found as stored.

pub fn a_doctor_is_found_as_stored(store: &Fixture) {
    let usual = given::weekly(&[
        (Weekday::Mon, "08:00", "11:00"),
        (Weekday::Mon, "11:00", "13:30"),
        (Weekday::Tue, "13:00", "24:00"),
        (Weekday::Wed, "00:00", "24:00"),
        (Weekday::Sun, "22:00", "06:00"),
    ]);
    let summer = given::weekly(&[(Weekday::Sat, "00:05", "00:01")]);
    let none = given::weekly(&[]);
    let hours = WorkingHours::from_versions([
        (None, usual),
        (Some(given::january(14)), summer),
        (Some(given::january(21)), none),
    ]);
    let doctor = store.doctor_of(DoctorParts {
        name: given::name("Þóra Ólöf", "O'Brien-Čapek 李 \"𝔛\""),
        specialty: given::specialty("Hals-Nasen-Ohren, Straße"),
        rules: Rules::new(given::zone("America/Argentina/Buenos_Aires"))
            .with_hours(hours.expect("no version overlaps another"))
            .with_slot(given::slot(25))
            .with_visit_types([given::visit_type_id(), given::visit_type_id(), given::visit_type_id()]),
        revision: Revision::from_number(7),
        updated_at: given::later(),
        ..given::doctor()
    });
    assert_eq!(find(store, &doctor), Some(doctor));
}

pub fn an_inactive_doctor_without_hours_is_found_as_stored(store: &Fixture) {
    let nothing = given::rules().with_hours(WorkingHours::none()).with_visit_types([]);
    let rules = Rules { active: false, ..nothing };
    let doctor = store.doctor_of(DoctorParts { rules, ..given::doctor() });
    assert_eq!(find(store, &doctor), Some(doctor));
}

pub fn a_doctor_whose_hours_begin_on_a_date_is_found_as_stored(store: &Fixture) {
    let mondays = given::weekly(&[(Weekday::Mon, "08:00", "11:00")]);
    let hours = WorkingHours::from_versions([(Some(given::january(7)), mondays)]).expect("there is only one version");
    let doctor = store.doctor_of(DoctorParts { rules: given::rules().with_hours(hours), ..given::doctor() });
    assert_eq!(find(store, &doctor), Some(doctor));
}

pub fn a_doctor_who_is_not_there_is_not_found(store: &Fixture) {
    store.doctor();
    let nobody = given::doctor_id();
    assert_eq!(store.doctors.find(nobody).expect("the store answers"), None);
    assert_eq!(store.doctors.outlook(nobody, given::now()).expect("the store answers"), None);
}

pub fn a_changed_doctor_is_found_as_saved(store: &Fixture) {
    let other = store.doctor();
    let hours = WorkingHours::from_versions([
        (None, given::weekly(&[(Weekday::Mon, "08:00", "18:00")])),
        (Some(given::january(14)), given::weekly(&[(Weekday::Tue, "08:00", "18:00")])),
        (Some(given::january(21)), given::weekly(&[(Weekday::Wed, "08:00", "18:00")])),
    ]);
    let rules = given::rules().with_hours(hours.expect("no version overlaps another"));
    let doctor = store.doctor_of(DoctorParts { rules, ..given::doctor() });

    let amended = doctor.amended(
        DoctorAmendment {
            first_name: Name::parse("Miriam").ok(),
            last_name: Name::parse("Čapek").ok(),
            specialty: Some(given::specialty("Cardiology")),
            zone: Some(given::zone("Australia/Lord_Howe")),
            slot: Some(given::slot(5)),
            active: Some(false),
            visit_types: Some(OfferedTypes::Only([given::visit_type_id(), given::visit_type_id()].into())),
        },
        given::later(),
    );
    store.change(&amended);
    assert_eq!(find(store, &doctor), Some(amended.clone()));

    let fewer =
        WorkingHours::from_versions([(Some(given::january(14)), given::weekly(&[(Weekday::Fri, "20:00", "04:00")]))]);
    let every_type = DoctorAmendment { visit_types: Some(OfferedTypes::All), ..DoctorAmendment::default() };
    let with_fewer = amended.with_hours(fewer.expect("there is only one version"), given::later());
    let with_fewer = with_fewer.amended(every_type, given::later());
    store.change(&with_fewer);
    assert_eq!(find(store, &doctor), Some(with_fewer));
    assert_eq!(find(store, &other), Some(other), "only that doctor has changed");
}

// Lists.

pub fn doctors_are_listed_by_the_key_of_their_name(store: &Fixture) {
    // Neither capitals nor a language's order count: code points of the key do, and a space comes before letters.
    let in_order = [
        "Adams",
        "D'Arcy",
        "DE LA CRUZ",
        "de Vries",
        "Delacruz",
        "O Brien",
        "obrien",
        "Zzz",
        "Ångström",
        "Ødegård",
        "李",
    ];
    let mut mixed = in_order;
    mixed.rotate_left(4);
    mixed.reverse();
    for last in mixed {
        store.doctor_of(given::doctor_named("Alex", last));
    }
    assert_eq!(last_names(store, &DoctorFilter::default()), in_order);
}

pub fn doctors_of_one_name_are_listed_by_id(store: &Fixture) {
    let mut ids: Vec<_> = (0..5).map(|_| store.doctor().id()).collect();
    ids.sort_unstable();
    let listed = |most| {
        let all = given::read_by(most, |page| store.doctors.list(&DoctorFilter::default(), page));
        all.iter().map(Doctor::id).collect::<Vec<_>>()
    };
    assert_eq!(listed(200), ids);
    assert_eq!(listed(2), ids);
}

pub fn a_list_has_doctors_as_they_were_stored(store: &Fixture) {
    let mornings = store.doctor_of(given::doctor_named("Anna", "Adams"));
    let rules = Rules::new(given::zone("Europe/Berlin")).with_hours(given::workdays("22:00", "06:00"));
    let nights = store.doctor_of(DoctorParts { rules, ..given::doctor_named("Bert", "Brown") });
    let rules = given::rules().with_hours(WorkingHours::none());
    let never = store.doctor_of(DoctorParts { rules, ..given::doctor_named("Carl", "Clark") });
    let page = store.doctors.list(&DoctorFilter::default(), &given::whole()).expect("the store answers");
    assert_eq!(page.items, [mornings, nights, never]);
}

pub fn doctors_are_filtered_by_specialty_whatever_its_case(store: &Fixture) {
    for (last, specialty) in
        [("Adams", "Cardiology"), ("Brown", "CARDIOLOGY"), ("Clark", "Pediatric cardiology"), ("Davis", "Cardio")]
    {
        store.doctor_of(DoctorParts { specialty: given::specialty(specialty), ..given::doctor_named("Alex", last) });
    }
    let filter = |text| DoctorFilter { specialty: Some(SearchKey::of(text)), ..DoctorFilter::default() };
    assert_eq!(last_names(store, &filter("cardioLogy")), ["Adams", "Brown"]);
    assert_eq!(last_names(store, &filter("Cardio")), ["Davis"]);
    assert_eq!(last_names(store, &filter("%")), [""; 0]);
}

pub fn doctors_are_filtered_by_every_word_of_a_name(store: &Fixture) {
    for (first, last) in [("Jon", "Snow"), ("Jonathan", "Snowden"), ("Jon", "Stark"), ("ÉMILE", "Þórsson")] {
        store.doctor_of(given::doctor_named(first, last));
    }
    assert_eq!(last_names(store, &named("jon snow")), ["Snow", "Snowden"]);
    assert_eq!(last_names(store, &named("SNOW  Jonathan")), ["Snowden"]);
    assert_eq!(last_names(store, &named("tar")), ["Stark"]);
    assert_eq!(last_names(store, &named("émile ÞÓR")), ["Þórsson"]);
    assert_eq!(last_names(store, &named("jon lannister")), [""; 0]);
    assert_eq!(last_names(store, &named(" ")).len(), 4, "no word is in everybody's name");
}

pub fn wildcards_in_a_search_for_doctors_are_plain_characters(store: &Fixture) {
    for last in [r"back\slash", "hundred%", "plain", "quote'd", "under_score"] {
        store.doctor_of(given::doctor_named("Alex", last));
    }
    assert_eq!(last_names(store, &named("%")), ["hundred%"]);
    assert_eq!(last_names(store, &named("_")), ["under_score"]);
    assert_eq!(last_names(store, &named(r"\")), [r"back\slash"]);
    assert_eq!(last_names(store, &named("'")), ["quote'd"]);
    assert_eq!(last_names(store, &named("p%n")), [""; 0]);
    assert_eq!(last_names(store, &named("pla_n")), [""; 0]);
    assert_eq!(last_names(store, &named(r"\%")), [""; 0]);
}

pub fn doctors_are_filtered_by_whether_they_take_bookings(store: &Fixture) {
    store.doctor_of(given::doctor_named("Alex", "Active"));
    let rules = Rules { active: false, ..given::rules() };
    store.doctor_of(DoctorParts { rules, ..given::doctor_named("Alex", "Retired") });
    let filter = |active| DoctorFilter { active, ..DoctorFilter::default() };
    assert_eq!(last_names(store, &filter(Some(true))), ["Active"]);
    assert_eq!(last_names(store, &filter(Some(false))), ["Retired"]);
    assert_eq!(last_names(store, &filter(None)), ["Active", "Retired"]);
}

pub fn a_listed_doctor_passes_every_filter_at_once(store: &Fixture) {
    for (first, last, specialty, active) in [
        ("Jon", "Adams", "Cardiology", true),
        ("Jon", "Brown", "Cardiology", false),
        ("Jon", "Clark", "Surgery", true),
        ("Ann", "Davis", "Cardiology", true),
    ] {
        let rules = Rules { active, ..given::rules() };
        let specialty = given::specialty(specialty);
        store.doctor_of(DoctorParts { rules, specialty, ..given::doctor_named(first, last) });
    }
    let filter = DoctorFilter { specialty: Some(SearchKey::of("cardiology")), active: Some(true), ..named("jon") };
    assert_eq!(last_names(store, &filter), ["Adams"]);
}

pub fn a_changed_doctor_is_found_by_what_is_new(store: &Fixture) {
    let doctor = store.doctor_of(given::doctor_named("Meredith", "Grey"));
    let last_name = Name::parse("Shepherd").ok();
    let specialty = Some(given::specialty("Neurology"));
    store.change(
        &doctor.amended(DoctorAmendment { last_name, specialty, ..DoctorAmendment::default() }, given::later()),
    );

    assert_eq!(last_names(store, &named("grey")), [""; 0]);
    assert_eq!(last_names(store, &named("shepherd")), ["Shepherd"]);
    let neurology = DoctorFilter { specialty: Some(SearchKey::of("neurology")), ..DoctorFilter::default() };
    assert_eq!(last_names(store, &neurology), ["Shepherd"]);
}

pub fn read_in_pages_doctors_are_the_same(store: &Fixture) {
    for last in ["Adams", "Brown", "Clark", "Davis", "Evans", "Frank"] {
        store.doctor_of(given::doctor_named("Alex", last));
    }
    let whole = last_names(store, &DoctorFilter::default());
    for most in 1..=7 {
        let read = given::read_by(most, |page| store.doctors.list(&DoctorFilter::default(), page));
        assert_eq!(read.iter().map(last_name).collect::<Vec<_>>(), whole, "in pages of {most}");
    }
    let read = given::read_by(1, |page| store.doctors.list(&named("a"), page));
    assert_eq!(read.iter().map(last_name).collect::<Vec<_>>(), last_names(store, &named("a")));
}

pub fn pages_of_doctors_stay_right_while_doctors_are_added(store: &Fixture) {
    for last in ["Brown", "Davis", "Frank", "Hill"] {
        store.doctor_of(given::doctor_named("Alex", last));
    }
    let page = |after| {
        let request = PageRequest { after, limit: given::limit(2) };
        let page = store.doctors.list(&DoctorFilter::default(), &request).expect("the store answers");
        (page.items.iter().map(last_name).collect::<Vec<_>>(), page.next)
    };

    let (first, next) = page(None);
    for last in ["Adams", "Clark", "Evans"] {
        store.doctor_of(given::doctor_named("Alex", last));
    }
    let (second, after_that) = page(next);
    let (third, end) = page(after_that);

    assert_eq!([first, second, third], [vec!["Brown", "Davis"], vec!["Evans", "Frank"], vec!["Hill"]]);
    assert_eq!(end, None);
}

// Changes of rules.

pub fn upcoming_are_the_live_bookings_that_end_later(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let book = |minutes_from_now, length| {
        let start = given::now() + TimeDelta::minutes(minutes_from_now);
        store.try_book(&doctor, &patient, given::stretch(start, length)).expect("the booking is stored")
    };
    let _over = book(-120, 60);
    let _ends_now = book(-60, 60);
    store.cancel(&book(10, 10));
    let under_way = book(0, 10);
    let tomorrow = book(1440, 30);
    let _of_someone_else = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));

    let Outlook { doctor: found, upcoming, .. } = store.seen(&doctor);

    assert_eq!(found, doctor);
    assert_eq!(upcoming.as_of, given::now());
    let mut bookings = upcoming.bookings;
    bookings.sort_by_key(Booking::span);
    assert_eq!(bookings, [under_way, tomorrow]);
}

pub fn a_change_of_rules_marks_the_bookings_it_leaves_outside(store: &Fixture) {
    let doctor = store.doctor();
    let inside = store.booked(&doctor, &store.patient(), given::monday(8, 0));
    let outside = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let change = given::change(shortened(&doctor), &store.seen(&doctor));
    assert_eq!(change.marked.len(), 1);

    store.doctors.save(&change).expect("the change is saved");

    assert_eq!(find(store, &doctor), Some(change.doctor));
    assert_eq!(store.found(&inside), Some(inside));
    let marked = store.found(&outside).expect("the booking is there");
    assert!(marked.parts().outside_hours);
    assert_eq!(Some(&marked), change.marked.first(), "one revision later, changed when the doctor was");
}

pub fn a_change_of_rules_takes_marks_away_again(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let shortened = shortened(&doctor);
    store.change(&shortened);

    store.change(&shortened.with_hours(doctor.rules().hours.clone(), given::later()));

    let found = store.found(&booking).expect("the booking is there");
    assert!(!found.parts().outside_hours);
    assert_eq!(found.revision().number(), 3);
}

pub fn a_booking_outside_hours_still_occupies(store: &Fixture) {
    let doctor = store.doctor();
    store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let shortened = shortened(&doctor);
    store.change(&shortened);
    store.change(&shortened.with_hours(doctor.rules().hours.clone(), given::later()));
    assert!(!store.is_free(&doctor, given::monday(10, 0)));
}

pub fn a_change_decided_on_an_older_revision_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let too_late = given::change(shortened(&doctor), &store.seen(&doctor));
    let newer = doctor.with_hours(given::workdays("07:00", "18:00"), given::later());
    store.change(&newer);

    assert!(matches!(store.doctors.save(&too_late), Err(SaveError::Stale)));
    assert_eq!(find(store, &doctor), Some(newer));
    assert_eq!(store.found(&booking), Some(booking), "nor is it marked");
}

pub fn a_change_of_a_doctor_who_is_not_there_is_stale(store: &Fixture) {
    let nobody = Doctor::from_parts(given::doctor());
    let upcoming = Upcoming { as_of: given::now(), bookings: vec![], holds: vec![] };
    let seen = Outlook { doctor: nobody.clone(), exceptions: Exceptions::default(), upcoming };
    let change = given::change(shortened(&nobody), &seen);
    assert!(matches!(store.doctors.save(&change), Err(SaveError::Stale)));
    assert_eq!(find(store, &nobody), None);
}

pub fn a_change_that_did_not_look_at_a_new_booking_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let judged = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let change = given::change(shortened(&doctor), &store.seen(&doctor));
    let missed = store.booked(&doctor, &store.patient(), given::monday(11, 0));

    assert!(matches!(store.doctors.save(&change), Err(SaveError::Stale)));
    assert_eq!(find(store, &doctor), Some(doctor), "nothing of it is stored");
    assert_eq!(store.found(&judged), Some(judged));
    assert_eq!(store.found(&missed), Some(missed));
}

pub fn a_change_that_looked_at_a_booking_since_cancelled_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let kept = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let booking = store.booked(&doctor, &store.patient(), given::monday(11, 0));
    let change = given::change(shortened(&doctor), &store.seen(&doctor));
    store.cancel(&booking);

    assert!(matches!(store.doctors.save(&change), Err(SaveError::Stale)));
    assert_eq!(find(store, &doctor), Some(doctor));
    assert_eq!(store.found(&kept), Some(kept));
    assert_eq!(store.found(&booking), Some(given::cancelled(&booking)), "it stays cancelled");
}

pub fn a_change_that_looked_at_another_booking_instead_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let cancelled = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let change = given::change(shortened(&doctor), &store.seen(&doctor));
    store.cancel(&cancelled);
    let instead = store.booked(&doctor, &store.patient(), given::monday(10, 0));

    assert!(matches!(store.doctors.save(&change), Err(SaveError::Stale)), "as many bookings, but not the same");
    assert_eq!(find(store, &doctor), Some(doctor));
    assert_eq!(store.found(&instead), Some(instead));
}

pub fn a_change_that_looked_at_another_revision_of_a_booking_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let mut change = given::change(shortened(&doctor), &store.seen(&doctor));
    change.judged.bookings = vec![(booking.id(), booking.revision().next())];
    change.marked = vec![];

    assert!(matches!(store.doctors.save(&change), Err(SaveError::Stale)));
    assert_eq!(find(store, &doctor), Some(doctor));
}

pub fn a_change_need_not_look_at_what_is_over_or_cancelled_or_elsewhere(store: &Fixture) {
    let doctor = store.doctor();
    let change = given::change(shortened(&doctor), &store.seen(&doctor));
    let over = given::stretch(given::now() - TimeDelta::minutes(60), 60);
    let over = store.try_book(&doctor, &store.patient(), over).expect("the booking is stored");
    let cancelled = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    store.cancel(&cancelled);
    store.booked(&store.doctor(), &store.patient(), given::monday(10, 0));

    store.doctors.save(&change).expect("the change is saved");

    assert_eq!(store.found(&over), Some(over));
    assert_eq!(store.found(&cancelled), Some(given::cancelled(&cancelled)));
}
