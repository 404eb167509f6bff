//! Many merchants in one process: a server that follows their configurations and their keys without a restart.
//!
//! ```sh
//! cargo run -p wxpay-examples --example merchants             # plays it on a sandbox, and checks every step
//! cargo run -p wxpay-examples --example merchants -- --help   # serves a folder of merchants
//! ```
//!
//! Each merchant is a folder with `merchant.json` and its keys. Write a folder, change or remove one: the server follows
//! within seconds, and at once at SIGHUP. A configuration replaces the old one when its keys have proved to work; a
//! broken one is refused, and the old one stays. Calls in flight keep their keys and finish.
//!
//! | File | Subject |
//! |---|---|
//! | `folder.rs` | the folder, and whether it changed |
//! | `merchants.rs` | the merchants that are served: loaded, tested, replaced, removed |
//! | `notifications.rs` | a URL for each merchant, and one for all |
//! | `orders.rs`, `schema.sql`, `database.rs` | orders, which prove that it works |
//! | `health.rs` | what an orchestrator and a person want to know |
//! | `server.rs`, `service.rs` | the routes, signals, the graceful end, what handlers share |
//! | `story.rs`, `harness.rs` | the story, what runs it: not part of the server |
//! | `tests` | what must not happen |

mod database;
mod folder;
mod harness;
mod health;
mod merchants;
mod notifications;
mod orders;
mod server;
mod service;
mod story;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use tokio::net::TcpListener;

use crate::database::Database;
use crate::merchants::Merchants;
use crate::server::{Hangups, asked_to_stop, serve};
use crate::service::{Service, Settings};

/// Serves many merchants.
#[derive(Debug, Parser)]
#[command(name = "merchants")]
struct Arguments {
    /// The folder with a folder for each merchant.
    #[arg(long)]
    folder: PathBuf,
    /// The file of the database.
    #[arg(long, default_value = "merchants.sqlite")]
    database: PathBuf,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: String,
    /// The URL at which WeChat Pay reaches this server, without a path: https://pay.example.com
    #[arg(long)]
    public_url: String,
    /// Sends requests to this URL instead of WeChat Pay: to a sandbox, or your own gateway.
    #[arg(long)]
    base_url: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args_os().len() == 1 {
        return story::play().await;
    }
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().init();
    let hangups = Hangups::new();
    let settings = Arc::new(Settings {
        folder: arguments.folder,
        public_url: arguments.public_url.trim_end_matches('/').to_owned(),
        base_url: arguments.base_url,
        look_every: Duration::from_secs(5),
        test_every: Duration::from_secs(60 * 60),
        grace: Duration::from_secs(40),
        certificate_pause: Duration::from_secs(60),
    });
    let merchants = Merchants::new(Arc::clone(&settings))?;
    // A folder that cannot be read ends the start. Later, the merchants stay as they are.
    let loaded = merchants.reload(true).await?;
    tracing::info!(loaded = loaded.loaded.len(), refused = ?loaded.refused, "starts");
    let database = Database::open(&arguments.database)?;
    let listener = TcpListener::bind(&arguments.address).await?;
    let service = Service { merchants, database, settings };
    Ok(serve(listener, service, hangups, asked_to_stop()).await?)
}
