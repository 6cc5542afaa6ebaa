//! How names are searched.

use diesel::declare_sql_function;
use diesel::prelude::*;
use diesel::sql_types::Text;

#[declare_sql_function]
extern "SQL" {
    /// Whether every word of the search key `wanted` stands in the search key `key` somewhere.
    ///
    /// LIKE would do for one word; for many it needs one condition each, and SQLite takes only so many.
    fn has_every_word(key: Text, wanted: Text) -> Bool;
}

/// Makes the function known to a connection.
pub(crate) fn register(connection: &mut SqliteConnection) -> QueryResult<()> {
    // As `SearchKey::matches`, without making new keys of keys. An empty word stands in everything.
    has_every_word_utils::register_impl(connection, |key: String, wanted: String| {
        wanted.split(' ').all(|word| key.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use doctor_booking_domain::SearchKey;

    use super::*;

    #[test]
    fn sqlite_finds_what_the_domain_finds() {
        let connection = &mut SqliteConnection::establish(":memory:").expect("a database in memory");
        register(connection).expect("a function of two texts");
        let many_words = "sno jo ".repeat(2_000);
        for key in ["Snow Jon", "Çelik Özge-Nur", "O'Brien 100%_\\", "İnci"] {
            let key = SearchKey::of(key);
            for wanted in [
                "",
                " ",
                "jon",
                "SNOW jon",
                "jon stark",
                "özge çel",
                "100%",
                "%",
                "_",
                "\\",
                "'",
                "i",
                "a\0b",
                &many_words,
            ] {
                let wanted = SearchKey::of(wanted);
                let found = diesel::select(has_every_word(key.as_str(), wanted.as_str())).get_result(connection);
                assert_eq!(found, Ok(key.matches(&wanted)), "{} in {}", wanted.as_str(), key.as_str());
            }
        }
    }
}
