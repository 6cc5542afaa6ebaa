//! Windows as columns: minutes after midnight on the clock on the wall.

use doctor_booking_domain::{TimeOfDay, Window};

use super::Senseless;

/// How a time of day is written.
pub(super) fn minutes(time: TimeOfDay) -> i16 {
    i16::try_from(time.minutes()).expect("at most 1440")
}

/// The window between two times as they are written.
pub(super) fn window(start: i16, end: i16) -> Result<Window, Senseless> {
    let time = |minute: i16| -> Result<TimeOfDay, Senseless> { Ok(TimeOfDay::from_minutes(minute.try_into()?)?) };
    Ok(Window::new(time(start)?, time(end)?)?)
}
