//! What the service does by itself, beside what it is asked: publish events, deliver them to webhooks, remind, offer what
//! becomes free to those who wait, and clear away what has expired.
//!
//! Each is a job with a thread of its own, which takes turns until the service stops. A turn that fails is logged and
//! taken again later; nothing that goes wrong here ends the service. Several servers over one database do all of it side
//! by side: the store sees to it that nothing is done twice.

use std::error::Error;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use doctor_booking_api_actix::{Feed, event_json};
use doctor_booking_application::{
    DeliverEvents, Delivery, Limit, OfferFreedSlots, PageRequest, Remind, Sweep, Unavailable, UseCases,
};
use doctor_booking_domain::{LeadTime, What};
use doctor_booking_ports::{Clock, Message, Messenger, NotAccepted, Stores};

/// How soon after it has happened somebody who waits for it is told.
const SOON: Duration = Duration::from_millis(200);
/// How soon it is noticed that somebody waits, where nobody did.
const LATER: Duration = Duration::from_secs(1);
/// How often it is looked for offers that were not taken.
const BETWEEN_OFFERS: Duration = Duration::from_secs(3);
/// How often it is looked for reminders that are due.
const BETWEEN_REMINDERS: Duration = Duration::from_secs(5);
/// How often what has expired is cleared away.
const BETWEEN_SWEEPS: Duration = Duration::from_mins(1);
/// How long a job rests after a turn that has failed.
const REST: Duration = Duration::from_secs(2);
/// How many messages are under way at once, each with a thread of its own.
const MOST_UNDERWAY: usize = 64;
/// How long the service waits at its end for turns and messages that are under way. A message that is left behind is
/// delivered once more, after the next start.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// Everything that goes on beside the API, until it is stopped.
pub(crate) struct Background {
    bells: Vec<Arc<Bell>>,
    threads: Vec<JoinHandle<()>>,
    underway: Arc<AtomicUsize>,
}

/// What the jobs need.
pub(crate) struct Parts<'a> {
    pub(crate) stores: &'a Stores,
    pub(crate) use_cases: &'a UseCases,
    pub(crate) feed: &'a Feed,
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) messenger: Arc<dyn Messenger>,
    /// How long before a visit its patient is reminded; none: never.
    pub(crate) reminders: Vec<LeadTime>,
}

impl Background {
    /// Starts all jobs.
    pub(crate) fn start(parts: Parts<'_>) -> io::Result<Self> {
        let Parts { stores, use_cases, feed, clock, messenger, reminders } = parts;
        let deliver = DeliverEvents::new(Arc::clone(&stores.deliveries), Arc::new(Told(messenger)), Arc::clone(clock));
        let mut all = Self { bells: vec![], threads: vec![], underway: Arc::default() };
        let somebody_waits = Arc::new(AtomicBool::new(true));

        let offers = all.job("waitlist", {
            let offer: OfferFreedSlots = use_cases.offer_freed_slots.clone();
            move |_| offer.execute().map(|_| BETWEEN_OFFERS)
        })?;
        let messages = all.job("webhooks", {
            let (somebody_waits, underway) = (Arc::clone(&somebody_waits), Arc::clone(&all.underway));
            move |bell| {
                deliver_all(&deliver, &underway, bell)?;
                Ok(if somebody_waits.load(Ordering::Relaxed) { SOON } else { LATER })
            }
        })?;
        all.job("events", {
            let (feed, webhooks) = (feed.clone(), Arc::clone(&stores.webhooks));
            let one = Limit::new(1).unwrap_or_default();
            move |_| {
                let kinds = feed.turn()?;
                if !kinds.is_empty() {
                    messages.ring();
                }
                if kinds.iter().any(|&what| may_free_a_slot(what)) {
                    offers.ring();
                }
                let has_webhooks = !webhooks.list(&PageRequest::first(one))?.items.is_empty();
                somebody_waits.store(has_webhooks, Ordering::Relaxed);
                Ok(if has_webhooks || feed.is_listened_to() { SOON } else { LATER })
            }
        })?;
        if !reminders.is_empty() {
            let remind: Remind = use_cases.remind.clone();
            all.job("reminders", move |_| remind.execute(&reminders).map(|_| BETWEEN_REMINDERS))?;
        }
        let sweep: Sweep = use_cases.sweep.clone();
        all.job("sweep", move |_| sweep.execute().map(|_| BETWEEN_SWEEPS))?;
        Ok(all)
    }

    /// Starts a job whose turn says after how long the next one is to be taken. Its bell calls it earlier.
    fn job(
        &mut self,
        name: &'static str,
        turn: impl Fn(&Arc<Bell>) -> Result<Duration, Unavailable> + Send + 'static,
    ) -> io::Result<Arc<Bell>> {
        let bell = Arc::new(Bell::default());
        self.bells.push(Arc::clone(&bell));
        let rung = Arc::clone(&bell);
        let work = move || {
            let mut pause = Duration::ZERO;
            while rung.wait(pause) {
                pause = match catch_unwind(AssertUnwindSafe(|| turn(&rung))) {
                    Ok(Ok(pause)) => pause,
                    Ok(Err(error)) => {
                        tracing::warn!(job = name, error = causes(&error), "a job will try again");
                        REST
                    }
                    Err(_) => {
                        tracing::error!(job = name, "a job has panicked, and will try again");
                        REST
                    }
                };
            }
        };
        self.threads.push(thread::Builder::new().name(name.to_owned()).spawn(work)?);
        Ok(bell)
    }

    /// Asks all jobs to stop: those that rest do so at once.
    pub(crate) fn stop(&self) {
        self.bells.iter().for_each(|bell| bell.stop());
    }

    /// Waits until all have stopped and no message is under way, but not for long.
    pub(crate) fn wait(&self) {
        let since = Instant::now();
        let is_over = || self.threads.iter().all(JoinHandle::is_finished) && self.underway.load(Ordering::Relaxed) == 0;
        while !is_over() && since.elapsed() < LAST_WAIT {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Whether somebody who waits may find a slot now.
fn may_free_a_slot(what: What) -> bool {
    match what {
        What::BookingCancelled
        | What::BookingMoved
        | What::WaitlistJoined
        | What::WaitlistLeft
        | What::HoldReleased
        | What::DoctorCreated
        | What::DoctorChanged
        | What::HoursChanged
        | What::OverrideSet
        | What::OverrideRemoved
        | What::TimeOffRemoved
        | What::ClosureRemoved => true,
        What::BookingCreated
        | What::BookingReinstated
        | What::BookingArrived
        | What::BookingFulfilled
        | What::BookingNoShow
        | What::BookingMarked
        | What::BookingReminder
        | What::WaitlistOffered
        | What::HoldCreated
        | What::TimeOffAdded
        | What::ClosureAdded => false,
    }
}

/// Sends whatever is due, each message on a thread of its own: who hangs delays nobody else.
fn deliver_all(deliver: &DeliverEvents, underway: &Arc<AtomicUsize>, bell: &Arc<Bell>) -> Result<(), Unavailable> {
    deliver.enqueue()?;
    loop {
        let room = MOST_UNDERWAY.saturating_sub(underway.load(Ordering::Relaxed));
        let Some(limit) = u16::try_from(room).ok().and_then(|room| Limit::new(room).ok()) else { return Ok(()) };
        let claimed = deliver.claim(limit)?;
        let is_all = claimed.len() < room;
        for delivery in claimed {
            let (deliver, underway) = (deliver.clone(), Underway::begin(underway, bell));
            let send = move || {
                let _underway = underway;
                send(&deliver, &delivery);
            };
            if let Err(error) = thread::Builder::new().name("message".to_owned()).spawn(send) {
                tracing::warn!(error = %error, "no thread for a message: it will be sent later");
            }
        }
        if is_all {
            return Ok(());
        }
    }
}

fn send(deliver: &DeliverEvents, delivery: &Delivery) {
    let Delivery { webhook, event, failures, .. } = delivery;
    let span = tracing::info_span!("delivery", %webhook, position = event.position, failures);
    let _entered = span.enter();
    match catch_unwind(AssertUnwindSafe(|| deliver.send(delivery, &event_json))) {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::warn!(error = causes(&error), "what became of a message could not be stored"),
        Err(_) => tracing::error!("sending a message has panicked"),
    }
}

/// A message that is under way, until this is dropped.
struct Underway {
    count: Arc<AtomicUsize>,
    bell: Arc<Bell>,
}

impl Underway {
    fn begin(count: &Arc<AtomicUsize>, bell: &Arc<Bell>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self { count: Arc::clone(count), bell: Arc::clone(bell) }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
        // The same webhook's next one can go.
        self.bell.ring();
    }
}

/// Logs what is not accepted, for whoever looks why nothing arrives.
struct Told(Arc<dyn Messenger>);

impl Messenger for Told {
    fn send(&self, message: &Message) -> Result<(), NotAccepted> {
        let told = self.0.send(message);
        told.inspect_err(|error| tracing::warn!(reason = %error, "a webhook has not accepted a message"))
    }
}

/// What calls a job to its next turn, or stops it.
#[derive(Default)]
struct Bell {
    state: Mutex<Called>,
    changed: Condvar,
}

#[derive(Default)]
struct Called {
    to_work: bool,
    to_stop: bool,
}

impl Bell {
    fn ring(&self) {
        self.state().to_work = true;
        self.changed.notify_all();
    }

    fn stop(&self) {
        self.state().to_stop = true;
        self.changed.notify_all();
    }

    /// Waits until it rings, but no longer than that; whether to go on.
    fn wait(&self, at_most: Duration) -> bool {
        let is_quiet = |called: &mut Called| !called.to_work && !called.to_stop;
        let waited = self.changed.wait_timeout_while(self.state(), at_most, is_quiet);
        let (mut called, _) = waited.unwrap_or_else(PoisonError::into_inner);
        called.to_work = false;
        !called.to_stop
    }

    fn state(&self) -> MutexGuard<'_, Called> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is behind an error, cause by cause.
fn causes(error: &dyn Error) -> String {
    let chain = std::iter::successors(Some(error), |error: &&dyn Error| (*error).source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use doctor_booking_adapters_memory::MemoryStore;
    use doctor_booking_adapters_system::{SystemClock, UuidIds};
    use doctor_booking_application::{NewDoctor, NewWebhook};
    use doctor_booking_domain::{Actor, CallerId, Name, PersonName, Rules, Specialty, WebhookUrl, Zone};

    use super::*;

    /// Far more than anything here takes.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// Tells which URLs were sent to; at some it hangs until it may go on, at others it panics.
    struct Post {
        sent: Mutex<Sender<String>>,
        go_on: Mutex<Receiver<()>>,
    }

    impl Messenger for Post {
        fn send(&self, message: &Message) -> Result<(), NotAccepted> {
            let url = message.url.as_str();
            let _ = self.sent.lock().expect("the post").send(url.to_owned());
            if url.contains("hangs") {
                let _ = self.go_on.lock().expect("the post").recv_timeout(PATIENCE);
            }
            assert!(!url.contains("panics"), "as it says");
            Ok(())
        }
    }

    struct Clinic {
        use_cases: UseCases,
        background: Background,
        sent: Receiver<String>,
        go_on: Sender<()>,
    }

    const SERVICE: Actor = Actor::administrator(CallerId::from_u128(0));

    fn clinic(webhooks: &[&str]) -> Clinic {
        let stores = MemoryStore::new().stores();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let use_cases = UseCases::new(&stores, &clock, &(Arc::new(UuidIds) as _));
        for host in webhooks {
            let url = WebhookUrl::parse(&format!("https://{host}.example.org")).expect("a URL");
            use_cases.add_webhook.execute(&SERVICE, NewWebhook { url, events: None }, None).expect("entered");
        }
        let settings = doctor_booking_api_actix::Settings::new(Zone::utc());
        let metrics = doctor_booking_api_actix::Metrics::install();
        let state = doctor_booking_api_actix::ApiState::new(use_cases.clone(), settings, metrics);
        let ((tell, sent), (go_on, may_go_on)) = (channel(), channel());
        let background = Background::start(Parts {
            stores: &stores,
            use_cases: &use_cases,
            feed: state.feed(),
            clock: &clock,
            messenger: Arc::new(Post { sent: Mutex::new(tell), go_on: Mutex::new(may_go_on) }),
            reminders: vec![LeadTime::default()],
        });
        Clinic { use_cases, background: background.expect("threads"), sent, go_on }
    }

    impl Clinic {
        fn something_happens(&self) {
            let name = |text: &str| Name::parse(text).expect("a name");
            let new = NewDoctor {
                name: PersonName { first: name("Jon"), last: name("Snow") },
                specialty: Specialty::parse("cardiology").expect("a specialty"),
                rules: Rules::new(Zone::utc()),
            };
            self.use_cases.register_doctor.execute(&SERVICE, new, None).expect("registered");
        }

        fn sent(&self, count: usize) -> BTreeSet<String> {
            (0..count).map(|_| self.sent.recv_timeout(PATIENCE).expect("a message")).collect()
        }
    }

    #[test]
    fn a_receiver_that_hangs_or_panics_delays_nobody_else() {
        let clinic = clinic(&["hangs", "one", "panics", "two"]);
        clinic.something_happens();
        assert_eq!(clinic.sent(4).len(), 4);
        // The one that hangs has still not answered.
        let others = ["https://one.example.org", "https://two.example.org"].map(str::to_owned);
        for _ in 0..5 {
            clinic.something_happens();
            assert_eq!(clinic.sent(2), BTreeSet::from(others.clone()));
        }
        clinic.go_on.send(()).expect("it hangs");
        assert_eq!(clinic.sent(1), BTreeSet::from(["https://hangs.example.org".to_owned()]));
        drop(clinic.go_on);
        clinic.background.stop();
        clinic.background.wait();
    }

    #[test]
    fn all_stops_at_once_where_nothing_is_under_way() {
        let clinic = clinic(&["one"]);
        clinic.something_happens();
        clinic.sent(1);
        clinic.background.stop();
        clinic.background.wait();
        assert!(clinic.background.threads.iter().all(JoinHandle::is_finished));
    }

    #[test]
    fn a_job_that_fails_or_panics_goes_on() {
        let mut all = Background { bells: vec![], threads: vec![], underway: Arc::default() };
        let (tell, turns) = channel();
        let count = AtomicUsize::new(0);
        let bell = all.job("test", move |_| {
            let turn = count.fetch_add(1, Ordering::Relaxed);
            tell.send(turn).expect("somebody listens");
            assert!(turn != 0, "the first one panics");
            if turn == 1 { Err(Unavailable::unreachable("the second one fails")) } else { Ok(PATIENCE) }
        });
        let bell = bell.expect("a thread");
        for turn in 0..5 {
            assert_eq!(turns.recv_timeout(PATIENCE), Ok(turn));
            bell.ring();
        }
        all.stop();
        all.wait();
        assert!(all.threads.iter().all(JoinHandle::is_finished));
    }
}
