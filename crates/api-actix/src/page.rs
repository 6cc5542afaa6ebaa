//! Long lists, a page at a time, and the cursors that lead from one to the next.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_application::{
    AuditPosition, BookingPosition, ClosurePosition, DoctorPosition, EntryPosition, PageRequest, TimeOffPosition,
    VisitTypePosition,
};
use doctor_booking_domain::{DeliveryId, PatientId, SearchKey, TokenId, WaitingId, WebhookId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::code::Code;
use crate::query::{FromQuery, Params};
use crate::values::{Fault, FromText, date};
use crate::violations::Read;

/// The longest cursor, in characters: one that holds two names of the greatest length.
pub(crate) const LONGEST_CURSOR: usize = 2048;

/// A position as a cursor holds it. The tag binds a cursor to its list, and to the form that it has now.
#[derive(Serialize, Deserialize)]
#[serde(tag = "of", deny_unknown_fields)]
enum Cursor {
    #[serde(rename = "doctors/1")]
    Doctors { name: String, id: Uuid },
    #[serde(rename = "patients/1")]
    Patients { id: Uuid },
    #[serde(rename = "bookings/1")]
    Bookings { micros: i64, id: Uuid },
    #[serde(rename = "time-off/1")]
    TimeOff { micros: i64, id: Uuid },
    #[serde(rename = "closures/1")]
    Closures { date: String, id: Uuid },
    #[serde(rename = "visit-types/1")]
    VisitTypes { name: String, id: Uuid },
    #[serde(rename = "history/1")]
    History { micros: i64, id: Uuid },
    #[serde(rename = "waitlist/1")]
    Waitlist { id: Uuid },
    #[serde(rename = "webhooks/1")]
    Webhooks { id: Uuid },
    #[serde(rename = "failures/1")]
    Failures { id: Uuid },
    #[serde(rename = "tokens/1")]
    Tokens { id: Uuid },
    #[serde(rename = "audit/1")]
    Audit { micros: i64, id: Uuid },
}

/// A position in a list, which a cursor can hold.
pub(crate) trait Position: Sized {
    fn to_cursor(&self) -> String;
    fn from_cursor(cursor: &str) -> Option<Self>;
}

impl Position for DoctorPosition {
    fn to_cursor(&self) -> String {
        encode(&Cursor::Doctors { name: self.name.as_str().to_owned(), id: self.id.uuid() })
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let Cursor::Doctors { name, id } = decode(cursor)? else { return None };
        Some(Self { name: key(&name)?, id: id.into() })
    }
}

/// Lists in the order of ids.
macro_rules! by_id {
    ($($id:ty: $list:ident;)+) => {
        $(
            impl Position for $id {
                fn to_cursor(&self) -> String {
                    encode(&Cursor::$list { id: self.uuid() })
                }

                fn from_cursor(cursor: &str) -> Option<Self> {
                    let Cursor::$list { id } = decode(cursor)? else { return None };
                    Some(id.into())
                }
            }
        )+
    };
}

by_id! {
    PatientId: Patients;
    WaitingId: Waitlist;
    WebhookId: Webhooks;
    DeliveryId: Failures;
    TokenId: Tokens;
}

impl Position for BookingPosition {
    fn to_cursor(&self) -> String {
        encode(&Cursor::Bookings { micros: self.start.timestamp_micros(), id: self.id.uuid() })
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let Cursor::Bookings { micros, id } = decode(cursor)? else { return None };
        Some(Self { start: DateTime::<Utc>::from_timestamp_micros(micros)?, id: id.into() })
    }
}

impl Position for TimeOffPosition {
    fn to_cursor(&self) -> String {
        encode(&Cursor::TimeOff { micros: self.start.timestamp_micros(), id: self.id.uuid() })
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let Cursor::TimeOff { micros, id } = decode(cursor)? else { return None };
        Some(Self { start: DateTime::<Utc>::from_timestamp_micros(micros)?, id: id.into() })
    }
}

impl Position for ClosurePosition {
    fn to_cursor(&self) -> String {
        encode(&Cursor::Closures { date: date(self.date), id: self.id.uuid() })
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let Cursor::Closures { date, id } = decode(cursor)? else { return None };
        Some(Self { date: NaiveDate::from_text(&date).ok()?, id: id.into() })
    }
}

impl Position for VisitTypePosition {
    fn to_cursor(&self) -> String {
        encode(&Cursor::VisitTypes { name: self.name.as_str().to_owned(), id: self.id.uuid() })
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let Cursor::VisitTypes { name, id } = decode(cursor)? else { return None };
        Some(Self { name: key(&name)?, id: id.into() })
    }
}

impl Position for EntryPosition {
    fn to_cursor(&self) -> String {
        encode(&Cursor::History { micros: self.at.timestamp_micros(), id: self.id.uuid() })
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let Cursor::History { micros, id } = decode(cursor)? else { return None };
        Some(Self { at: DateTime::<Utc>::from_timestamp_micros(micros)?, id: id.into() })
    }
}

impl Position for AuditPosition {
    fn to_cursor(&self) -> String {
        encode(&Cursor::Audit { micros: self.at.timestamp_micros(), id: self.id.uuid() })
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let Cursor::Audit { micros, id } = decode(cursor)? else { return None };
        Some(Self { at: DateTime::<Utc>::from_timestamp_micros(micros)?, id: id.into() })
    }
}

/// The key of a name, if it is one already.
fn key(name: &str) -> Option<SearchKey> {
    let key = SearchKey::of(name);
    (key.as_str() == name && !name.chars().any(char::is_control)).then_some(key)
}

fn encode(cursor: &Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).unwrap_or_default())
}

fn decode(text: &str) -> Option<Cursor> {
    let json = (text.len() <= LONGEST_CURSOR).then(|| BASE64_URL_SAFE_NO_PAD.decode(text).ok())??;
    serde_json::from_slice(&json).ok()
}

/// Which page of a list is wanted.
pub(crate) fn read_page<P: Position>(params: &mut Params) -> Read<PageRequest<P>> {
    let limit = params.limit();
    let after = params.take("cursor").map(|cursor| {
        P::from_cursor(&cursor).ok_or_else(|| Fault::new(Code::InvalidCursor, "must be the nextCursor of this list"))
    });
    let after = match after {
        Some(after) => Some(params.violations.check("/cursor", after)?),
        None => None,
    };
    Some(PageRequest { after, limit: limit? })
}

/// Which page of a list.
pub(crate) struct WantedPage<P>(pub(crate) PageRequest<P>);

impl<P: Position> FromQuery for WantedPage<P> {
    fn read(params: &mut Params) -> Read<Self> {
        read_page(params).map(Self)
    }
}

/// A page of a list, under its own name in the document.
macro_rules! list_view {
    ($(#[$doc:meta])* $list:ident, $name:ident, $item:ty) => {
        $(#[$doc])*
        #[derive(serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        #[schema(as = $name)]
        pub(crate) struct $list {
            /// What is on this page, in the order of the list.
            items: Vec<$item>,
            /// Where the next page begins; absent on the last.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(value_type = $crate::schema::Cursor, required = false)]
            next_cursor: Option<String>,
        }

        impl $list {
            /// A page whose items are shown by `present`.
            pub(crate) fn of<T, P: $crate::page::Position>(
                page: doctor_booking_application::Page<T, P>,
                present: impl Fn(&T) -> $item,
            ) -> Self {
                Self {
                    items: page.items.iter().map(present).collect(),
                    next_cursor: page.next.as_ref().map($crate::page::Position::to_cursor),
                }
            }
        }
    };
}

pub(crate) use list_view;

#[cfg(test)]
mod tests {
    use doctor_booking_domain::{ClosureId, DoctorId, EntryId, TimeOffId, VisitTypeId};

    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_position_and_only_in_its_own_list() {
        let doctor = DoctorPosition { name: SearchKey::of("Snow Jon"), id: DoctorId::from_u128(1) };
        let cursor = doctor.to_cursor();
        assert_eq!(DoctorPosition::from_cursor(&cursor), Some(doctor));
        assert_eq!(PatientId::from_cursor(&cursor), None);
        assert_eq!(BookingPosition::from_cursor(&cursor), None);

        let start = DateTime::<Utc>::from_timestamp_micros(1_894_021_200_000_001).expect("an instant");
        let away = TimeOffPosition { start, id: TimeOffId::from_u128(1) };
        assert_eq!(TimeOffPosition::from_cursor(&away.to_cursor()), Some(away));
        assert_eq!(BookingPosition::from_cursor(&away.to_cursor()), None);

        let entry = EntryPosition { at: start, id: EntryId::from_u128(1) };
        assert_eq!(EntryPosition::from_cursor(&entry.to_cursor()), Some(entry));
        assert_eq!(BookingPosition::from_cursor(&entry.to_cursor()), None);
        let waiting = WaitingId::from_u128(1);
        assert_eq!(WaitingId::from_cursor(&waiting.to_cursor()), Some(waiting));
        assert_eq!(WebhookId::from_cursor(&waiting.to_cursor()), None);
        assert_eq!(DeliveryId::from_cursor(&WebhookId::from_u128(1).to_cursor()), None);

        let date = NaiveDate::from_ymd_opt(2030, 12, 25).expect("a date");
        let closure = ClosurePosition { date, id: ClosureId::from_u128(1) };
        assert_eq!(ClosurePosition::from_cursor(&closure.to_cursor()), Some(closure));
        assert_eq!(TimeOffPosition::from_cursor(&closure.to_cursor()), None);

        let visit_type = VisitTypePosition { name: SearchKey::of("Check-up"), id: VisitTypeId::from_u128(1) };
        assert_eq!(VisitTypePosition::from_cursor(&visit_type.to_cursor()), Some(visit_type.clone()));
        assert_eq!(DoctorPosition::from_cursor(&visit_type.to_cursor()), None);
    }

    #[test]
    fn what_no_list_has_made_is_no_cursor() {
        let made = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
        let id = "01900000-0000-7000-8000-000000000001";
        let broken = [
            String::new(),
            "x".to_owned(),
            "=".to_owned(),
            made("{}"),
            made(&format!(r#"{{"of":"doctors/2","name":"a","id":"{id}"}}"#)),
            made(&format!(r#"{{"of":"doctors/1","name":"A","id":"{id}"}}"#)),
            made(&format!(r#"{{"of":"doctors/1","name":"a\u0000","id":"{id}"}}"#)),
            made(&format!(r#"{{"of":"doctors/1","name":"a","id":"{id}","more":1}}"#)),
            "A".repeat(LONGEST_CURSOR + 1),
        ];
        for cursor in broken {
            assert_eq!(DoctorPosition::from_cursor(&cursor), None, "{cursor}");
        }
        let shouted = made(&format!(r#"{{"of":"visit-types/1","name":"CHECK-UP","id":"{id}"}}"#));
        assert_eq!(VisitTypePosition::from_cursor(&shouted), None);
        let far = made(&format!(r#"{{"of":"bookings/1","micros":{},"id":"{id}"}}"#, i64::MAX));
        assert_eq!(BookingPosition::from_cursor(&far), None);
        let never = made(&format!(r#"{{"of":"closures/1","date":"2030-02-30","id":"{id}"}}"#));
        assert_eq!(ClosurePosition::from_cursor(&never), None);
    }
}
