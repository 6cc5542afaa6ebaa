//! Words to look for in a search key.

use doctor_booking_domain::SearchKey;

/// Patterns for `LIKE`, all of which have to match: a word each, with whatever it says taken literally.
///
/// `None` when nothing can match.
pub(crate) fn patterns(wanted: &SearchKey) -> Option<Vec<String>> {
    let literal = |word: &str| word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    possible(wanted).then(|| wanted.words().map(|word| format!("%{}%", literal(word))).collect())
}

/// Whether anything can match: no text in the database has a NUL, and it will not even compare with one.
pub(crate) fn possible(wanted: &SearchKey) -> bool {
    !wanted.as_str().contains('\0')
}

/// What of a position's name the database can compare with: no name there has a NUL; a position that has was made up.
pub(crate) fn up_to_nul(name: &SearchKey) -> &str {
    name.as_str().split('\0').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_taken_literally() {
        assert_eq!(
            patterns(&SearchKey::of("50% O_o \\")),
            Some(vec!["%50\\%%".into(), "%o\\_o%".into(), "%\\\\%".into()])
        );
        assert_eq!(patterns(&SearchKey::of("")), Some(vec![]));
        assert_eq!(patterns(&SearchKey::of("a\0b")), None);
    }
}
