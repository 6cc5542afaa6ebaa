//! Connections on which nothing is answered for long.
//!
//! The server itself limits how long a connection's first head may take, and how long it may be silent after an answer.
//! A client that begins a second request, or goes on with a body that nobody wants any more, and never comes to its end,
//! would keep its connection for ever.

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::Extensions;
use actix_web::rt::spawn;
use actix_web::rt::time::timeout;
use actix_web::web::Bytes;
use tokio::sync::oneshot;

/// A connection, and whether anything is being answered on it.
pub struct Connection(Rc<State>);

struct State {
    /// How many requests are being answered.
    answering: Cell<usize>,
    /// Since when none is.
    idle_since: Cell<Instant>,
    _is_open: oneshot::Sender<Infallible>,
}

impl Connection {
    /// Watches a connection by what its requests' data ([`HttpServer::on_connect`]) is: once nothing has been answered on
    /// it for longer than `patience`, `cut` has to cut it off. Nothing of `cut` is kept longer than the connection.
    ///
    /// [`HttpServer::on_connect`]: actix_web::HttpServer::on_connect
    pub fn watch(data: &mut Extensions, patience: Duration, cut: impl FnOnce() + 'static) {
        let (is_open, mut is_closed) = oneshot::channel();
        let state = State { answering: Cell::new(0), idle_since: Cell::new(Instant::now()), _is_open: is_open };
        let state = Rc::new(state);
        let seen = Rc::downgrade(&state);
        data.insert(Self(state));
        spawn(async move {
            loop {
                let Some(left) = seen.upgrade().map(|state| state.left(patience)) else { return };
                if left.is_zero() {
                    return cut();
                }
                if timeout(left, &mut is_closed).await.is_ok() {
                    return;
                }
            }
        });
    }
}

impl State {
    /// How long it may go on like this.
    fn left(&self, patience: Duration) -> Duration {
        match self.answering.get() {
            0 => patience.saturating_sub(self.idle_since.get().elapsed()),
            _ => patience,
        }
    }
}

/// A request that is being answered, until that is dropped.
pub(crate) struct Answering(Option<Rc<State>>);

impl Answering {
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let state = request.conn_data::<Connection>().map(|connection| Rc::clone(&connection.0));
        if let Some(state) = &state {
            state.answering.set(state.answering.get() + 1);
        }
        Self(state)
    }

    /// Goes on until a body that is made piece by piece has come to its end. Any other is sent as one piece.
    pub(crate) fn until_end_of(self, body: BoxBody) -> BoxBody {
        match body.size() {
            BodySize::Stream if self.0.is_some() => BoxBody::new(Piecemeal { body, _answering: self }),
            _ => body,
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        if let Some(state) = &self.0 {
            state.answering.set(state.answering.get() - 1);
            state.idle_since.set(Instant::now());
        }
    }
}

struct Piecemeal {
    body: BoxBody,
    _answering: Answering,
}

impl MessageBody for Piecemeal {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::rt::time::sleep;

    use super::*;

    const PATIENCE: Duration = Duration::from_millis(40);

    /// A connection, and whether it is cut off.
    fn watched() -> (Extensions, Rc<Cell<bool>>) {
        let (mut data, is_cut) = (Extensions::new(), Rc::new(Cell::new(false)));
        let seen = Rc::clone(&is_cut);
        Connection::watch(&mut data, PATIENCE, move || seen.set(true));
        (data, is_cut)
    }

    fn answering(data: &Extensions) -> Answering {
        let state = Rc::clone(&data.get::<Connection>().expect("it is watched").0);
        state.answering.set(state.answering.get() + 1);
        Answering(Some(state))
    }

    #[actix_web::test]
    async fn a_connection_is_cut_off_when_nothing_is_answered_for_long() {
        let (data, is_cut) = watched();
        let first = answering(&data);
        let second = answering(&data);
        sleep(PATIENCE * 3).await;
        drop(first);
        sleep(PATIENCE * 3).await;
        assert!(!is_cut.get());
        drop(second);
        sleep(PATIENCE * 3).await;
        assert!(is_cut.get());
    }

    #[actix_web::test]
    async fn a_connection_that_has_ended_is_let_go_of_at_once() {
        let (data, is_cut) = watched();
        actix_web::rt::task::yield_now().await;
        drop(data);
        for _ in 0..3 {
            actix_web::rt::task::yield_now().await;
        }
        assert_eq!(Rc::strong_count(&is_cut), 1);
        assert!(!is_cut.get());
    }

    #[actix_web::test]
    async fn a_stream_is_being_answered_until_its_end() {
        struct Endless;
        impl MessageBody for Endless {
            type Error = Infallible;

            fn size(&self) -> BodySize {
                BodySize::Stream
            }

            fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
                Poll::Pending
            }
        }
        let (data, is_cut) = watched();
        let body = answering(&data).until_end_of(BoxBody::new(Endless));
        sleep(PATIENCE * 3).await;
        assert!(!is_cut.get());
        drop(body);
        let _whole = answering(&data).until_end_of(BoxBody::new("whole"));
        sleep(PATIENCE * 3).await;
        assert!(is_cut.get());
    }
}
