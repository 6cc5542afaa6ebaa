//! How large a request's head may be.
//!
//! What exceeds the server's own buffer (128 KiB) or is no HTTP never gets here: the server refuses it without a body
//! (431, 400), and closes the connection.

use actix_web::HttpRequest;

use super::turn_away;
use crate::code::Code;
use crate::metrics::Reason;
use crate::problem::Problem;

/// The longest URL, in bytes, as it was sent.
const LONGEST_URL: usize = 8 * 1024;
/// All headers together, in bytes, as they were sent.
const MOST_HEADERS: usize = 16 * 1024;

/// Refuses what is too large.
pub(super) fn admit(request: &HttpRequest) -> Result<(), Problem> {
    let uri = request.uri();
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    if authority + uri.path_and_query().map_or(0, |path| path.as_str().len()) > LONGEST_URL {
        return Err(turn_away(Reason::Url, Problem::general(Code::UriTooLong)));
    }
    // With the colon, the space and the end of the line.
    let sizes = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    if sizes.sum::<usize>() > MOST_HEADERS {
        return Err(turn_away(Reason::Headers, Problem::general(Code::HeadersTooLarge)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn refused(request: TestRequest) -> Option<Code> {
        admit(&request.to_http_request()).err().map(|problem| problem.code())
    }

    #[test]
    fn a_url_has_its_limit() {
        let url = |length: usize| TestRequest::get().uri(&format!("/?{}", "x".repeat(length - 2)));
        assert_eq!(refused(url(LONGEST_URL)), None);
        assert_eq!(refused(url(LONGEST_URL + 1)), Some(Code::UriTooLong));
        let absolute = format!("http://example.org/{}", "x".repeat(LONGEST_URL - 11));
        assert_eq!(refused(TestRequest::get().uri(&absolute)), Some(Code::UriTooLong));
    }

    #[test]
    fn all_headers_together_have_theirs() {
        let with = |length: usize| {
            let request = TestRequest::get().append_header(("a", "x".repeat(1000)));
            request.append_header(("a", "x".repeat(1000))).append_header(("b", "x".repeat(length - 2 * 1005 - 5)))
        };
        assert_eq!(refused(with(MOST_HEADERS)), None);
        assert_eq!(refused(with(MOST_HEADERS + 1)), Some(Code::HeadersTooLarge));
    }
}
