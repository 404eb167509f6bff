//! A small shop, from the order to the reconciliation: axum in front, SQLite behind, a sandbox in place of WeChat Pay.
//!
//! ```sh
//! cargo run -p wxpay-examples --example shop             # plays two days of the shop, and checks every step
//! cargo run -p wxpay-examples --example shop -- serve    # serves the shop at http://127.0.0.1:3000 until Ctrl-C
//! ```
//!
//! Alone, `serve` starts a sandbox of its own. With the variables of a sandbox that `wxpay sandbox` runs, the shop is its
//! merchant: orders, keys and the books survive restarts, and the sandbox's page shows each request. From the root of the
//! repository, in two terminals:
//!
//! ```sh
//! cargo run -p wxpay-cli -- sandbox --dir ./sandbox
//! ```
//!
//! ```sh
//! cargo build -p wxpay-examples --example shop           # first, as cargo itself would use the proxy of env.sh
//! (. ./sandbox/env.sh && target/debug/examples/shop serve)
//! ```
//!
//! Nothing but `serve.rs`, the script of the page and the clock know that it is a sandbox. `serve.rs` has all variables,
//! those of a real merchant, too.
//!
//! | File | Subject |
//! |---|---|
//! | `schema.sql` | the tables: unique numbers, states, shipments, incidents, results of reconciliations |
//! | `database.rs` | SQLite, used through transactions only |
//! | `orders.rs` | the states of an order, and the only ways between them |
//! | `payment.rs` | prepay, the page's parameters, query by the own number, close |
//! | `notifications.rs` | the notification route: verified, compared, stored, acknowledged |
//! | `refunds.rs` | refunds that no retry makes twice |
//! | `reconciliation.rs` | the trade bill of a day against the books |
//! | `reports.rs`, `timers.rs`, `clock.rs` | each day once, in the morning, also after a failure or a restart |
//! | `shop.rs`, `server.rs`, `office.rs`, `pages` | what handlers share, the routes, the back office, the pages |
//! | `serve.rs` | the settings, and the server |
//! | `play` | the two days, what runs them, WeChat Pay's side: not part of the shop |
//! | `tests` | what must not happen with money |

mod clock;
mod database;
mod notifications;
mod office;
mod orders;
mod payment;
mod play;
mod reconciliation;
mod refunds;
mod reports;
mod serve;
mod server;
mod shop;
#[cfg(test)]
mod tests;
mod timers;

use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        None => play::play().await,
        Some("serve") => serve::serve().await,
        Some(other) => Err(format!("unknown argument `{other}`: the only one is `serve`").into()),
    }
}
