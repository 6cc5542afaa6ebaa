//! The simple values of the API, as the OpenAPI document describes them. What they become, [`values`](crate::values)
//! says; the two have to agree.

use std::borrow::Cow;

use doctor_booking_domain::{
    Action, Buffer, Capacity as PatientsAtOnce, ClosureName as ClosureText, Email, ExternalId, HoldTime, Horizon, Name,
    Notice, Phone, Reason as ReasonText, RuleName as Rule, SeriesLength, SlotLength, Specialty as SpecialtyText,
    TokenName, VisitTypeName as VisitTypeText, WebhookUrl, What,
};
use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{Number, PartialSchema, ToSchema};

use crate::code::Code;

/// No control characters, and something that is not white space.
const LINE: &str = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$";
/// The same, with line breaks and tabs.
const LINES: &str = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$";

macro_rules! schemas {
    ($($(#[doc = $doc:literal])+ $name:ident = $schema:expr;)+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) enum $name {}

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    let schema: ObjectBuilder = $schema;
                    schema.description(Some(concat!($($doc),+).trim())).into()
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    stringify!($name).into()
                }
            }
        )+
    };
}

fn text(example: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).examples([Value::from(example)])
}

fn format(format: &str, example: &str) -> ObjectBuilder {
    text(example).format(Some(SchemaFormat::Custom(format.to_owned())))
}

fn limited(example: &str, pattern: &str, most: usize) -> ObjectBuilder {
    text(example).pattern(Some(pattern)).min_length(Some(1)).max_length(Some(most))
}

fn whole(least: impl Into<Number>, most: impl Into<Number>, example: u32) -> ObjectBuilder {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most));
    number.examples([json!(example)])
}

schemas! {
    /// A UUID (RFC 9562); those made here are version 7, so they sort by creation.
    Id = format("uuid", "01900000-0000-7000-8000-000000000001");
    /// One part of a person's name. White space at its ends is dropped.
    PersonName = limited("Snow", LINE, Name::MOST);
    /// What a doctor does. Compared without regard to case.
    Specialty = limited("cardiology", LINE, SpecialtyText::MOST);
    /// What a closure is called. White space at its ends is dropped.
    ClosureName = limited("Christmas Day", LINE, ClosureText::MOST);
    /// An address for electronic mail.
    EmailAddress = format("email", "arya@example.org").max_length(Some(Email::MOST));
    /// A telephone number as it was given: at least three digits.
    PhoneNumber = limited("+1 212 555 0100", r"^[-+()./ ]*([0-9][-+()./ ]*){3,}$", Phone::MOST);
    /// What another system calls the patient, such as a medical record number.
    ExternalName = limited("MRN-0042", LINE, ExternalId::MOST);
    /// Why, in a person's words; line breaks are possible.
    Reason = limited("Follow-up on blood pressure", LINES, ReasonText::MOST);
    /// A civil date, from 1900-01-01 to 2999-12-31.
    CivilDate = format("date", "2030-01-07");
    /// An instant, in RFC 3339 with an offset from UTC, from the year 1900 to 2999.
    Instant = format("date-time", "2030-01-07T08:00:00-05:00");
    /// The time of day at which a window starts.
    StartTime = text("08:00").pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"));
    /// The time of day at which a window ends; `24:00` is the end of the day.
    EndTime = text("11:00").pattern(Some("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"));
    /// The IANA name of a time zone.
    TimeZone = limited("America/New_York", "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", 64);
    /// How long a visit lasts, and how far apart slots begin, in minutes.
    SlotMinutes = whole(SlotLength::LEAST, SlotLength::MOST, 60);
    /// What a kind of visit is called. White space at its ends is dropped.
    VisitTypeName = limited("Check-up", LINE, VisitTypeText::MOST);
    /// How long a doctor is kept busy beside a visit, in minutes.
    BufferMinutes = whole(Buffer::LEAST, Buffer::MOST, 10);
    /// How long before its start a visit has to be booked, in minutes of elapsed time.
    NoticeMinutes = whole(Notice::LEAST, Notice::MOST, 120);
    /// How many days ahead a visit can be booked, on the doctor's calendar; 0 is today only.
    DaysAhead = whole(Horizon::LEAST, Horizon::MOST, 90);
    /// How many patients a doctor sees at the same time; 1 is a visit alone with the doctor.
    Capacity = whole(PatientsAtOnce::LEAST, PatientsAtOnce::MOST, 1);
    /// How long a slot is held, in seconds.
    HoldSeconds = whole(HoldTime::LEAST, HoldTime::MOST, 300);
    /// How many visits a series has.
    SeriesCount = whole(SeriesLength::LEAST, SeriesLength::MOST, 6);
    /// How often a visit repeats.
    Every = text("week").enum_values(Some(crate::series::EVERY.map(|(name, _)| name)));
    /// What to do about visits of a series that cannot be had: book none at all, or book the others.
    OnConflict = text("skip").enum_values(Some(crate::series::ON_CONFLICT.map(|(name, _)| name)));
    /// What a token makes of whoever has it; a doctor or a patient is named beside it.
    TokenRole = text("front-desk").enum_values(Some(crate::token::ROLES.map(|(name, _)| name)));
    /// What a token is called. White space at its ends is dropped.
    TokenText = limited("Front desk, window 2", LINE, TokenName::MOST);
    /// What somebody may want to do.
    ActionName = text("read-patients").enum_values(Some(Action::ALL.iter().map(|action| action.as_str())));
    /// A rule that can be set aside.
    RuleName = text("patient-busy").enum_values(Some(Rule::ALL.map(Rule::as_str)));
    /// What can happen.
    Happening = text("booking.moved").enum_values(Some(What::ALL.iter().map(|what| what.as_str())));
    /// Where a webhook is told: without a user, and without a fragment.
    WebhookAddress = limited(
        "https://example.org/hooks/bookings",
        r"^https?://[!$-.0-9;=A-Z_a-z~\[\]]([!$-.0-9:;=A-Z_a-z~\[\]])*([/?][!$-;=?-Z_a-z~\[\]]*)?$",
        WebhookUrl::MOST,
    ).format(Some(SchemaFormat::Custom("uri".to_owned())));
    /// The position of an event; 0 is before the first.
    Position = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0))
        .examples([json!(42)]);
    /// How many items at most.
    Limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(1))
        .maximum(Some(200))
        .default(Some(json!(50)));
    /// Where to go on in a list: the `nextCursor` of the page before.
    Cursor = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[A-Za-z0-9_-]+$"))
        .min_length(Some(1))
        .max_length(Some(crate::page::LONGEST_CURSOR));
    /// What is searched for: every word has to occur, in any order, without regard to case.
    SearchText = text("snow").pattern(Some(r"^[^\x00-\x1F\x7F-\x9F]*$")).max_length(Some(crate::values::LONGEST_SEARCH));
    /// Only what can be booked.
    OnlyFree = text("free").enum_values(Some(["free"]));
    /// What to do about bookings that a change would leave outside working hours: keep them, and mark them.
    Affected = text("keep").enum_values(Some(["keep"]));
    /// What is wrong, in a word that programs can rely on; `/problems/{code}` explains it.
    CodeText = text(Code::SlotTaken.as_str()).enum_values(Some(Code::ALL.iter().map(|code| code.as_str())));
}

/// How many types of events a webhook can name at most.
pub(crate) const MOST_EVENT_TYPES: usize = 100;

/// Types of events.
pub(crate) enum EventTypes {}

impl PartialSchema for EventTypes {
    fn schema() -> RefOr<Schema> {
        let types = ArrayBuilder::new().items(utoipa::openapi::Ref::from_schema_name("Happening"));
        types.min_items(Some(1)).max_items(Some(MOST_EVENT_TYPES)).into()
    }
}

impl ToSchema for EventTypes {
    fn name() -> Cow<'static, str> {
        "EventTypes".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Happening::name().into_owned(), Happening::schema()));
    }
}

/// Doctors, each named by a parameter of its own.
pub(crate) enum Doctors {}

impl PartialSchema for Doctors {
    fn schema() -> RefOr<Schema> {
        let doctors = ArrayBuilder::new().items(Id::schema()).max_items(Some(crate::search::MOST_DOCTORS));
        doctors.into()
    }
}

impl ToSchema for Doctors {
    fn name() -> Cow<'static, str> {
        "Doctors".into()
    }
}

/// A civil date or an instant.
pub(crate) enum DateOrInstant {}

impl PartialSchema for DateOrInstant {
    fn schema() -> RefOr<Schema> {
        let date =
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
        let instant = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        AnyOfBuilder::new().item(date).item(instant).into()
    }
}

impl ToSchema for DateOrInstant {
    fn name() -> Cow<'static, str> {
        "DateOrInstant".into()
    }
}
