//! A small shop, from the order to the reconciliation: axum in front, SQLite behind, a sandbox in place of WeChat Pay.
//!
//! ```sh
//! cargo run -p wxpay-examples --example shop             # plays two days of the shop, and checks every step
//! cargo run -p wxpay-examples --example shop -- serve    # serves the shop at http://127.0.0.1:8080 until Ctrl-C
//! ```
//!
//! | File | Subject |
//! |---|---|
//! | `schema.sql` | the tables: unique numbers, states, shipments, incidents |
//! | `database.rs` | SQLite, used through transactions only |
//! | `orders.rs` | the states of an order, and the only ways between them |
//! | `payment.rs` | prepay, the page's parameters, query by the own number, close |
//! | `notifications.rs` | the notification route: verified, compared, stored, acknowledged |
//! | `refunds.rs` | refunds that no retry makes twice |
//! | `reconciliation.rs` | the trade bill of a day against the books |
//! | `shop.rs`, `server.rs`, `page.html` | what handlers share, the routes, the page |
//! | `story.rs`, `harness.rs`, `wechat_pay.rs` | the two days, what runs them, WeChat Pay's side: not part of the shop |
//! | `tests` | what must not happen with money |

mod database;
mod harness;
mod notifications;
mod orders;
mod payment;
mod reconciliation;
mod refunds;
mod server;
mod shop;
mod story;
#[cfg(test)]
mod tests;
mod wechat_pay;

use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        None => story::play().await,
        Some("serve") => harness::serve("127.0.0.1:8080").await,
        Some(other) => Err(format!("unknown argument `{other}`: the only one is `serve`").into()),
    }
}
