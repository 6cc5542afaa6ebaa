//! The page for people with a browser. Its files are in `page/` and become part of the program; nothing on it is loaded from
//! elsewhere, and nothing in it is written for one person, so it is for anybody.

use std::borrow::Cow;
use std::fmt::Write;

use actix_web::http::header::{ETAG, EntityTag, IfNoneMatch};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::code::Code;
use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "page/"]
struct Files;

/// The file that is the page itself; it has no other address than `/`.
const PAGE: &str = "index.html";

/// The page.
pub(crate) async fn start(request: HttpRequest) -> Result<HttpResponse, Problem> {
    serve(PAGE, &request)
}

/// What the page consists of besides.
pub(crate) async fn file(request: HttpRequest) -> Result<HttpResponse, Problem> {
    match request.match_info().query("file") {
        PAGE => Err(Problem::general(Code::NotFound)),
        name => serve(name, &request),
    }
}

fn serve(name: &str, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let found = content_type(name).and_then(|kind| Some((kind, Files::get(name)?)));
    let (kind, found) = found.ok_or_else(|| Problem::general(Code::NotFound))?;
    let tag = tag(&found);
    let is_known = match request.get_header() {
        None => false,
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
    };
    if is_known {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag.to_string())).finish());
    }
    let bytes = match found.data {
        Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    Ok(HttpResponse::Ok().content_type(kind).insert_header((ETAG, tag.to_string())).body(bytes))
}

/// By what a browser sees that a file is still the same. It is a weak one, since it is so for the compressed file, too.
fn tag(file: &EmbeddedFile) -> EntityTag {
    let hash = file.metadata.sha256_hash();
    EntityTag::new_weak(hash[..16].iter().fold(String::new(), |mut tag, byte| {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
        tag
    }))
}

/// What browsers load by that name; nothing else in the folder is for them.
fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => Some("text/html; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_type() {
        assert!(Files::iter().any(|name| name == PAGE));
        // The declarations of the API's types are for whoever works on the page.
        for name in Files::iter().filter(|name| !name.ends_with(".d.ts")) {
            assert!(content_type(&name).is_some(), "{name}");
        }
    }
}
