//! Events on their way to webhooks.

use std::sync::Arc;

use chrono::TimeDelta;
use doctor_booking_domain::Backoff;
use doctor_booking_ports::{Clock, Deliveries, Delivery, Event, Limit, Message, Messenger, Unavailable};

/// How long a delivery that was claimed is nobody else's: longer than a messenger takes.
const CLAIMED_FOR: TimeDelta = TimeDelta::seconds(60);

/// Delivers events to webhooks.
///
/// Whoever runs it claims deliveries and sends each on a thread of its own, so that a receiver that hangs delays nobody
/// else.
#[derive(Clone)]
pub struct DeliverEvents {
    deliveries: Arc<dyn Deliveries>,
    messenger: Arc<dyn Messenger>,
    clock: Arc<dyn Clock>,
}

impl DeliverEvents {
    /// The use case over these ports.
    pub fn new(deliveries: Arc<dyn Deliveries>, messenger: Arc<dyn Messenger>, clock: Arc<dyn Clock>) -> Self {
        Self { deliveries, messenger, clock }
    }

    /// Makes deliveries of all that was published since.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn enqueue(&self) -> Result<(), Unavailable> {
        while self.deliveries.enqueue(self.clock.now(), Limit::default())? > 0 {}
        Ok(())
    }

    /// Deliveries that are due, of different webhooks, as many as the limit says at most. Each has to be
    /// [sent](Self::send) at once.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn claim(&self, limit: Limit) -> Result<Vec<Delivery>, Unavailable> {
        let now = self.clock.now();
        self.deliveries.claim(now, now + CLAIMED_FOR, limit)
    }

    /// Sends one delivery, once, and records what became of it; whether it was accepted. What is not accepted is tried
    /// again later, for a day, and then put aside.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer: the delivery is tried again once its claim has run out.
    pub fn send(&self, delivery: &Delivery, write: &dyn Fn(&Event) -> Vec<u8>) -> Result<bool, Unavailable> {
        let message = Message {
            id: delivery.event.entry.id,
            url: delivery.url.clone(),
            secret: delivery.secret.clone(),
            at: self.clock.now(),
            body: write(&delivery.event),
        };
        match self.messenger.send(&message) {
            Ok(()) => {
                self.deliveries.delivered(delivery.id)?;
                Ok(true)
            }
            Err(not_accepted) => {
                let now = self.clock.now();
                let next = Backoff::next(delivery.first_at, delivery.failures + 1, now);
                self.deliveries.failed(delivery.id, &not_accepted.to_string(), now, next)?;
                Ok(false)
            }
        }
    }
}
