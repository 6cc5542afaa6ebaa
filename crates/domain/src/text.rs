//! Text that people typed, checked once.

use std::fmt;

use thiserror::Error;

/// Why a text is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidText {
    /// Nothing is left after trimming white space.
    #[error("must not be empty")]
    Empty,
    /// More Unicode characters than fit.
    #[error("must have at most {most} characters")]
    TooLong {
        /// The most characters it may have.
        most: usize,
    },
    /// NUL or another control character stands in it.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// It is not of the form that this kind of text has.
    #[error("must be {0}")]
    Form(&'static str),
}

fn checked(text: &str, most: usize, lines: bool) -> Result<String, InvalidText> {
    let text = text.trim();
    if text.is_empty() {
        return Err(InvalidText::Empty);
    }
    if text.chars().count() > most {
        return Err(InvalidText::TooLong { most });
    }
    if text.chars().any(|c| c.is_control() && !(lines && matches!(c, '\n' | '\t'))) {
        return Err(InvalidText::ControlCharacter);
    }
    Ok(text.to_owned())
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $most:literal, lines: $lines:literal, $($form:tt)+) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most Unicode characters it may have.
            pub const MOST: usize = $most;

            /// The text without white space at its ends.
            ///
            /// # Errors
            ///
            /// [`InvalidText`] when it is empty, longer than [`MOST`](Self::MOST), has control characters, or is
            /// not of its form.
            pub fn parse(text: &str) -> Result<Self, InvalidText> {
                let text = checked(text, Self::MOST, $lines)?;
                let form: fn(&str) -> Result<(), InvalidText> = $($form)+;
                form(&text)?;
                Ok(Self(text))
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// Without the text, which may name a patient: a value that gets into a log by accident tells nothing.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

text!(
    /// One part of a person's name: 1–100 characters.
    Name, 100, lines: false, |_| Ok(())
);
text!(
    /// What a doctor does, such as `cardiology`: 1–100 characters. Compared without regard to case.
    Specialty, 100, lines: false, |_| Ok(())
);
text!(
    /// Why something was done, in a person's words: 1–1,000 characters, line breaks allowed.
    Reason, 1_000, lines: true, |_| Ok(())
);
text!(
    /// An address for electronic mail: one `@` with something on either side and no white space, at most 254
    /// characters (RFC 5321, section 4.5.3.1). Whether it can be delivered to only a message can tell.
    Email, 254, lines: false, email
);
text!(
    /// A telephone number as it was given: digits, and `+ - ( ) . /` and spaces between them; at least 3 digits, at
    /// most 40 characters.
    Phone, 40, lines: false, phone
);
text!(
    /// What a closure is called: 1–100 characters.
    ClosureName, 100, lines: false, |_| Ok(())
);
text!(
    /// What a kind of visit is called, such as `check-up`: 1–100 characters.
    VisitTypeName, 100, lines: false, |_| Ok(())
);
text!(
    /// What a token is called, such as whose it is: 1–100 characters.
    TokenName, 100, lines: false, |_| Ok(())
);
text!(
    /// What another system calls the patient, such as a medical record number: 1–100 characters.
    ExternalId, 100, lines: false, |_| Ok(())
);

fn email(text: &str) -> Result<(), InvalidText> {
    const FORM: InvalidText = InvalidText::Form("an address like name@example.org");
    let (local, domain) = text.split_once('@').ok_or(FORM)?;
    let fine = |part: &str| !part.is_empty() && !part.contains('@') && !part.contains(char::is_whitespace);
    if fine(local) && fine(domain) { Ok(()) } else { Err(FORM) }
}

fn phone(text: &str) -> Result<(), InvalidText> {
    let known = |c: char| c.is_ascii_digit() || "+-()./ ".contains(c);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits >= 3 && text.chars().all(known) {
        Ok(())
    } else {
        Err(InvalidText::Form("a telephone number: at least 3 digits, and only + - ( ) . / and spaces between"))
    }
}

/// Text as it is searched and sorted by: lower case (Unicode), single spaces.
///
/// Stores keep it beside the text it was made from, so that all of them find and sort alike, whatever their
/// collation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SearchKey(String);

impl SearchKey {
    /// The key of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" "))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The words in it; a thing is found when its own key contains every one of them.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|word| !word.is_empty())
    }

    /// Whether every word of `wanted` stands in it somewhere.
    #[must_use]
    pub fn matches(&self, wanted: &SearchKey) -> bool {
        wanted.words().all(|word| self.0.contains(word))
    }
}

impl fmt::Debug for SearchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SearchKey(…)")
    }
}

impl Specialty {
    /// What it is found by.
    #[must_use]
    pub fn key(&self) -> SearchKey {
        SearchKey::of(&self.0)
    }
}

impl VisitTypeName {
    /// What it is sorted by.
    #[must_use]
    pub fn key(&self) -> SearchKey {
        SearchKey::of(&self.0)
    }
}

/// First and last name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonName {
    /// The given name or names.
    pub first: Name,
    /// The family name.
    pub last: Name,
}

impl PersonName {
    /// What it is found and sorted by: last name, then first.
    #[must_use]
    pub fn key(&self) -> SearchKey {
        SearchKey::of(&format!("{} {}", self.last.as_str(), self.first.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_keeps_its_characters() {
        assert_eq!(Name::parse("  Jón Þór ").map(|n| n.as_str().to_owned()), Ok("Jón Þór".to_owned()));
    }

    #[test]
    fn empty_overlong_and_control_characters_are_refused() {
        assert_eq!(Name::parse(" \t "), Err(InvalidText::Empty));
        assert!(Name::parse(&"é".repeat(100)).is_ok());
        assert_eq!(Name::parse(&"é".repeat(101)), Err(InvalidText::TooLong { most: 100 }));
        assert_eq!(Name::parse("a\0b"), Err(InvalidText::ControlCharacter));
        assert_eq!(Name::parse("a\nb"), Err(InvalidText::ControlCharacter));
        assert!(Reason::parse("two\nlines").is_ok());
        assert_eq!(Reason::parse("a\0b"), Err(InvalidText::ControlCharacter));
    }

    #[test]
    fn an_email_address_has_one_at_and_two_sides() {
        for good in ["a@b", "first.last+tag@example.org", "ü@bücher.example"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in ["a", "@b", "a@", "a@b@c", "a b@c", "a@b c"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_telephone_number_has_digits() {
        for good in ["+49 (30) 123-456", "911", "0171/555.12"] {
            assert!(Phone::parse(good).is_ok(), "{good}");
        }
        for bad in ["12", "call me", "+-()"] {
            assert!(Phone::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn people_are_found_by_any_part_of_their_name_in_any_order() {
        let key =
            PersonName { first: Name::parse("Jon").expect("valid"), last: Name::parse("SNOW").expect("valid") }.key();
        assert_eq!(key.as_str(), "snow jon");
        for found in ["jon", "Snow", "jon snow", "sno jo", ""] {
            assert!(key.matches(&SearchKey::of(found)), "{found}");
        }
        assert!(!key.matches(&SearchKey::of("jon stark")));
    }

    #[test]
    fn what_may_name_a_patient_does_not_show_in_debug_output() {
        let name = PersonName { first: Name::parse("Jon").expect("valid"), last: Name::parse("Snow").expect("valid") };
        assert!(!format!("{name:?} {:?}", name.key()).to_lowercase().contains("snow"));
    }
}
