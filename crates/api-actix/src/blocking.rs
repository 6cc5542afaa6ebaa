//! The one move to the blocking pool.

use actix_web::web;

use crate::problem::Problem;

/// Runs what waits for the store where waiting holds up nobody.
pub(crate) async fn block<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    web::block(call).await.map_err(Problem::internal)?
}
