//! Whoever tells webhooks waits for nobody else who does, and takes nothing from them.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{Webhook, WebhookId};
use doctor_booking_ports::Along;
use doctor_booking_ports_contract::{Fixture, given};

use crate::store_and_connection;

fn added(store: &Fixture) -> Webhook {
    let webhook = Webhook::from_parts(given::webhook());
    store.webhooks.add(&webhook, &Along::default()).expect("the webhook is added");
    webhook
}

/// One more event than before.
fn happen(store: &Fixture) {
    store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    store.events.publish().expect("the store answers");
}

fn claim(store: &Fixture, limit: u16) -> Vec<WebhookId> {
    let claimed = store.deliveries.claim(given::now(), given::later(), given::limit(limit)).expect("the store answers");
    claimed.into_iter().map(|delivery| delivery.webhook).collect()
}

#[test]
fn a_webhook_that_somebody_else_is_busy_with_is_passed_over() {
    let (store, mut other) =
        store_and_connection(|options| PgOptions { lock_timeout: Duration::from_millis(300), ..options });
    let (busy, free) = (added(&store), added(&store));
    happen(&store);
    // In the weakest mode that keeps others away: nobody removes the webhook meanwhile.
    let begin = format!("BEGIN; SELECT FROM webhooks WHERE id = '{}' FOR NO KEY UPDATE", busy.id());
    other.batch_execute(&begin).expect("somebody is busy with it");
    assert_eq!(store.deliveries.enqueue(given::now(), given::limit(5)).expect("the store answers"), 1);
    assert_eq!(claim(&store, 5), [free.id()]);
    other.batch_execute("ROLLBACK").expect("it is over");

    assert_eq!(store.deliveries.enqueue(given::now(), given::limit(5)).expect("the store answers"), 1);
    other.batch_execute(&begin).expect("somebody is busy with it");
    assert_eq!(claim(&store, 5), []);
    other.batch_execute("ROLLBACK").expect("it is over");
    assert_eq!(claim(&store, 5), [busy.id()]);
}

#[test]
fn a_webhook_that_hangs_takes_nobodys_turn() {
    let (store, _other) = store_and_connection(|options| options);
    let hanging = added(&store);
    happen(&store);
    happen(&store);
    store.deliveries.enqueue(given::now(), given::limit(5)).expect("the store answers");
    assert_eq!(claim(&store, 1), [hanging.id()]);
    let other = added(&store);
    happen(&store);
    store.deliveries.enqueue(given::now(), given::limit(5)).expect("the store answers");
    // Its second delivery has been due for as long as the other's.
    assert_eq!(claim(&store, 1), [other.id()]);
    assert_eq!(claim(&store, 5), []);
}
