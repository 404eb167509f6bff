//! The shop as a server. The environment names the merchant, who is at WeChat Pay or in the sandbox `wxpay sandbox`.
//!
//! | Variable | Content |
//! |---|---|
//! | `WXPAY_MCHID` and others | the merchant and the keys, as `wxpay_api::Config` reads them |
//! | `WXPAY_APPID` | the appid of the official account |
//! | `WXPAY_OPENID` | the customer; a real shop has a login |
//! | `WXPAY_SANDBOX_URL` | the URL of a sandbox. Without it, WeChat Pay itself takes the payments |
//! | `SHOP_ADDRESS` | where the shop listens, `127.0.0.1:3000` if absent |
//! | `SHOP_URL` | the public https URL, to which WeChat Pay sends notifications. A sandbox needs none |
//! | `SHOP_DATABASE` | the file of the database, `shop.sqlite` if absent |
//!
//! `env.sh` in the folder of a sandbox sets those that begin with `WXPAY_`.

use std::env;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use wxpay_api::Config;

use crate::clock::Clock;
use crate::database::Database;
use crate::office;
use crate::play::harness::{self, NOTIFY, Result};
use crate::server;
use crate::shop::{Settings, Shop};
use crate::timers;

/// Serves the shop until the process ends: with the merchant of the environment, or with a sandbox of its own.
pub(crate) async fn serve() -> Result<()> {
    let address = variable("SHOP_ADDRESS").unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    match Config::from_env()? {
        Some(config) => serve_merchant(&config, &address).await,
        None => harness::serve(&address).await,
    }
}

async fn serve_merchant(config: &Config, address: &str) -> Result<()> {
    let sandbox = variable("WXPAY_SANDBOX_URL");
    let mut client = config.client_builder()?;
    if let Some(url) = &sandbox {
        client = client.base_url(url);
    }
    let clock = match &sandbox {
        Some(url) => Clock::sandbox(url)?,
        None => Clock::System,
    };
    let file = variable("SHOP_DATABASE").unwrap_or_else(|| "shop.sqlite".to_owned());
    let listener = TcpListener::bind(address).await?;
    let here = format!("http://{}", listener.local_addr()?);
    let public = match (variable("SHOP_URL"), &sandbox) {
        (Some(url), _) => url.trim_end_matches('/').to_owned(),
        (None, Some(_)) => here.clone(),
        (None, None) => return Err(missing("SHOP_URL")),
    };
    let settings = Settings {
        appid: variable("WXPAY_APPID").ok_or_else(|| missing("WXPAY_APPID"))?,
        notify_url: format!("{public}{NOTIFY}"),
        openid: variable("WXPAY_OPENID").ok_or_else(|| missing("WXPAY_OPENID"))?,
    };
    let database = Database::open(Path::new(&file))?;
    let shop = Shop { wx: client.build()?, database, clock, settings: Arc::new(settings) };

    let mut routes = server::routes(shop.clone());
    match &sandbox {
        Some(url) => {
            routes = routes.merge(office::routes(shop.clone())).merge(server::bridge(url));
            println!("The shop is at {here}, its office at {here}/office.");
            println!("WeChat Pay is the sandbox at {url}, so no money moves.");
        }
        // The office has no login. Whoever reached it could refund.
        None => {
            println!(
                "The shop is at {here}. Real money moves. The office is not served: it needs a login."
            );
        }
    }
    tokio::spawn(timers::run(shop));
    Ok(axum::serve(listener, routes).await?)
}

/// A variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn missing(name: &str) -> Box<dyn std::error::Error> {
    format!("{name} is not set; the table in serve.rs says what it is").into()
}
