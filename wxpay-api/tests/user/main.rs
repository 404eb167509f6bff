//! What a user's own code does with the crate, written the way a user would.

mod by_hand;
mod chain;
mod without_client;
