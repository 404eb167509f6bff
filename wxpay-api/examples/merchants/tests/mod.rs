//! What must not happen: a call that a reload costs, a merchant without keys, a notification for the wrong one.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod ending;
mod keys;
mod notifications;
mod reloads;

use std::fs;
use std::time::Duration;

use clap::{CommandFactory, Parser};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use wxpay_api::sandbox::{Account, SandboxNotification};

use crate::Arguments;
use crate::harness::{APPID, Harness};
use crate::merchants::Reload;
use crate::server::Hangups;
use crate::story::play;

const NATIVE: &str = "/v3/pay/transactions/native";

#[test]
fn the_arguments_are_well_formed() {
    Arguments::command().debug_assert();
    Arguments::try_parse_from([
        "merchants",
        "--folder",
        "a",
        "--public-url",
        "https://pay.example.com",
    ])
    .unwrap();
}

#[tokio::test]
async fn the_story_holds() {
    play().await.unwrap();
}

/// What only tests need.
impl Harness {
    /// A server that follows its folder only when the test says so.
    pub(super) async fn quiet() -> Self {
        Self::open(Duration::from_secs(3600), Hangups::none()).await.unwrap()
    }

    /// The account of the first merchant.
    pub(super) fn first(&self) -> Account {
        (*self.sandbox).clone()
    }

    /// Follows the folder now.
    pub(super) async fn reload(&self) -> Reload {
        self.service.merchants.reload(false).await.unwrap()
    }

    /// Follows the folder now, which loads this merchant and changes nothing else.
    pub(super) async fn assert_loads(&self, account: &Account) {
        let loaded = vec![account.merchant().id().to_owned()];
        let reload = self.reload().await;
        let health = self.health(account).await;
        assert_eq!(reload, Reload { loaded, ..Reload::default() }, "{health}");
    }

    /// Overwrites a file of a merchant.
    pub(super) fn overwrite(&self, account: &Account, name: &str, content: &str) {
        fs::write(self.path(account, name), content).unwrap();
    }

    /// What the page of readiness says of a merchant.
    pub(super) async fn health(&self, account: &Account) -> Value {
        self.ready(account).await.unwrap().2
    }

    /// The user pays an order with the content of its QR code.
    pub(super) fn pay(&self, code_url: &str) {
        self.sandbox.open_payment(code_url).unwrap().pay().unwrap();
    }

    /// An order that is paid, notified and recorded.
    pub(super) async fn assert_served(&self, account: &Account, number: &str) {
        let ordered = self.order(account, number).await.unwrap();
        assert_eq!(ordered.status, 200, "{}", ordered.value);
        self.pay(ordered.text("code_url"));
        self.sandbox.notifications_settled().await;
        assert_eq!(self.stored(account, number).await.unwrap(), "paid");
    }

    /// What the server responds when an order is queried.
    pub(super) async fn show(&self, account: &Account, number: &str) -> (u16, String) {
        let path = format!("/merchants/{}/orders/{number}", account.merchant().id());
        let shown = self.call("GET", &path, None).await.unwrap();
        (shown.status.as_u16(), shown.text("state").to_owned())
    }
}

/// A notification that an order of a merchant is paid.
pub(super) fn payment(account: &Account, number: &str, total: i64) -> SandboxNotification {
    SandboxNotification::example("pay/transaction").with(json!({
        "appid": APPID,
        "mchid": account.merchant().id(),
        "out_trade_no": number,
        "transaction_id": format!("4200{}{number}", account.merchant().id()),
        "success_time": "2026-11-30T12:00:00+08:00",
        "payer": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
        "amount": { "total": total, "payer_total": total },
    }))
}

/// The URL of a merchant, as far as [`Harness::notify`] needs it.
pub(super) fn to(account: &Account) -> String {
    format!("/{}", account.merchant().id())
}

/// Waits until something is so. It must become so, however slow the machine is.
pub(super) async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let waits = async {
        while !is_so().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), waits).await.unwrap();
}
