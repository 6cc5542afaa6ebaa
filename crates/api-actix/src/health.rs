//! Whether the service is there, and whether it can answer.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::problem::Problem;
use crate::query::NoQuery;
use crate::{openapi, respond};

/// The service is there.
#[derive(Serialize, ToSchema)]
#[schema(as = Health, examples(json!({"status": "ok"})))]
pub(crate) struct HealthView {
    #[schema(pattern = "^ok$")]
    status: &'static str,
}

const OK: HealthView = HealthView { status: "ok" };

/// Tells whether the process is there
///
/// It asks nothing of the store: an outage there is no reason to start this process anew.
#[utoipa::path(
    get, path = "/healthz", operation_id = "getHealth", tag = "Operations",
    responses((status = 200, description = "It is.", body = HealthView), openapi::Bare),
)]
pub(crate) async fn alive(_: NoQuery) -> Result<HttpResponse, Problem> {
    respond::ok(&OK)
}

/// Tells whether the service can answer
///
/// It asks the store a trivial question.
#[utoipa::path(
    get, path = "/readyz", operation_id = "getReadiness", tag = "Operations",
    responses((status = 200, description = "It can.", body = HealthView), openapi::Reading),
)]
pub(crate) async fn ready(state: web::Data<ApiState>, _: NoQuery) -> Result<HttpResponse, Problem> {
    block(move || Ok(state.use_cases().check_health.execute()?)).await?;
    respond::ok(&OK)
}
