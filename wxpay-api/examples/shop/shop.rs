//! The shop: the state that handlers share, its incidents, and why a request fails.

use std::error::Error;
use std::sync::Arc;

use axum::extract::FromRef;
use rusqlite::{Connection, ErrorCode};
use tokio::task::JoinError;
use wxpay_api::Client;
use wxpay_api::bills::ReadError;
use wxpay_api::compare::Mismatch;
use wxpay_api::invoke::InvokeError;

use crate::clock::Clock;
use crate::database::Database;
use crate::orders::OrderState;

/// The state of the server. Clones are cheap and the same shop.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) wx: Client,
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    pub(crate) settings: Arc<Settings>,
}

/// Settings that come from the merchant platform and the network.
pub(crate) struct Settings {
    /// The appid of the official account whose pages take the payments.
    pub(crate) appid: String,
    /// The public URL of the notification route.
    pub(crate) notify_url: String,
    /// The customer. A real shop takes it from the session of the user, who logged in through WeChat.
    pub(crate) openid: String,
}

/// The extractor of notifications finds its client here.
impl FromRef<Shop> for Client {
    fn from_ref(shop: &Shop) -> Self {
        shop.wx.clone()
    }
}

impl Shop {
    /// Keeps an error as an incident if a person has to look at it, and returns the result unchanged.
    ///
    /// The failed transaction was rolled back, so the incident needs another one.
    pub(crate) async fn reported<T>(
        &self,
        number: &str,
        result: Result<T, ShopError>,
    ) -> Result<T, ShopError> {
        if let Err(error) = &result
            && error.needs_a_person()
        {
            let (number, what) = (number.to_owned(), error.to_string());
            self.database.transaction(move |db| report(db, &number, &what)).await?;
        }
        result
    }
}

fn report(db: &Connection, number: &str, what: &str) -> Result<(), ShopError> {
    db.execute(
        "INSERT INTO incidents (number, what) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        [number, what],
    )?;
    Ok(())
}

/// Writes an error and its causes to the log. A real shop uses `tracing`.
pub(crate) fn log(error: &ShopError) {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    eprintln!("   [log] {text}");
}

/// Why a request fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShopError {
    #[error("the shop does not sell {0}")]
    NoSuchItem(String),
    #[error("there is no order {0}")]
    NoSuchOrder(String),
    #[error("there is no refund {0}")]
    NoSuchRefund(String),
    #[error("order {number} is {state}")]
    State { number: String, state: OrderState },
    #[error("a refund's number has 1 to 64 of the characters 0-9 A-Z a-z _ - | * @")]
    RefundNumber,
    #[error("refund {0} was requested before, for another order or amount")]
    OtherRefund(String),
    #[error("{left} fen of the order can be refunded, not {amount}")]
    Refundable { left: i64, amount: i64 },
    #[error("the shop's books and WeChat Pay contradict each other: {0}")]
    Contradiction(String),
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error("WeChat Pay's response has no {0}")]
    Missing(&'static str),
    #[error("the parameters of the page cannot be signed")]
    Invoke(#[from] InvokeError),
    #[error(transparent)]
    WeChatPay(#[from] wxpay_api::Error),
    #[error("the bill cannot be read; nothing was compared")]
    Bill(#[from] ReadError<wxpay_api::Error>),
    #[error("WeChat Pay has the bill of {0} from 10:00 of the next day on")]
    NoBillYet(String),
    #[error("the sandbox's clock cannot be read")]
    Clock(#[from] reqwest::Error),
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    #[error("a transaction did not end")]
    Stopped(#[from] JoinError),
}

impl ShopError {
    /// Whether money may be wrong, so that a person has to decide.
    fn needs_a_person(&self) -> bool {
        match self {
            Self::NoSuchOrder(_)
            | Self::NoSuchRefund(_)
            | Self::Contradiction(_)
            | Self::Mismatch(_)
            | Self::Missing(_) => true,
            // For example one payment for two orders.
            Self::Database(error) => {
                error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
            }
            _ => false,
        }
    }
}
