//! Plays the life of an order on a sandbox of its own, and tells it.

mod merchant;
mod story;

use std::time::Duration;

use clap::Args;
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;
use wxpay_api::Present;
use wxpay_api::sandbox::Sandbox;

use crate::language::Language;
use crate::output::{Failure, Output};
use merchant::{Merchant, ORDER, PRICE, REFUND, REFUNDED, Record};
use story::{Chapter, Story, yuan};

/// Plays the life of an order: order, payment, notification, query, refund, bill.
///
/// WeChat Pay is a sandbox on this machine, started for the moment. It verifies and signs everything, as WeChat Pay does.
/// Nothing is configured, no money moves, and nothing stays.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  wxpay demo\n  wxpay demo --language zh")]
pub(crate) struct DemoArguments {
    /// The language of the story. Without it, the environment decides (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    language: Option<Language>,
}

/// The bill of a day is there from 10:00 Beijing time of the next day.
const UNTIL_THE_BILL: Duration = Duration::from_secs(34 * 60 * 60);

pub(crate) async fn run(arguments: DemoArguments, output: &mut Output) -> Result<(), Failure> {
    let language = arguments.language.unwrap_or_else(Language::of_environment);
    let sandbox = Sandbox::start().await?;
    let (merchant, mut records) = Merchant::open(sandbox.client()?).await?;
    let mut story = Story::begin(output, language, sandbox.url())?;

    pay(&sandbox, &merchant, &mut records, &mut story).await?;
    refund(&sandbox, &merchant, &mut records, &mut story).await?;
    read_bill(&sandbox, &merchant, &mut story).await?;

    sandbox.notifications_settled().await;
    story.end()
}

/// The order, its payment, the notification of it, and a query.
async fn pay(
    sandbox: &Sandbox,
    merchant: &Merchant,
    records: &mut UnboundedReceiver<Record>,
    story: &mut Story<'_>,
) -> Result<(), Failure> {
    let prepay_id = merchant.order().await?;
    story.tell(
        Chapter::Order,
        json!({ "out_trade_no": ORDER, "total": PRICE, "prepay_id": prepay_id }),
        &[("out_trade_no", ORDER), ("amount.total", &yuan(PRICE)), ("prepay_id", &prepay_id)],
    )?;

    let payment = merchant.sign_for_page(&prepay_id)?;
    sandbox.open_payment(&payment)?.pay()?;
    let page = serde_json::to_value(&payment)?;
    story.tell(
        Chapter::Pay,
        json!({ "parameters": page }),
        &[("package", &payment.package), ("paySign", &story::shortened(&payment.pay_sign))],
    )?;

    let record = next(records).await?;
    story.tell_notification(Chapter::PaymentNotified, &record)?;

    let paid = merchant.query().await?;
    let id = paid.transaction_id.as_str();
    story.tell(
        Chapter::Query,
        json!({ "trade_state": paid.trade_state.as_str(), "transaction_id": id }),
        &[("trade_state", paid.trade_state.as_str()), ("transaction_id", id)],
    )
}

/// The refund of a part, and the notification of it.
async fn refund(
    sandbox: &Sandbox,
    merchant: &Merchant,
    records: &mut UnboundedReceiver<Record>,
    story: &mut Story<'_>,
) -> Result<(), Failure> {
    let refund = merchant.refund().await?;
    story.tell(
        Chapter::Refund,
        json!({ "out_refund_no": REFUND, "refund": REFUNDED, "status": refund.status.as_str() }),
        &[
            ("out_refund_no", REFUND),
            ("amount.refund", &yuan(REFUNDED)),
            ("status", refund.status.as_str()),
        ],
    )?;

    sandbox.resource("refund/refund", REFUND)?.event("succeed")?;
    let record = next(records).await?;
    story.tell_notification(Chapter::RefundNotified, &record)
}

/// The bill of the day, which is there on the next day.
async fn read_bill(
    sandbox: &Sandbox,
    merchant: &Merchant,
    story: &mut Story<'_>,
) -> Result<(), Failure> {
    let paid = merchant.query().await?;
    let day = paid.success_time.present().and_then(|time| time.get(..10));
    let day = day.ok_or_else(|| Failure::new("the payment has no `success_time`"))?;
    sandbox.advance(UNTIL_THE_BILL);
    let rows = merchant.bill(day).await?;
    let listed: Vec<_> = rows.iter().map(merchant::BillRow::listed).collect();
    story.tell(
        Chapter::Bill,
        json!({ "bill_date": day, "rows": listed }),
        &[("bill_date", day)],
    )?;
    rows.iter().try_for_each(|row| story.line(&row.shown()))
}

async fn next(records: &mut UnboundedReceiver<Record>) -> Result<Record, Failure> {
    records.recv().await.ok_or_else(|| Failure::new("no notification came"))
}
