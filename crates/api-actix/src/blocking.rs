//! The one move to the blocking pool.

use actix_web::web;

use crate::guard::place_of_request;
use crate::problem::Problem;

/// Runs what waits for the store where waiting holds up nobody.
///
/// It goes on even when the client is gone, and so keeps its request's place: nobody can pile up work by going away.
pub(crate) async fn block<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let place = place_of_request();
    let call = move || {
        let _place = place;
        call()
    };
    web::block(call).await.map_err(Problem::internal)?
}
