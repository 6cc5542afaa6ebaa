//! Reading HTTP/1.1 answers.

use std::borrow::Cow;

use anyhow::{Context, Result, bail, ensure};

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer<'a> {
    /// The status.
    pub(crate) status: u16,
    /// After how many seconds to try again, if it says so.
    pub(crate) retry_after: Option<u64>,
    /// What it says.
    pub(crate) body: Cow<'a, [u8]>,
    /// Whether the connection ends with it.
    pub(crate) is_last: bool,
}

/// How far an answer has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress<'a> {
    /// More has to come.
    Partial,
    /// It is there; so many bytes were read of it.
    Whole(Answer<'a>, usize),
}

enum Body {
    Length(usize),
    Chunks,
    UntilTheEnd,
}

/// Reads the answer with which `input` begins; `has_ended` if nothing comes after that.
///
/// # Errors
///
/// When it is none.
pub(crate) fn read(input: &[u8], has_ended: bool) -> Result<Progress<'_>> {
    let mut headers = [httparse::EMPTY_HEADER; 48];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(input).context("the answer is no HTTP")? else {
        ensure!(!has_ended, "the connection ended in the middle of an answer");
        return Ok(Progress::Partial);
    };
    let status = response.code.context("an answer without a status")?;
    let mut is_last = response.version == Some(0);
    let mut retry_after = None;
    let mut body = Body::UntilTheEnd;
    for header in response.headers.iter() {
        let value = || std::str::from_utf8(header.value).unwrap_or_default().trim();
        if header.name.eq_ignore_ascii_case("content-length") {
            if !matches!(body, Body::Chunks) {
                body = Body::Length(value().parse().context("a length that is no number")?);
            }
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            ensure!(value().eq_ignore_ascii_case("chunked"), "a transfer encoding that is not known here");
            body = Body::Chunks;
        } else if header.name.eq_ignore_ascii_case("connection") {
            is_last = value().eq_ignore_ascii_case("close");
        } else if header.name.eq_ignore_ascii_case("retry-after") {
            retry_after = value().parse().ok();
        }
    }
    if matches!(status, 204 | 304) {
        body = Body::Length(0);
    }
    let rest = &input[head..];
    let (body, used) = match body {
        Body::Length(length) if rest.len() >= length => (Cow::Borrowed(&rest[..length]), length),
        Body::Chunks => match chunks(rest)? {
            Some((body, used)) => (Cow::Owned(body), used),
            None if has_ended => bail!("the connection ended in the middle of an answer"),
            None => return Ok(Progress::Partial),
        },
        Body::UntilTheEnd if has_ended => {
            is_last = true;
            (Cow::Borrowed(rest), rest.len())
        }
        _ if has_ended => bail!("the connection ended in the middle of an answer"),
        Body::Length(_) | Body::UntilTheEnd => return Ok(Progress::Partial),
    };
    Ok(Progress::Whole(Answer { status, retry_after, body, is_last }, head + used))
}

/// The chunks with which `input` begins, up to the last; `None` if that is not there yet.
fn chunks(input: &[u8]) -> Result<Option<(Vec<u8>, usize)>> {
    let (mut body, mut used) = (Vec::new(), 0);
    loop {
        let Ok(parsed) = httparse::parse_chunk_size(&input[used..]) else { bail!("a chunk without a size") };
        let httparse::Status::Complete((line, size)) = parsed else { return Ok(None) };
        let size = usize::try_from(size).context("a chunk that is too large")?;
        used += line;
        if size == 0 {
            // No trailers are expected: only the empty line at the end.
            return match input.get(used..used + 2) {
                Some(b"\r\n") => Ok(Some((body, used + 2))),
                Some(_) => bail!("a trailer, which is not known here"),
                None => Ok(None),
            };
        }
        let Some(chunk) = input.get(used..used + size + 2) else { return Ok(None) };
        body.extend_from_slice(&chunk[..size]);
        used += size + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(input: &str, has_ended: bool) -> (u16, Option<u64>, String, bool, usize) {
        match read(input.as_bytes(), has_ended).expect("it is an answer") {
            Progress::Whole(answer, used) => {
                let body = String::from_utf8(answer.body.to_vec()).expect("it is text");
                (answer.status, answer.retry_after, body, answer.is_last, used)
            }
            Progress::Partial => panic!("it is not whole: {input}"),
        }
    }

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let one = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(whole(&format!("{one}HTTP/1.1 …"), false), (200, None, "hello".into(), false, one.len()));
    }

    #[test]
    fn chunks_are_put_together() {
        let one = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";
        assert_eq!(whole(one, false), (200, None, "hello".into(), false, one.len()));
    }

    #[test]
    fn whoever_is_turned_away_is_told_for_how_long() {
        let one =
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(whole(one, false), (503, Some(2), String::new(), true, one.len()));
    }

    #[test]
    fn without_a_length_it_goes_on_to_the_end() {
        let one = "HTTP/1.1 200 OK\r\n\r\nhello";
        assert_eq!(read(one.as_bytes(), false).expect("an answer"), Progress::Partial);
        assert_eq!(whole(one, true), (200, None, "hello".into(), true, one.len()));
    }

    #[test]
    fn nothing_is_whole_before_its_last_byte() {
        for one in [
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
        ] {
            for end in 0..one.len() {
                let part = &one.as_bytes()[..end];
                assert_eq!(read(part, false).expect("it may become an answer"), Progress::Partial, "{one:?} {end}");
                assert!(read(part, true).is_err(), "{one:?} {end}");
            }
            assert_eq!(whole(one, false).4, one.len());
        }
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        for one in ["SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"] {
            assert!(read(one.as_bytes(), false).is_err(), "{one}");
        }
    }
}
