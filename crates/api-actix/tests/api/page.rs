//! The page for people with a browser.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::json;

use crate::support::Api;

/// The service, asked by somebody of whom nothing is known.
fn stranger() -> Api {
    Api::new().bringing("")
}

/// The values of an attribute, in the order in which they stand.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split_once('"')).map(|(value, _)| value).collect()
}

/// The modules that a script imports, by their place under the page.
fn imported(place: &str, script: &str) -> Vec<String> {
    let folder = place.rsplit_once('/').map_or("", |(folder, _)| folder);
    let names = script.split(" from \"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(name, _)| name);
    names
        .map(|name| {
            let (mut folder, mut name) = (folder, name.trim_start_matches("./"));
            while let Some(rest) = name.strip_prefix("../") {
                (folder, name) = (folder.rsplit_once('/').map_or("", |(above, _)| above), rest);
            }
            format!("{folder}/{name}")
        })
        .collect()
}

/// All scripts of the page with their text: those that it names, and those that these import.
async fn scripts(api: &Api) -> BTreeMap<String, String> {
    let html = api.get("/").await.text();
    let mut left: Vec<_> = values(&html, "src").into_iter().map(str::to_owned).collect();
    let mut scripts = BTreeMap::new();
    while let Some(place) = left.pop() {
        if scripts.contains_key(&place) {
            continue;
        }
        let answer = api.get(&place).await;
        assert_eq!(answer.header("Content-Type"), Some("text/javascript; charset=utf-8"), "{place}");
        let text = answer.text();
        left.extend(imported(&place, &text));
        scripts.insert(place, text);
    }
    scripts
}

/// The files that the page names.
fn files(html: &str) -> Vec<&str> {
    let named = [values(html, "src"), values(html, "href")].concat();
    named.into_iter().filter(|file| file.starts_with("/page/")).collect()
}

/// Under which address the page has its files: `/page/` and a digest of all of them.
async fn place(api: &Api) -> String {
    let html = api.get("/").await.text();
    let script = values(&html, "src")[0].to_owned();
    let place = script.strip_suffix("/app.js").expect("the first script").to_owned();
    let edition = place.strip_prefix("/page/").expect("an edition");
    assert!(edition.len() == 16 && edition.bytes().all(|byte| byte.is_ascii_hexdigit()), "{edition}");
    place
}

#[actix_web::test]
async fn anybody_gets_the_page_and_what_it_consists_of() {
    let api = stranger();
    let page = api.get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("Content-Type"), Some("text/html; charset=utf-8"));
    let html = page.text();
    assert!(html.starts_with("<!doctype html>"), "{html}");
    let place = place(&api).await;
    let files = files(&html);
    for name in ["app.js", "sign-in.js", "board/day.js", "style.css", "board.css", "print.css"] {
        assert!(files.contains(&&*format!("{place}/{name}")), "{name} in {files:?}");
    }
    for file in files {
        let answer = api.get(file).await;
        assert_eq!(answer.status, 200, "{file}");
        let is_script = file.rsplit_once('.').is_some_and(|(_, ending)| ending == "js");
        let kind = if is_script { "text/javascript; charset=utf-8" } else { "text/css; charset=utf-8" };
        assert_eq!(answer.header("Content-Type"), Some(kind), "{file}");
        assert!(!answer.bytes.is_empty(), "{file}");
    }
}

#[actix_web::test]
async fn every_script_is_reached_from_the_page_and_checked_for_its_types() {
    let api = stranger();
    let (scripts, place) = (scripts(&api).await, place(&api).await);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
    let mut there = Vec::new();
    let mut left = vec![folder.clone()];
    while let Some(below) = left.pop() {
        for entry in std::fs::read_dir(&below).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|ending| ending == "js") {
                let name = path.strip_prefix(&folder).expect("it is under the page").to_string_lossy();
                there.push(format!("{place}/{}", name.replace('\\', "/")));
            }
        }
    }
    there.sort();
    assert_eq!(scripts.keys().cloned().collect::<Vec<_>>(), there);
    for (place, script) in scripts {
        assert!(script.starts_with("// @ts-check\n"), "{place}");
    }
}

#[actix_web::test]
async fn what_a_browser_has_already_is_not_sent_again() {
    let api = stranger();
    let place = place(&api).await;
    let for_good = "public, max-age=31536000, immutable";
    for (path, kept) in [
        ("/", "no-cache"),
        (&*format!("{place}/sign-in.js"), for_good),
        (&*format!("{place}/board/day.js"), for_good),
        (&*format!("{place}/style.css"), for_good),
    ] {
        let first = api.get(path).await;
        assert_eq!(first.header("Cache-Control"), Some(kept), "{path}");
        let tag = first.header("ETag").expect("a tag").to_owned();
        let knowing = |tags: &str| TestRequest::get().uri(path).insert_header(("If-None-Match", tags.to_owned()));
        for known in [tag.as_str(), tag.trim_start_matches("W/"), &format!("\"other\", {tag}"), "*"] {
            let again = api.send(knowing(known)).await;
            assert_eq!((again.status.as_u16(), again.header("ETag")), (304, Some(tag.as_str())), "{path} {known}");
            assert_eq!(again.header("Cache-Control"), Some(kept), "{path}");
            assert!(again.bytes.is_empty(), "{path}");
        }
        for other in ["\"other\"", "W/\"\"", "nonsense"] {
            assert_eq!(api.send(knowing(other)).await.status, 200, "{path} {other}");
        }
    }
}

#[actix_web::test]
async fn the_page_is_compressed_for_those_who_want_it() {
    let api = stranger();
    let place = place(&api).await;
    for path in ["/", &format!("{place}/sign-in.js"), &format!("{place}/style.css")] {
        let zipped = api.send(TestRequest::get().uri(path).insert_header(("Accept-Encoding", "gzip"))).await;
        assert_eq!(zipped.header("Content-Encoding"), Some("gzip"), "{path}");
        let plain = api.get(path).await;
        assert_eq!(plain.header("Content-Encoding"), None, "{path}");
        // One tag for both is right only as long as it is a weak one.
        assert_eq!(zipped.header("ETag"), plain.header("ETag"), "{path}");
        assert!(plain.header("ETag").is_some_and(|tag| tag.starts_with("W/")), "{path}");
    }
}

#[actix_web::test]
async fn head_answers_as_get_does_and_nothing_can_be_done_to_the_page() {
    let api = stranger();
    for path in ["/", &format!("{}/sign-in.js", place(&api).await)] {
        let head = api.send(TestRequest::default().method(Method::HEAD).uri(path)).await;
        let get = api.get(path).await;
        assert_eq!(head.status, 200, "{path}");
        for name in ["Content-Type", "ETag"] {
            assert_eq!(head.header(name), get.header(name), "{path}");
        }
        let answer = api.send(TestRequest::post().uri(path)).await;
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("Allow"), Some("GET, HEAD"));
    }
}

#[actix_web::test]
async fn there_is_nothing_else_under_the_page() {
    let api = stranger();
    let place = place(&api).await;
    let nothing = [
        "",
        "/",
        "/index.html",
        "/sign-in",
        "/SIGN-IN.JS",
        "/../Cargo.toml",
        "/%2e%2e%2fCargo.toml",
        "/..%2fsrc%2flib.rs",
        "/a/sign-in.js",
        "/board",
        "/board/",
        "/board/../sign-in.js",
        "/api.d.ts",
    ];
    // Of another edition there is nothing, either: its files would not fit those of this one.
    let elsewhere =
        ["/page", "/page/", "/page/sign-in.js", "/page/0123456789abcdef/sign-in.js", "/index.html", "/sign-in.js"];
    let within = nothing.into_iter().map(|path| format!("{place}{path}"));
    for path in within.chain(elsewhere.map(str::to_owned)) {
        let answer = api.get(&path).await;
        answer.problem(404, "not-found");
        assert_eq!(answer.header("Cache-Control"), Some("no-cache"), "{path}");
    }
}

#[actix_web::test]
async fn the_page_loads_nothing_from_elsewhere_and_has_nothing_written_into_it() {
    let api = stranger();
    let html = api.get("/").await.text();
    for place in ["src", "href", "action"].into_iter().flat_map(|attribute| values(&html, attribute)) {
        let is_here = place.starts_with('/') && !place.starts_with("//") || place.starts_with('#');
        assert!(is_here || place == "data:,", "{place}");
    }
    // A policy without 'unsafe-inline' would let none of this be done.
    for inline in ["<style", " style=", "javascript:", "<base", "<iframe", "http-equiv"] {
        assert!(!html.contains(inline), "{inline} in {html}");
    }
    for script in html.split("<script").skip(1) {
        let (head, rest) = script.split_once('>').expect("a tag");
        assert!(head.contains(" src=\"/page/") && rest.starts_with("</script>"), "{script}");
    }
    for (before, _) in html.match_indices('=').map(|(at, _)| html.split_at(at)) {
        let attribute = before.rsplit([' ', '\n']).next().unwrap_or_default();
        assert!(!attribute.starts_with("on"), "{attribute}");
    }
    let mut texts = scripts(&api).await;
    for file in files(&html) {
        texts.insert(file.to_owned(), api.get(file).await.text());
    }
    for (file, text) in texts {
        for elsewhere in ["http://", "https://", "//cdn", "@import", "url("] {
            assert!(!text.contains(elsewhere), "{elsewhere} in {file}");
        }
    }
}

#[actix_web::test]
async fn a_token_is_neither_kept_nor_sent_anywhere_but_to_sign_in() {
    let api = stranger();
    let html = api.get("/").await.text();
    // Without the script, a form would put what has a name into the address, or send it where nobody expects it.
    let named = values(&html, "name");
    assert_eq!(named, ["viewport", "color-scheme"]);
    assert_eq!(values(&html, "method"), ["post"]);
    let field = html.split("<input").nth(1).and_then(|rest| rest.split_once('>')).expect("a field").0;
    for set in [" type=\"password\"", " autocomplete=\"off\""] {
        assert!(field.contains(set), "{field}");
    }

    for (place, script) in scripts(&api).await {
        for kept in ["localStorage", "sessionStorage", "indexedDB", "document.cookie", "console.", "pushState"] {
            assert!(!script.contains(kept), "{kept} in {place}");
        }
        // What comes from elsewhere is text, and never becomes a part of the page.
        for made in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
            assert!(!script.contains(made), "{made} in {place}");
        }
    }
}

#[actix_web::test]
async fn what_the_page_asks_for_is_answered_as_it_expects() {
    let api = Api::new();
    let jon = api.jon().await;
    api.asked_by_doctor(&jon);
    let token = json!({"token": format!("doctor-{jon}")});
    let stranger = api.bringing("");
    let from_here = |request: TestRequest| {
        request.insert_header(("Host", "localhost:8080")).insert_header(("Origin", "http://localhost:8080"))
    };
    stranger.get("/api/v1/me").await.problem(401, "unauthenticated");
    let signed_in = stranger.send(from_here(TestRequest::post().uri("/api/v1/session")).set_json(&token)).await;
    assert_eq!(signed_in.ok()["role"], "doctor");
    let cookie =
        signed_in.header("Set-Cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    let known = |request: TestRequest| from_here(request).insert_header(("Cookie", cookie.clone()));

    let me = stranger.send(known(TestRequest::get().uri("/api/v1/me"))).await.ok();
    assert_eq!((&me["role"], &me["name"]), (&json!("doctor"), &json!(format!("doctor-{jon}"))));
    assert_eq!(me["expiresAt"], "2029-12-01T21:30:00Z");
    let signed_out = stranger.send(known(TestRequest::delete().uri("/api/v1/session"))).await;
    assert_eq!(signed_out.status, 204);
    stranger.send(known(TestRequest::get().uri("/api/v1/me"))).await.problem(401, "unauthenticated");
}

#[actix_web::test]
async fn every_text_of_the_page_is_there_in_every_language() {
    let api = stranger();
    let html = api.get("/").await.text();
    let mut known = Vec::new();
    for (place, script) in scripts(&api).await.into_iter().filter(|(place, _)| place.contains("/texts/")) {
        let names = |language: &str| {
            let start = format!("export const {language} = {{\n");
            let texts = script.split_once(&start).and_then(|(_, rest)| rest.split_once("\n};")).expect("texts").0;
            let line = |line: &str| {
                let name = line.strip_prefix("  ")?.split_once(':')?.0;
                (!name.starts_with(' ')).then(|| name.trim_matches('"').to_owned())
            };
            texts.lines().filter_map(line).collect::<Vec<_>>()
        };
        assert_eq!(names("en"), names("de"), "{place}");
        known.extend(names("en"));
    }
    let names = known.len();
    known.sort();
    known.dedup();
    assert_eq!(known.len(), names, "a name stands for one text");
    for name in [values(&html, "data-text"), values(&html, "data-label")].concat() {
        assert!(known.iter().any(|known| known == name), "{name}");
    }
}
