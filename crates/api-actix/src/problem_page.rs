//! Pages that explain the codes: where a problem's `type` leads. Out of the one table.

use std::fmt::Write;

use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse};

use crate::code::Code;
use crate::problem::Problem;

/// A page for every code.
pub(crate) async fn all() -> HttpResponse {
    let mut rows = String::new();
    for code in Code::ALL {
        let (name, status) = (code.as_str(), code.status().as_u16());
        let _ = write!(
            rows,
            "<tr><td>{status}</td><td><a href=\"/problems/{name}\"><code>{name}</code></a></td><td>{}</td></tr>",
            html(code.title())
        );
    }
    let table = format!("<table><tr><th>Status</th><th>Code</th><th>Meaning</th></tr>{rows}</table>");
    page("Problems", &format!("<p>What the API can refuse, and how (RFC 9457).</p>{table}"))
}

/// The page of one code.
pub(crate) async fn one(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let code = Code::find(request.match_info().query("code")).ok_or_else(|| Problem::general(Code::NotFound))?;
    let status = code.status();
    let body = format!(
        "<p>Status {}, code <code>{}</code>.</p><p>{}</p><p><a href=\"/problems\">All problems</a> · <a href=\"{}\">The API</a></p>",
        status.as_u16(),
        code.as_str(),
        html(code.about()),
        crate::docs::BROWSER_PATH,
    );
    Ok(page(code.title(), &body))
}

/// How the pages look: a file of its own, since nothing is written into a page.
pub(crate) async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(include_str!("problem_page.css"))
}

fn page(title: &str, body: &str) -> HttpResponse {
    let title = html(title);
    HttpResponse::Ok().content_type(ContentType::html()).body(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
             <link rel=\"stylesheet\" href=\"/problems/style.css\"></head>\
             <body><h1>{title}</h1>{body}</body></html>\n"
    ))
}

/// Text as HTML; what stands between backticks is code.
fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let parts = escaped.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_html() {
        assert_eq!(html("a < b, see `x`"), "a &lt; b, see <code>x</code>");
    }
}
