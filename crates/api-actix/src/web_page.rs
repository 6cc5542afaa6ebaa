//! The page for people with a browser. Its files are in `page/` and become part of the program; nothing on it is loaded from
//! elsewhere, and nothing in it is written for one person, so it is for anybody.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, ETAG, EntityTag, IfNoneMatch};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::code::Code;
use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "page/"]
#[exclude = "*.d.ts"] // for type checkers, not for browsers
struct Files;

/// The file that is the page itself; it has no other address than `/`.
const PAGE: &str = "index.html";
/// Where the page says that its scripts are to be loaded beforehand, all at once: a browser would find each only in another.
const PRELOADS: &str = "    <!-- modulepreload -->\n";

/// A digest of everything in the folder. It is a part of each file's address, so a browser can keep files for good, and those
/// of two versions of the page never come together. Scripts name each other by relative paths, which stay within.
static EDITION: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for name in names() {
        digest.update(name.as_bytes());
        digest.update([0]);
        digest.update(Files::get(&name).map_or([0; 32], |file| file.metadata.sha256_hash()));
    }
    hex(&digest.finalize()[..8])
});

/// The page, as it names the files of this edition.
static START: LazyLock<String> = LazyLock::new(|| {
    let page = Files::get(PAGE).map_or(Cow::default(), |file| file.data);
    let preloads = names().into_iter().filter(|name| name.ends_with(".js")).fold(String::new(), |mut links, name| {
        // Writing to a string cannot fail.
        let _ = writeln!(links, "    <link rel=\"modulepreload\" href=\"/page/{name}\">");
        links
    });
    let whole = String::from_utf8_lossy(&page).replace(PRELOADS, &preloads);
    whole.replace("\"/page/", &format!("\"/page/{}/", *EDITION))
});

/// The page. It is asked for anew each time, since it names what else there is.
pub(crate) async fn start(request: HttpRequest) -> HttpResponse {
    let tag = tag(&Sha256::digest(START.as_bytes()));
    if is_known(&request, &tag) {
        return HttpResponse::NotModified().insert_header((ETAG, tag.to_string())).finish();
    }
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((ETAG, tag.to_string()))
        .body(START.as_str())
}

/// What the page consists of besides.
pub(crate) async fn file(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asked = request.match_info();
    let is_current = asked.query("edition") == *EDITION;
    let name = asked.query("file");
    let found = content_type(name).and_then(|kind| Some((kind, Files::get(name)?)));
    let (kind, found) = found.filter(|_| is_current).ok_or_else(|| Problem::general(Code::NotFound))?;
    let tag = tag(&found.metadata.sha256_hash());
    let for_good = (CACHE_CONTROL, "public, max-age=31536000, immutable");
    if is_known(&request, &tag) {
        let mut answer = HttpResponse::NotModified();
        return Ok(answer.insert_header((ETAG, tag.to_string())).insert_header(for_good).finish());
    }
    let bytes = match found.data {
        Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    let mut answer = HttpResponse::Ok();
    answer.content_type(kind).insert_header((ETAG, tag.to_string())).insert_header(for_good);
    Ok(answer.body(bytes))
}

/// Whether a browser has it already.
fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match request.get_header() {
        None => false,
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(tag)),
    }
}

/// All files, in an order that is always the same.
fn names() -> Vec<Cow<'static, str>> {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    names
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// By what a browser sees that something is still the same. It is a weak tag, since it is so for what is compressed, too.
fn tag(digest: &[u8]) -> EntityTag {
    EntityTag::new_weak(hex(&digest[..16]))
}

/// What browsers load by that name; nothing else in the folder is for them.
fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
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
        assert!(names().iter().any(|name| name == PAGE));
        for name in names().into_iter().filter(|name| name != PAGE) {
            assert!(content_type(&name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_page_names_every_script_in_this_edition() {
        for name in names().into_iter().filter(|name| name.ends_with(".js")) {
            assert!(START.contains(&format!("modulepreload\" href=\"/page/{}/{name}\"", *EDITION)), "{name}");
        }
    }
}
