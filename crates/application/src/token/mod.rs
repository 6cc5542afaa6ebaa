//! Tokens: make, find, list, revoke; sign in with one; and by which a caller is recognised.

mod create_token;
mod find_token;
mod first_token;
mod list_tokens;
mod recognise;
mod revoke_token;
mod secret;
mod session;

pub use create_token::{CreateToken, CreateTokenError, CreatedToken, NewToken};
pub use find_token::FindToken;
pub use first_token::MakeFirstToken;
pub use list_tokens::ListTokens;
pub use recognise::{Credential, MOST_REFUSALS_A_MINUTE, Recognise, RecogniseError, Recognised};
pub use revoke_token::RevokeToken;
pub use secret::{TokenSecret, digest};
pub use session::{EndSession, SESSION_LASTS, StartSession, StartSessionError};
