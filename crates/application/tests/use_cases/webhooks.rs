//! Webhooks: who is told what, how often it is tried, and that nobody waits for anybody else.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_application::{ChangeWebhookError, DeliverEvents, NewWebhook};
use doctor_booking_domain::{Backoff, EntryId, Revision, Webhook, WebhookAmendment, WebhookUrl, What};
use doctor_booking_ports::{Event, Limit, Message, Messenger, MockMessenger, NotAccepted, PageRequest};

use crate::hospital::ADMIN;
use crate::in_time::InTime;

fn url(text: &str) -> WebhookUrl {
    WebhookUrl::parse(text).expect("valid")
}

fn enter(time: &InTime, at: &str, events: Option<&[What]>) -> Webhook {
    let new = NewWebhook { url: url(at), events: events.map(|events| events.iter().copied().collect()) };
    time.does.add_webhook.execute(&ADMIN, new, None).expect("entered")
}

fn deliver(time: &InTime, messenger: impl Messenger + 'static) -> DeliverEvents {
    DeliverEvents::new(Arc::clone(&time.stores.deliveries), Arc::new(messenger), time.clock())
}

fn position(event: &Event) -> Vec<u8> {
    event.position.to_string().into_bytes()
}

/// Sends whatever is due until nothing is; how much was accepted, and how much not.
fn send_all(deliver: &DeliverEvents) -> (usize, usize) {
    let (mut accepted, mut refused) = (0, 0);
    deliver.enqueue().expect("a store");
    loop {
        let claimed = deliver.claim(Limit::default()).expect("a store");
        if claimed.is_empty() {
            return (accepted, refused);
        }
        for delivery in claimed {
            if deliver.send(&delivery, &position).expect("a store") { accepted += 1 } else { refused += 1 }
        }
    }
}

/// Accepts what it may, and remembers all that was sent.
#[derive(Clone, Default)]
struct Post {
    sent: Arc<Mutex<Vec<Message>>>,
    refuses: Arc<Mutex<Option<&'static str>>>,
}

impl Post {
    fn bodies(&self, at: &str) -> Vec<String> {
        let sent = self.sent.lock().expect("the post");
        let there = sent.iter().filter(|message| message.url.as_str() == at);
        there.map(|message| String::from_utf8(message.body.clone()).expect("text")).collect()
    }

    fn refuse(&self, why: Option<&'static str>) {
        *self.refuses.lock().expect("the post") = why;
    }
}

impl Messenger for Post {
    fn send(&self, message: &Message) -> Result<(), NotAccepted> {
        self.sent.lock().expect("the post").push(message.clone());
        match *self.refuses.lock().expect("the post") {
            Some(why) => Err(NotAccepted(why.to_owned())),
            None => Ok(()),
        }
    }
}

#[test]
fn each_is_told_what_it_wants_of_what_happens_from_then_on_in_order() {
    let time = InTime::new();
    let post = Post::default();
    let deliver = deliver(&time, post.clone());
    time.doctor("before");
    let all = enter(&time, "https://all.example.org", None);
    let some = enter(&time, "https://some.example.org", Some(&[What::BookingCreated]));
    let off = enter(&time, "https://off.example.org", None);
    let amendment = WebhookAmendment { active: Some(false), ..Default::default() };
    time.does.amend_webhook.execute(&ADMIN, off.id(), &amendment, None).expect("amended");
    let doctor = time.doctor("cardiology");
    time.book(&doctor, &time.patient(), "2030-01-07T13:00:00Z".parse().expect("an instant"));
    assert_eq!(send_all(&deliver), (3, 0));
    assert_eq!(post.bodies("https://all.example.org"), ["2", "3"]);
    assert_eq!(post.bodies("https://some.example.org"), ["3"]);
    assert_eq!(post.bodies("https://off.example.org"), Vec::<String>::new());
    assert_eq!(send_all(&deliver), (0, 0), "and only once");
    let sent = post.sent.lock().expect("the post");
    let whose = |message: &Message| [&all, &some].into_iter().find(|webhook| webhook.parts().url == message.url);
    let is_signed = |message: &Message| whose(message).is_some_and(|webhook| message.secret == webhook.parts().secret);
    assert!(sent.iter().all(|message| is_signed(message) && message.at == time.now()));
}

#[test]
fn what_is_not_accepted_is_sent_again_ever_more_slowly_and_is_put_aside_after_a_day() {
    let time = InTime::new();
    let post = Post::default();
    let deliver = deliver(&time, post.clone());
    let webhook = enter(&time, "https://example.org", None);
    post.refuse(Some("the status was 500"));
    time.doctor("cardiology");
    let began = time.now();
    let mut waits: Vec<TimeDelta> = vec![];
    let mut last = began;
    let aside = || {
        let page = PageRequest::first(Limit::default());
        let found = time.does.list_set_aside.execute(&ADMIN, webhook.id(), &page).expect("listed");
        found.expect("there is such a webhook").items
    };
    while aside().is_empty() {
        if send_all(&deliver) == (0, 1) {
            waits.push(time.now() - last);
            last = time.now();
        }
        assert!(time.now() - began <= Backoff::GIVE_UP_AFTER, "it is never given up");
        time.pass(TimeDelta::seconds(5));
    }
    assert!(waits.len() > 8 && waits[1..].is_sorted() && waits[1] == TimeDelta::seconds(5), "{waits:?}");
    let put_aside = aside().remove(0);
    assert_eq!((put_aside.error.as_str(), put_aside.failures as usize), ("the status was 500", waits.len()));
    assert_eq!((put_aside.event.position, put_aside.at), (1, last));
    let ids: std::collections::HashSet<EntryId> =
        post.sent.lock().expect("the post").iter().map(|message| message.id).collect();
    assert_eq!(ids.len(), 1, "every attempt is known by the same id");

    // It is not sent again, and what comes later is.
    post.refuse(None);
    time.pass(TimeDelta::days(2));
    assert_eq!(send_all(&deliver), (0, 0));
    time.doctor("cardiology");
    assert_eq!(send_all(&deliver), (1, 0));
    assert_eq!(aside().len(), 1);
}

#[test]
fn what_waits_to_be_sent_again_keeps_nothing_else_waiting() {
    let time = InTime::new();
    let post = Post::default();
    let deliver = deliver(&time, post.clone());
    enter(&time, "https://example.org", None);
    post.refuse(Some("no"));
    time.doctor("cardiology");
    assert_eq!(send_all(&deliver), (0, 1));
    post.refuse(None);
    time.doctor("cardiology");
    assert_eq!(send_all(&deliver), (1, 0));
    time.pass(TimeDelta::seconds(5));
    assert_eq!(send_all(&deliver), (1, 0));
    assert_eq!(post.bodies("https://example.org"), ["1", "2", "1"]);
}

/// Hangs at one place until it may go on.
struct Hanging {
    at: &'static str,
    go_on: Mutex<Receiver<()>>,
}

impl Messenger for Hanging {
    fn send(&self, message: &Message) -> Result<(), NotAccepted> {
        if message.url.as_str() == self.at {
            self.go_on.lock().expect("it").recv_timeout(Duration::from_mins(1)).expect("it may go on");
        }
        Ok(())
    }
}

#[test]
fn a_receiver_that_hangs_has_one_message_under_way_and_delays_no_other() {
    let time = InTime::new();
    let (may, go_on) = channel();
    let hangs = "https://hangs.example.org";
    let deliver = deliver(&time, Hanging { at: hangs, go_on: Mutex::new(go_on) });
    for at in [hangs, "https://one.example.org", "https://two.example.org"] {
        enter(&time, at, None);
    }
    (0..3).for_each(|_| drop(time.doctor("cardiology")));
    deliver.enqueue().expect("a store");
    std::thread::scope(|scope| {
        let mut claimed: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..4 {
            for delivery in deliver.claim(Limit::default()).expect("a store") {
                let at = delivery.url.as_str().to_owned();
                let deliver = &deliver;
                let under_way = scope.spawn(move || deliver.send(&delivery, &position).expect("a store"));
                if at != hangs {
                    assert!(under_way.join().expect("it ends while that one hangs"));
                }
                *claimed.entry(at).or_default() += 1;
            }
        }
        assert_eq!(claimed.into_values().collect::<Vec<_>>(), [1, 3, 3]);
        may.send(()).expect("it hangs");
    });
    assert_eq!(deliver.claim(Limit::default()).expect("a store")[0].event.position, 2, "now the next one");
}

#[test]
fn a_claim_that_has_run_out_is_somebody_elses() {
    let time = InTime::new();
    let deliver = deliver(&time, Post::default());
    enter(&time, "https://example.org", None);
    time.doctor("cardiology");
    deliver.enqueue().expect("a store");
    let first = deliver.claim(Limit::default()).expect("a store");
    assert_eq!((first.len(), deliver.claim(Limit::default()).expect("a store").len()), (1, 0));
    // Whoever had it crashed.
    time.pass(TimeDelta::seconds(59));
    assert_eq!(deliver.claim(Limit::default()).expect("a store").len(), 0);
    time.pass(TimeDelta::seconds(1));
    assert_eq!(deliver.claim(Limit::default()).expect("a store")[0].id, first[0].id);
}

#[test]
fn a_message_says_what_happened_when_it_is_sent_and_with_what_it_is_signed() {
    let time = InTime::new();
    let webhook = enter(&time, "https://example.org", None);
    time.doctor("cardiology");
    time.pass(TimeDelta::seconds(7));
    let (secret, now): (_, DateTime<Utc>) = (webhook.parts().secret.clone(), time.now());
    let entry = time.happened(What::DoctorCreated).remove(0);
    let mut messenger = MockMessenger::new();
    let is_right = move |message: &Message| {
        message.id == entry.id && message.secret == secret && message.at == now && message.body == b"1"
    };
    messenger.expect_send().times(1).withf(is_right).returning(|_| Ok(()));
    assert_eq!(send_all(&deliver(&time, messenger)), (1, 0));
}

#[test]
fn a_webhook_changes_and_goes_only_at_the_revision_that_was_seen() {
    let time = InTime::new();
    let webhook = enter(&time, "https://example.org", None);
    let does = &time.does;
    let off = WebhookAmendment { active: Some(false), ..Default::default() };
    let at = |revision| Some(Revision::from_number(revision));
    let refused = does.amend_webhook.execute(&ADMIN, webhook.id(), &off, at(2));
    assert!(matches!(refused, Err(ChangeWebhookError::Changed)), "{refused:?}");
    let amended = does.amend_webhook.execute(&ADMIN, webhook.id(), &off, at(1)).expect("amended");
    assert_eq!((amended.parts().active, &amended.parts().secret), (false, &webhook.parts().secret));
    let refused = does.remove_webhook.execute(&ADMIN, webhook.id(), at(1));
    assert!(matches!(refused, Err(ChangeWebhookError::Changed)), "{refused:?}");
    does.remove_webhook.execute(&ADMIN, webhook.id(), at(2)).expect("removed");
    let gone = does.remove_webhook.execute(&ADMIN, webhook.id(), None);
    assert!(matches!(gone, Err(ChangeWebhookError::UnknownWebhook)), "{gone:?}");
    assert_eq!(does.find_webhook.execute(&ADMIN, webhook.id()).expect("answered"), None);
}

#[test]
fn what_was_still_to_be_told_goes_with_its_webhook() {
    let time = InTime::new();
    let deliver = deliver(&time, Post::default());
    let webhook = enter(&time, "https://example.org", None);
    time.doctor("cardiology");
    deliver.enqueue().expect("a store");
    time.does.remove_webhook.execute(&ADMIN, webhook.id(), None).expect("removed");
    assert_eq!(send_all(&deliver), (0, 0));
}
