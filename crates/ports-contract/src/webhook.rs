//! What [`Webhooks`](doctor_booking_ports::Webhooks) and [`Deliveries`](doctor_booking_ports::Deliveries) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Revision, Webhook, WebhookAmendment, WebhookParts, WebhookUrl, What};
use doctor_booking_ports::{Along, Delivery, Limit, SaveError};

use crate::at_once::at_once;
use crate::{Fixture, given};

fn added(store: &Fixture, parts: WebhookParts) -> Webhook {
    while store.events.publish().expect("the store answers") > 0 {}
    let webhook = Webhook::from_parts(parts);
    store.webhooks.add(&webhook, &Along::default()).expect("the webhook is added");
    webhook
}

fn find(store: &Fixture, webhook: &Webhook) -> Option<Webhook> {
    store.webhooks.find(webhook.id()).expect("the store answers")
}

/// Publishes and enqueues all there is.
fn enqueue(store: &Fixture) {
    while store.events.publish().expect("the store answers") > 0 {}
    while store.deliveries.enqueue(given::now(), given::limit(3)).expect("the store answers") > 0 {}
}

/// So many bookings, each of which is an event.
fn happen(store: &Fixture, times: u32) {
    let doctor = store.doctor();
    for hour in 8..8 + times {
        store.booked(&doctor, &store.patient(), given::monday(hour, 0));
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    given::now() + TimeDelta::seconds(seconds)
}

/// Claims what is due, for ten seconds.
fn claim(store: &Fixture, now: DateTime<Utc>) -> Vec<Delivery> {
    let until = now + TimeDelta::seconds(10);
    store.deliveries.claim(now, until, given::limit(Limit::MOST)).expect("the store answers")
}

/// Everything that a webhook is told, each delivered at once.
fn deliver_all(store: &Fixture, webhook: &Webhook) -> Vec<Delivery> {
    let mut told = Vec::new();
    loop {
        let some = claim(store, at(0));
        if some.is_empty() {
            return told.into_iter().filter(|it: &Delivery| it.webhook == webhook.id()).collect();
        }
        for delivery in some {
            store.deliveries.delivered(delivery.id).expect("the store answers");
            told.push(delivery);
        }
    }
}

fn aside(store: &Fixture, webhook: &Webhook) -> Vec<doctor_booking_ports::SetAside> {
    given::read_by(1, |page| store.deliveries.aside(webhook.id(), page))
}

pub fn a_webhook_is_found_as_stored(store: &Fixture) {
    let all = added(store, given::webhook());
    let some = added(
        store,
        WebhookParts {
            url: WebhookUrl::parse("http://127.0.0.1:1/a?b='c'&d=%20").expect("a URL"),
            events: Some([What::BookingCreated, What::HoldReleased].into()),
            active: false,
            revision: Revision::from_number(7),
            updated_at: given::later(),
            ..given::webhook()
        },
    );
    let nothing = added(store, WebhookParts { events: Some(BTreeSet::new()), ..given::webhook() });
    for webhook in [all, some, nothing] {
        assert_eq!(find(store, &webhook), Some(webhook));
    }
    assert_eq!(find(store, &Webhook::from_parts(given::webhook())), None);
}

pub fn a_changed_webhook_is_found_as_saved_and_a_stale_change_is_refused(store: &Fixture) {
    let webhook = added(store, WebhookParts { events: Some([What::BookingMoved].into()), ..given::webhook() });
    let change = WebhookAmendment {
        url: WebhookUrl::parse("https://example.org/other").ok(),
        events: Some(None),
        active: Some(false),
    };
    let changed = webhook.amended(change, given::later());
    store.webhooks.save(&changed, webhook.revision()).expect("it is saved");
    assert_eq!(find(store, &webhook), Some(changed.clone()));
    assert!(matches!(store.webhooks.save(&changed, webhook.revision()), Err(SaveError::Stale)));
    let nowhere = Webhook::from_parts(given::webhook());
    assert!(matches!(store.webhooks.save(&nowhere, nowhere.revision()), Err(SaveError::Stale)));
}

pub fn a_webhook_that_is_removed_is_gone_with_its_deliveries(store: &Fixture) {
    let (webhook, other) = (added(store, given::webhook()), added(store, given::webhook()));
    happen(store, 2);
    enqueue(store);
    let stale = store.webhooks.remove(webhook.id(), webhook.revision().next());
    assert!(matches!(stale, Err(SaveError::Stale)));
    store.webhooks.remove(webhook.id(), webhook.revision()).expect("it is there");
    assert_eq!(find(store, &webhook), None);
    assert!(matches!(store.webhooks.remove(webhook.id(), webhook.revision()), Err(SaveError::Stale)));
    assert_eq!(claim(store, at(0)).iter().map(|it| it.webhook).collect::<Vec<_>>(), [other.id()]);
}

pub fn webhooks_are_listed_by_id(store: &Fixture) {
    let mut all: Vec<_> = (0..5).map(|_| added(store, given::webhook())).collect();
    all.sort_by_key(Webhook::id);
    for most in [1, 2, 5, 200] {
        assert_eq!(given::read_by(most, |page| store.webhooks.list(page)), all);
    }
}

pub fn a_webhook_is_told_of_what_it_wants_from_when_it_was_entered_on(store: &Fixture) {
    happen(store, 2);
    let webhook = added(store, WebhookParts { events: Some([What::BookingCreated].into()), ..given::webhook() });
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    store.cancel(&booking);
    let other = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    enqueue(store);
    let told = deliver_all(store, &webhook);
    let bookings: Vec<_> = told.iter().map(|it| (it.event.entry.what, it.event.entry.booking)).collect();
    let expected = [booking, other].map(|booking| (What::BookingCreated, Some(booking.id())));
    assert_eq!(bookings, expected);
    assert_eq!(told[0].event.position, 3);
    assert_eq!(
        (told[0].url.clone(), told[0].secret.clone()),
        (webhook.parts().url.clone(), webhook.parts().secret.clone())
    );
}

pub fn a_delivery_is_made_once_however_often_events_are_enqueued(store: &Fixture) {
    let webhook = added(store, given::webhook());
    happen(store, 5);
    while store.events.publish().expect("the store answers") > 0 {}
    at_once(0..6, |_| while store.deliveries.enqueue(given::now(), given::limit(2)).expect("the store answers") > 0 {});
    assert_eq!(deliver_all(store, &webhook).len(), 5);
    enqueue(store);
    assert_eq!(deliver_all(store, &webhook), []);
}

pub fn a_claimed_delivery_is_nobody_elses_until_the_claim_runs_out(store: &Fixture) {
    added(store, given::webhook());
    happen(store, 1);
    enqueue(store);
    let first = claim(store, at(0));
    assert_eq!((first.len(), first[0].failures, first[0].first_at), (1, 0, at(0)));
    assert_eq!(claim(store, at(9)), []);
    let again = claim(store, at(10));
    assert_eq!(again, first, "the same delivery, first claimed when it was");
}

pub fn of_each_webhook_one_delivery_is_claimed_at_a_time(store: &Fixture) {
    let (one, other) = (added(store, given::webhook()), added(store, given::webhook()));
    happen(store, 3);
    enqueue(store);
    let claimed = claim(store, at(0));
    let of: BTreeSet<_> = claimed.iter().map(|it| it.webhook).collect();
    assert_eq!((claimed.len(), of), (2, [one.id(), other.id()].into()));
    assert_eq!(claim(store, at(1)), []);
    // One that is done makes room for the next of its webhook, and only for that.
    let done = claimed.iter().find(|it| it.webhook == one.id()).expect("it is claimed");
    store.deliveries.delivered(done.id).expect("the store answers");
    let next = claim(store, at(1));
    assert_eq!(next.iter().map(|it| (it.webhook, it.event.position)).collect::<Vec<_>>(), [(one.id(), 2)]);
}

pub fn a_delivery_is_claimed_again_until_it_is_delivered(store: &Fixture) {
    added(store, given::webhook());
    happen(store, 2);
    enqueue(store);
    let first = claim(store, at(0)).remove(0);
    store.deliveries.failed(first.id, "HTTP 500", at(1), Some(at(30))).expect("the store answers");
    let second = claim(store, at(1)).remove(0);
    assert_eq!((second.event.position, second.failures), (2, 0), "the next goes on meanwhile");
    store.deliveries.delivered(second.id).expect("the store answers");
    assert_eq!(claim(store, at(29)), []);
    let again = claim(store, at(30)).remove(0);
    assert_eq!((again.id, again.failures, again.first_at), (first.id, 1, at(0)));
    store.deliveries.delivered(again.id).expect("the store answers");
    assert_eq!(claim(store, at(1_000)), []);
    // What is told of what is gone changes nothing.
    store.deliveries.delivered(again.id).expect("the store answers");
    store.deliveries.failed(again.id, "late", at(31), Some(at(31))).expect("the store answers");
    assert_eq!(claim(store, at(1_000)), []);
}

pub fn a_delivery_that_is_put_aside_is_listed_and_claimed_no_more(store: &Fixture) {
    let (webhook, other) = (added(store, given::webhook()), added(store, given::webhook()));
    happen(store, 3);
    enqueue(store);
    let mut given_up = Vec::new();
    for _ in 0..3 {
        for delivery in claim(store, at(0)) {
            if delivery.webhook == webhook.id() {
                store.deliveries.failed(delivery.id, "HTTP 410", at(5), None).expect("the store answers");
                given_up.push(delivery);
            } else {
                store.deliveries.delivered(delivery.id).expect("the store answers");
            }
        }
    }
    assert_eq!(claim(store, at(100_000)), []);
    let listed = aside(store, &webhook);
    assert_eq!(listed.len(), 3);
    assert!(listed.iter().all(|it| it.failures == 1 && it.error == "HTTP 410" && it.at == at(5)));
    let ids: BTreeSet<_> = listed.iter().map(|it| (it.id, it.event.position)).collect();
    assert_eq!(ids, given_up.iter().map(|it| (it.id, it.event.position)).collect());
    assert_eq!(aside(store, &other), []);
}

pub fn an_inactive_webhook_is_not_told(store: &Fixture) {
    let webhook = added(store, given::webhook());
    happen(store, 1);
    enqueue(store);
    let off = webhook.amended(WebhookAmendment { active: Some(false), ..Default::default() }, given::later());
    store.webhooks.save(&off, webhook.revision()).expect("it is saved");
    assert_eq!(claim(store, at(0)), []);
    happen(store, 2);
    enqueue(store);
    let on = off.amended(WebhookAmendment { active: Some(true), ..Default::default() }, given::later());
    store.webhooks.save(&on, off.revision()).expect("it is saved");
    enqueue(store);
    let told: Vec<_> = deliver_all(store, &on).iter().map(|it| it.event.position).collect();
    assert_eq!(told, [1], "what happened meanwhile it is never told");
}

pub fn of_many_who_claim_at_once_each_gets_another(store: &Fixture) {
    for _ in 0..8 {
        added(store, given::webhook());
    }
    happen(store, 2);
    enqueue(store);
    let claimed = at_once(0..6, |_| {
        let until = at(10);
        store.deliveries.claim(at(0), until, given::limit(3)).expect("the store answers")
    });
    let all: Vec<_> = claimed.iter().flatten().map(|it| it.id).collect();
    let different: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!(all.len(), different.len());
    assert!(claimed.iter().all(|some| some.len() <= 3));
    let rest = claim(store, at(0)).len();
    assert_eq!(different.len() + rest, 8);
}
