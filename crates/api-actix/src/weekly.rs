//! The windows of a week, as JSON has them.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate, Weekday};
use doctor_booking_domain::{InvalidWindow, Weekly, Window, WindowsOverlap};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::code::Code;
use crate::schema;
use crate::values::Fault;
use crate::violations::{Read, Violations};

/// One stretch of working time on the clock on the wall; one that ends before it starts lasts over midnight.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Window)]
pub(crate) struct WindowDto {
    /// When it starts.
    #[schema(value_type = schema::StartTime)]
    start: String,
    /// When it ends.
    #[schema(value_type = schema::EndTime)]
    end: String,
}

macro_rules! week {
    ($($field:ident $day:ident)+) => {
        /// The windows of a week, by the day on which they start; a day left out is not worked.
        #[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(as = Weekly, examples(json!({
            "monday": [{"start": "08:00", "end": "11:00"}, {"start": "13:00", "end": "16:00"}]
        })))]
        pub(crate) struct WeeklyDto {
            $(
                #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
                #[schema(value_type = Vec<WindowDto>, required = false)]
                $field: Option<Vec<WindowDto>>,
            )+
        }

        impl WeeklyDto {
            fn days(&self) -> impl Iterator<Item = (Weekday, &[WindowDto])> {
                [$((Weekday::$day, self.$field.as_deref())),+]
                    .into_iter()
                    .filter_map(|(day, windows)| Some((day, windows?)))
            }
        }

        impl From<&Weekly> for WeeklyDto {
            fn from(week: &Weekly) -> Self {
                Self { $($field: shown(week.on(Weekday::$day))),+ }
            }
        }

        /// What a day is called.
        pub(crate) fn day_name(day: Weekday) -> &'static str {
            match day { $(Weekday::$day => stringify!($field),)+ }
        }
    };
}

week! { monday Mon tuesday Tue wednesday Wed thursday Thu friday Fri saturday Sat sunday Sun }

fn shown(windows: &[Window]) -> Option<Vec<WindowDto>> {
    Some(windows).filter(|windows| !windows.is_empty()).map(window_views)
}

/// Windows, shown.
pub(crate) fn window_views(windows: &[Window]) -> Vec<WindowDto> {
    let shown = |window: &Window| WindowDto { start: window.start().to_string(), end: window.end().to_string() };
    windows.iter().map(shown).collect()
}

/// A field that may be absent, but not null.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Days with their windows.
pub(crate) type Days = Vec<(Weekday, Vec<Window>)>;

impl WeeklyDto {
    /// The whole week: days left out are not worked.
    pub(crate) fn whole(&self, pointer: &str, violations: &mut Violations) -> Read<Weekly> {
        let days = self.given(pointer, violations)?;
        Weekly::new(days.into_iter().flat_map(|(day, windows)| windows.into_iter().map(move |window| (day, window))))
            .ok()
    }

    /// The days that were given. Windows that overlap among them are violations already.
    pub(crate) fn given(&self, pointer: &str, violations: &mut Violations) -> Read<Days> {
        read_days(self.days(), |day| format!("{pointer}/{}", day_name(day)), violations)
    }

    /// Whether a day was given.
    pub(crate) fn has(&self, wanted: Weekday) -> bool {
        self.days().any(|(day, _)| day == wanted)
    }

    /// Where a window stands among those given.
    pub(crate) fn position(&self, wanted: Weekday, window: Window) -> Option<usize> {
        let (start, end) = (window.start().to_string(), window.end().to_string());
        let (_, windows) = self.days().find(|(day, _)| *day == wanted)?;
        windows.iter().position(|given| given.start == start && given.end == end)
    }
}

/// The windows of one date, in order. Those that overlap are violations already.
pub(crate) fn read_date(
    date: NaiveDate,
    windows: &[WindowDto],
    pointer: &str,
    violations: &mut Violations,
) -> Read<Vec<Window>> {
    let days = read_days([(date.weekday(), windows)].into_iter(), |_| pointer.to_owned(), violations)?;
    let mut windows: Vec<_> = days.into_iter().flat_map(|(_, windows)| windows).collect();
    windows.sort_unstable();
    Some(windows)
}

/// The windows of days, which stand where `place` says.
fn read_days<'a>(
    given: impl Iterator<Item = (Weekday, &'a [WindowDto])>,
    place: impl Fn(Weekday) -> String,
    violations: &mut Violations,
) -> Read<Days> {
    let mut days = Vec::new();
    let mut places: HashMap<(Weekday, Window), Vec<usize>> = HashMap::new();
    let mut all_read = true;
    for (day, windows) in given {
        let mut read = Vec::new();
        for (index, window) in windows.iter().enumerate() {
            match window.read(&format!("{}/{index}", place(day)), violations) {
                Some(window) => {
                    places.entry((day, window)).or_default().push(index);
                    read.push(window);
                }
                None => all_read = false,
            }
        }
        days.push((day, read));
    }
    let windows: Vec<_> = days.iter().flat_map(|(day, read)| read.iter().map(|window| (*day, *window))).collect();
    let overlaps = Weekly::overlaps(&windows);
    for (day, index, detail) in overlapping(&overlaps, &places) {
        violations.add(format!("{}/{index}", place(day)), Code::WindowsOverlap, detail);
    }
    (all_read && overlaps.is_empty()).then_some(days)
}

/// Where the later window of every overlap stands, each place once, and what it overlaps.
fn overlapping(
    overlaps: &[WindowsOverlap],
    places: &HashMap<(Weekday, Window), Vec<usize>>,
) -> Vec<(Weekday, usize, String)> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for overlap in overlaps {
        let WindowsOverlap { earlier_day, earlier, later_day, later } = *overlap;
        // Of windows that are the same, the first one given is the earlier.
        let itself = usize::from((earlier_day, earlier) == (later_day, later));
        for &index in places.get(&(later_day, later)).into_iter().flatten().skip(itself) {
            if seen.insert((later_day.num_days_from_monday(), index)) {
                found.push((later_day, index, overlap_detail(overlap)));
            }
        }
    }
    found.sort_unstable_by_key(|&(day, index, _)| (day.num_days_from_monday(), index));
    found
}

/// Which two windows overlap, in words.
pub(crate) fn overlap_detail(overlap: &WindowsOverlap) -> String {
    let WindowsOverlap { earlier_day, earlier, later_day, later } = overlap;
    let words = |day: &Weekday, window: &Window| format!("{} {}–{}", day_name(*day), window.start(), window.end());
    format!("{} starts before {} has ended", words(later_day, later), words(earlier_day, earlier))
}

impl WindowDto {
    fn read(&self, pointer: &str, violations: &mut Violations) -> Read<Window> {
        let mut time = |field: &str, text: &str| {
            let time = text.parse().map_err(|error: doctor_booking_domain::InvalidTimeOfDay| {
                Fault::new(Code::InvalidTime, error.to_string())
            });
            violations.check(format!("{pointer}/{field}"), time)
        };
        let (start, end) = (time("start", &self.start), time("end", &self.end));
        let window = Window::new(start?, end?);
        let (code, place) = match window {
            Ok(window) => return Some(window),
            Err(InvalidWindow::Empty) => (Code::EmptyWindow, pointer.to_owned()),
            Err(InvalidWindow::StartsAtEndOfDay | InvalidWindow::Time(_)) => {
                (Code::InvalidTime, format!("{pointer}/start"))
            }
        };
        violations.check(place, window.map_err(|error| Fault::new(code, error.to_string())))
    }
}
