//! Webhooks: enter, find, list, amend, remove, and telling them of events.

mod add_webhook;
mod amend_webhook;
mod deliver_events;
mod find_webhook;
mod list_set_aside;
mod list_webhooks;
mod remove_webhook;

pub use add_webhook::{AddWebhook, NewWebhook};
pub use amend_webhook::{AmendWebhook, ChangeWebhookError};
pub use deliver_events::DeliverEvents;
pub use find_webhook::FindWebhook;
pub use list_set_aside::ListSetAside;
pub use list_webhooks::ListWebhooks;
pub use remove_webhook::RemoveWebhook;
