//! The one table of what the API can refuse, and how: codes, statuses, and what they mean.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($name:ident $status:literal $text:literal $title:literal $about:literal)+) => {
        /// What is wrong, in a word that programs can rely on: a problem's `code`, and that of every violation in its
        /// `errors`.
        ///
        /// Together with [`status`](Self::status) this is the one table of what the API can refuse, and how.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $about] $name,)+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as it is sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The status of an answer with this code.
            #[must_use]
            pub fn status(self) -> StatusCode {
                let number = match self { $(Self::$name => $status,)+ };
                StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// What it is called.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What it means, and what to do about it.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)+ }
            }
        }
    };
}

codes! {
    MalformedRequest 400 "malformed-request" "The request is malformed"
        "The request is not JSON, or not of the documented shape. Each entry of `errors` says what is wrong where."
    WrongType 400 "wrong-type" "A value has the wrong type"
        "A value has another type than documented, such as a text where a number belongs. An entry of `errors`."
    UnknownField 400 "unknown-field" "A field is not known"
        "The object has no such field; perhaps its name is misspelt. An entry of `errors`."
    MissingField 400 "missing-field" "A field is missing"
        "The object needs this field. An entry of `errors`."
    RepeatedField 400 "repeated-field" "A field is given twice"
        "The same field stands twice in an object, so it is not clear which one counts. An entry of `errors`."
    UnknownParameter 400 "unknown-parameter" "A query parameter is not known"
        "The operation has no such query parameter; perhaps its name is misspelt. An entry of `errors`."
    MissingParameter 400 "missing-parameter" "A query parameter is missing"
        "The operation needs this query parameter. An entry of `errors`."
    RepeatedParameter 400 "repeated-parameter" "A query parameter is given twice"
        "A query parameter may be given once, or as often as documented. An entry of `errors`."
    ConflictingParameters 400 "conflicting-parameters" "Query parameters exclude each other"
        "Two query parameters were given of which only one can count. An entry of `errors`."
    ConflictingFields 400 "conflicting-fields" "Fields exclude each other"
        "Two fields were given of which only one can count. An entry of `errors`."
    UnknownValue 400 "unknown-value" "A value is none of those possible"
        "The parameter or field has a fixed set of values, and this is none of them. An entry of `errors`."
    Unauthenticated 401 "unauthenticated" "It is not known who you are"
        "Bring a valid credential: a token as `Authorization: Bearer …`, or sign in to the page. One that was brought may have expired, or was revoked."
    Forbidden 403 "forbidden" "That is not allowed"
        "Nobody in your role may do that."
    OriginMismatch 403 "origin-mismatch" "The request comes from another site"
        "What changes something and is known by a cookie has to come from a page of this service: its `Origin` has to be this host. Programs bring a token instead."
    NotFound 404 "not-found" "Not found"
        "There is nothing here, or nothing that you may know of."
    MethodNotAllowed 405 "method-not-allowed" "The method is not allowed"
        "This path is there, but not for this method; the `Allow` header lists those it has."
    SlotTaken 409 "slot-taken" "The slot is taken"
        "Someone else has this slot, or a part of it. `alternatives` are the free starts nearest to it."
    SlotHeld 409 "slot-held" "The slot is held"
        "The slot, or a part of it, is held for somebody at the moment; it may be free again soon. `alternatives` are the free starts nearest to it."
    HoldExpired 409 "hold-expired" "The slot is no longer held"
        "The hold is not there, or not yours, or has expired, or has become a booking; or the doctor's hours have changed since, so that the slot cannot be had any more. Hold or book another slot."
    PatientBusy 409 "patient-busy" "The patient is busy"
        "The patient has another visit in that time, perhaps with another doctor."
    InvalidTransition 409 "invalid-transition" "The booking cannot go there"
        "From where the booking stands it cannot become what was wanted; `allowed` lists what it can become now."
    BookingsAffected 409 "bookings-affected" "Bookings would be affected"
        "The change would leave the `affectedBookings` and `affectedHolds` outside working hours, or in time off or a closure, so nothing was changed. Repeat it with `?affected=keep` to change all the same; the bookings then stay, marked as `outsideHours`, and the holds cannot become bookings any more."
    VersionOverlap 409 "version-overlap" "Two versions of the hours overlap"
        "The last night of one version of the working hours would reach into the first morning of the next. `versions` names both."
    RequestInProgress 409 "request-in-progress" "The request is being worked on"
        "A request with this `Idempotency-Key` is still being worked on. Repeat it after `Retry-After` seconds to have its answer."
    RequestTimeout 408 "request-timeout" "The body came too slowly"
        "The body was not there in time, so the request had no effect and the connection is closed. Send it again."
    PreconditionFailed 412 "precondition-failed" "It has changed in the meantime"
        "The `ETag` that `If-Match` names is no longer the current one. Look again, then decide again."
    PayloadTooLarge 413 "payload-too-large" "The body is too large"
        "A request body has at most 256 KiB."
    UriTooLong 414 "uri-too-long" "The URL is too long"
        "A URL has at most 8 KiB."
    UnsupportedMediaType 415 "unsupported-media-type" "The body is not JSON"
        "Request bodies are `application/json`, in UTF-8, and say so in `Content-Type`."
    TooManyRequests 429 "too-many-requests" "Too many requests"
        "This address, or this caller, has sent too many requests of late, and this one had no effect. Repeat it after `Retry-After` seconds."
    HeadersTooLarge 431 "headers-too-large" "The headers are too large"
        "The headers of a request have at most 16 KiB together."
    TooManyHolds 429 "too-many-holds" "Too many slots are held"
        "A caller can hold three slots at once. Give one back, book it, or wait until it expires."
    TooManyPlaces 429 "too-many-places" "The patient waits for too much"
        "A patient has twenty places in line at most. Take one out, or wait until what is wanted has been booked."
    OutsideWorkingHours 422 "outside-working-hours" "Outside working hours"
        "All of the visit has to lie in the doctor's working hours, without time off and closures. `alternatives` are the free starts nearest to it."
    OffGrid 422 "off-grid" "No slot starts then"
        "Visits start where slots start: one after the other from the beginning of an opening. `alternatives` are the free starts nearest to it."
    InPast 422 "in-past" "The start lies in the past"
        "Nobody can be booked for a time that has passed."
    NoticeTooShort 422 "notice-too-short" "It has to be booked earlier"
        "Visits of this type have to be booked longer before they start: `minNoticeMinutes` says how long. `alternatives` are the free starts nearest to it."
    BeyondHorizon 422 "beyond-horizon" "It cannot be booked yet"
        "Visits of this type cannot be booked so far ahead: `maxDaysAhead` says how many days, on the doctor's calendar. `alternatives` are the free starts nearest to it."
    DoctorInactive 422 "doctor-inactive" "The doctor takes no bookings"
        "The doctor is not active, so nobody can be booked with them."
    InvalidVisitType 422 "invalid-visit-type" "No visits of this type"
        "The doctor does not offer visits of this type, or nobody does any more, since it is retired. Of the `visitTypes` that a doctor offers, up to 200 can be named."
    InvalidName 422 "invalid-name" "A name is not possible"
        "The name of a person, a closure or a visit type has from 1 to 100 characters, not only white space, and no control characters."
    InvalidSpecialty 422 "invalid-specialty" "A specialty is not possible"
        "A specialty has from 1 to 100 characters, not only white space, and no control characters."
    InvalidEmail 422 "invalid-email" "An email address is not possible"
        "An email address looks like `name@example.org` and has at most 254 characters."
    InvalidPhone 422 "invalid-phone" "A telephone number is not possible"
        "A telephone number has at least 3 digits, with only `+ - ( ) . /` and spaces between them, and at most 40 characters."
    InvalidExternalId 422 "invalid-external-id" "An external id is not possible"
        "What another system calls the patient: from 1 to 100 characters, not only white space, and no control characters."
    InvalidReason 422 "invalid-reason" "A reason is not possible"
        "A reason has from 1 to 1,000 characters, not only white space; line breaks and tabs are the only control characters."
    InvalidId 422 "invalid-id" "An id is no UUID"
        "Ids are UUIDs, such as `01900000-0000-7000-8000-000000000001`."
    InvalidDate 422 "invalid-date" "A date does not exist"
        "Dates are written `YYYY-MM-DD`, exist in the calendar, and lie between 1900-01-01 and 2999-12-31."
    InvalidTime 422 "invalid-time" "A time of day does not exist"
        "Times are written `HH:MM`, from `00:00` to `23:59`; `24:00` may end a window."
    InvalidInstant 422 "invalid-instant" "An instant does not exist"
        "Instants are written as in RFC 3339, such as `2030-01-07T08:00:00-05:00`, and lie between the years 1900 and 2999."
    OffsetRequired 422 "offset-required" "The offset is missing"
        "A date and time without an offset from UTC could be any of two dozen instants: `2030-01-07T08:00:00-05:00` is one."
    EmptyWindow 422 "empty-window" "A window is empty"
        "A window must not end when it starts; a whole day is `00:00` to `24:00`. One that ends before it starts lasts over midnight."
    WindowsOverlap 422 "windows-overlap" "Windows overlap"
        "Windows of one week, or of one date, may touch, but not overlap, those over midnight included. Each entry of `errors` points at the later window."
    UnknownTimeZone 422 "unknown-time-zone" "The time zone is not known"
        "Zones have IANA names, such as `Europe/Berlin`."
    InvalidSlotMinutes 422 "invalid-slot-minutes" "A slot length is not possible"
        "A slot lasts from 5 to 480 minutes, and so does a visit. Slots begin from 5 to 480 minutes apart."
    InvalidBuffer 422 "invalid-buffer" "A buffer is not possible"
        "The buffer before a visit, and that after it, lasts from 0 to 480 minutes."
    InvalidNotice 422 "invalid-notice" "A notice is not possible"
        "Visits have to be booked from 0 to 525,600 minutes (a year) before they start; and not earlier than their horizon allows, or nobody could book them."
    InvalidHorizon 422 "invalid-horizon" "A horizon is not possible"
        "Visits can be booked from 0 to 3,650 days ahead; 0 is today only."
    InvalidCapacity 422 "invalid-capacity" "A capacity is not possible"
        "A doctor sees from 1 to 50 patients at the same time."
    InvalidOverride 422 "invalid-override" "An override is not possible"
        "An override names at least one rule, and each rule once."
    InvalidHold 422 "invalid-hold" "The hold is for another visit"
        "The hold is for another doctor, start or visit type than the booking."
    InvalidHoldTime 422 "invalid-hold-time" "A time to hold is not possible"
        "A slot is held from 30 to 900 seconds."
    InvalidCount 422 "invalid-count" "A number of visits is not possible"
        "A series has from 2 to 52 visits."
    InvalidExpiry 422 "invalid-expiry" "A token cannot expire then"
        "A token expires later than now."
    InvalidRole 422 "invalid-role" "The role does not fit"
        "A token of a doctor has a `doctorId`, that of a patient a `patientId`, and no other has either."
    InvalidUrl 422 "invalid-url" "A URL is not possible"
        "The URL of a webhook begins with `https://` or `http://`, has at most 2,000 characters, and neither a user nor a fragment."
    InvalidEvents 422 "invalid-events" "No such type of events"
        "A webhook is told of from 1 to 100 types of events, by their names, such as `booking.created`; or of all, with null. Each entry of `errors` points at a name that is none."
    InvalidLimit 422 "invalid-limit" "A limit is not possible"
        "A page has from 1 to 200 items."
    InvalidCursor 422 "invalid-cursor" "A cursor is not possible"
        "A cursor is the `nextCursor` of the same list, as it was given; events begin after one that there is."
    InvalidRange 422 "invalid-range" "A range ends before it begins"
        "`to` must not be before `from`, and `end` has to be later than `start`."
    RangeTooLong 422 "range-too-long" "A range is too long"
        "A range of dates has at most 92 days; of overrides, 366 are listed at once."
    IdempotencyKeyReused 422 "idempotency-key-reused" "The idempotency key stands for another request"
        "A request with this `Idempotency-Key` was answered already, and it asked for something else. Every request needs a key of its own; only a repetition has the same."
    InternalError 500 "internal-error" "Something went wrong here"
        "It is not your fault. Whoever runs the service finds more in the log, under the `requestId`."
    Unavailable 503 "unavailable" "Not available at the moment"
        "The store cannot answer at the moment, or the server has too much to do, and the request had no effect. Repeat it after `Retry-After` seconds."
}

impl Code {
    /// The code that is sent as this text.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// After how many seconds it is worth a new try; `None`: then as now, or as soon as something has changed.
    #[must_use]
    pub const fn retry_after(self) -> Option<u16> {
        match self {
            Self::Unavailable | Self::RequestInProgress | Self::TooManyRequests => Some(1),
            // The shortest hold lasts as long.
            Self::TooManyHolds | Self::TooManyPlaces => Some(30),
            _ => None,
        }
    }

    /// What fits an answer with this status that was not made here but in a layer below.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        const GENERAL: [Code; 8] = [
            Code::NotFound,
            Code::MethodNotAllowed,
            Code::RequestTimeout,
            Code::PreconditionFailed,
            Code::PayloadTooLarge,
            Code::UnsupportedMediaType,
            Code::Unavailable,
            Code::MalformedRequest,
        ];
        let fallback = if status.is_server_error() { Self::InternalError } else { Self::MalformedRequest };
        GENERAL.into_iter().find(|code| code.status() == status).unwrap_or(fallback)
    }
}
