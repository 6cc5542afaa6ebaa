//! The OpenAPI document, and a page to browse it; nothing on it is loaded from elsewhere.

use std::sync::{Arc, LazyLock};

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, ContentType, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::{Config, SwaggerFile};

use crate::code::Code;
use crate::problem::Problem;

static DOCUMENT: LazyLock<web::Bytes> = LazyLock::new(|| crate::openapi_json().into());
static BROWSER: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // Its own default would send the document's address to validator.swagger.io.
    Arc::new(Config::new(["/openapi.json"]).validator_url("none").deep_linking(true).try_it_out_enabled(true))
});

/// Where the browser is.
pub(crate) const BROWSER_PATH: &str = "/docs/";

/// The OpenAPI document.
pub(crate) async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(DOCUMENT.clone())
}

/// Leads to the browser.
pub(crate) async fn to_browser() -> HttpResponse {
    HttpResponse::build(StatusCode::TEMPORARY_REDIRECT).insert_header((LOCATION, BROWSER_PATH)).finish()
}

/// The browser's files.
pub(crate) async fn browser(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = request.match_info().query("file");
    let SwaggerFile { bytes, content_type, gzpipped, .. } = utoipa_swagger_ui::serve(file, Arc::clone(&BROWSER))
        .map_err(|error| Problem::internal(error.to_string()))?
        .ok_or_else(|| Problem::general(Code::NotFound))?;
    let mut answer = HttpResponse::Ok();
    answer.content_type(content_type);
    if gzpipped {
        answer.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(answer.body(bytes.into_owned()))
}
