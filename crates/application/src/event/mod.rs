//! Events: what has happened, told to whoever follows.

mod follow_events;

pub use follow_events::FollowEvents;
