//! Some days of the server, played over real sockets. Each step is printed and checked.

use std::fs;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::Value;
use wxpay_api::sandbox::{Account, KeyMode, SandboxNotification, SignatureFault};

use crate::harness::{Harness, Result, check, config, with_certificates};
use crate::server::Hangups;

/// Plays the story.
pub(crate) async fn play() -> Result<()> {
    // The folder is followed when the story says so.
    let mut harness = Harness::open(Duration::from_secs(3600), Hangups::none()).await?;
    let tea: Account = (*harness.sandbox).clone();
    let books = a_merchant_comes(&harness, &tea).await?;
    a_certificate_is_rotated(&harness, &books).await?;
    a_broken_configuration_is_refused(&harness, &tea).await?;
    forgeries_are_refused(&harness, &tea, &books).await?;
    a_merchant_goes(&harness, &tea, &books).await?;
    println!("\n6. The server starts again");
    harness.restart().await?;
    is_paid(&harness, &tea, "order-5").await?;
    harness.stop().await?;
    harness.sandbox.finish()?;
    println!("\nEvery step held.");
    Ok(())
}

async fn a_merchant_comes(harness: &Harness, tea: &Account) -> Result<Account> {
    println!("1. A second merchant comes");
    is_paid(harness, tea, "order-1").await?;
    let books = harness.account("1900000200", KeyMode::Certificates)?;
    let early = harness.order(&books, "order-1").await?;
    show(format!("before it is configured: {}", early.text("error")));
    check("an unknown merchant", early.status, StatusCode::NOT_FOUND)?;
    harness.write(&books, &with_certificates(&books))?;
    show(format!("{:?}", harness.service.merchants.reload(false).await?));
    is_paid(harness, &books, "order-1").await?;
    show("both merchants have an order-1, and each is paid");
    Ok(books)
}

async fn a_certificate_is_rotated(harness: &Harness, books: &Account) -> Result<()> {
    println!("\n2. WeChat Pay signs with a new certificate");
    let serial = books.rotate_platform_certificate(Duration::ZERO)?;
    is_paid(harness, books, "order-2").await?;
    let (_, _, health) = harness.ready(books).await?;
    show(format!("the keys: {}", health.get("keys").unwrap_or(&Value::Null)));
    check("the new certificate is known", health.to_string().contains(&serial), true)
}

async fn a_broken_configuration_is_refused(harness: &Harness, tea: &Account) -> Result<()> {
    println!("\n3. A broken configuration is refused");
    fs::write(harness.path(tea, "merchant.json"), "{ \"appid\": ")?;
    show(format!("{:?}", harness.service.merchants.reload(false).await?));
    let (code, status, health) = harness.ready(tea).await?;
    show(format!("{status}: {}", health.get("problem").unwrap_or(&Value::Null)));
    check("the status", (code, status.as_str()) == (StatusCode::OK, "degraded"), true)?;
    is_paid(harness, tea, "order-3").await?;
    show("the old one still serves");
    harness.write(tea, &config(tea))?;
    show(format!("{:?}", harness.service.merchants.reload(false).await?));
    check("the status", harness.ready(tea).await?.1, "ready")
}

async fn forgeries_are_refused(harness: &Harness, tea: &Account, books: &Account) -> Result<()> {
    println!("\n4. Somebody forges a notification, another one comes to the wrong URL");
    let forged = SandboxNotification::example("pay/transaction").fault(SignatureFault::OtherBody);
    let to_tea = format!("/{}", tea.merchant().id());
    let refused = harness.notify(tea, &to_tea, forged).await?;
    check("the forgery", refused, 401)?;
    let strange = SandboxNotification::example("pay/transaction");
    let refused = harness.notify(books, &to_tea, strange).await?;
    check("another merchant's", refused, 401)?;
    show("both are refused");
    Ok(())
}

async fn a_merchant_goes(harness: &Harness, tea: &Account, books: &Account) -> Result<()> {
    println!("\n5. A merchant goes");
    harness.remove(books)?;
    show(format!("{:?}", harness.service.merchants.reload(false).await?));
    let late = harness.order(books, "order-3").await?;
    check("the removed merchant", late.status, StatusCode::NOT_FOUND)?;
    is_paid(harness, tea, "order-4").await
}

/// A customer orders and pays, and the notification is recorded.
async fn is_paid(harness: &Harness, account: &Account, number: &str) -> Result<()> {
    let ordered = harness.order(account, number).await?;
    check("the order", ordered.status, StatusCode::OK)?;
    harness.sandbox.open_payment(ordered.text("code_url"))?.pay()?;
    harness.sandbox.notifications_settled().await;
    check("the order", harness.stored(account, number).await?, "paid")
}

fn show(line: impl std::fmt::Display) {
    println!("   {line}");
}
