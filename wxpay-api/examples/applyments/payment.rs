//! The first payment of a new merchant: ordered by the service provider, and paid only if WeChat Pay says so.

use rusqlite::{Connection, OptionalExtension, Row};
use wxpay_api::compare::ExpectedPayment;
use wxpay_api::v3::pay::types::{PartnerTransaction, TradeState};
use wxpay_api::{Outcome, Present};

use crate::provider::{Failure, Provider, is_absent};
use crate::records::{self, State};
use crate::store::stored_as_text;

/// The state of a payment. `Paid` and `Closed` are final.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PaymentState {
    /// WeChat Pay may know it or not, and perhaps it was paid already.
    Unpaid,
    /// WeChat Pay states the payment, and it is the expected one.
    Paid,
    /// Nobody can pay it any more.
    Closed,
}

stored_as_text!(PaymentState { Unpaid = "unpaid", Paid = "paid", Closed = "closed" });

/// A payment. Only its state ever changes.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) out_trade_no: String,
    sub_mchid: String,
    description: String,
    /// In fen.
    total: i64,
    pub(crate) state: PaymentState,
}

/// The merchant number of an application that is finished.
pub(crate) async fn merchant(provider: &Provider, business_code: &str) -> Result<String, Failure> {
    let code = business_code.to_owned();
    let record = provider.store.transaction(move |db| records::find(db, &code)).await?;
    let record = record.ok_or_else(|| Failure::NoSuchApplication(business_code.to_owned()))?;
    match (record.state, record.sub_mchid) {
        (State::Finished, Some(sub_mchid)) => Ok(sub_mchid),
        (state, _) => Err(Failure::NoMerchant {
            business_code: record.business_code,
            state: state.to_string(),
        }),
    }
}

/// Orders a payment, and returns the content of the QR code that the payer scans.
///
/// The number is the caller's, so after an error the same command sends the same payment again.
pub(crate) async fn order(
    provider: &Provider,
    business_code: &str,
    out_trade_no: &str,
    description: &str,
    total: i64,
) -> Result<String, Failure> {
    let payment = Payment {
        out_trade_no: out_trade_no.to_owned(),
        sub_mchid: merchant(provider, business_code).await?,
        description: description.to_owned(),
        total,
        state: PaymentState::Unpaid,
    };
    let payment = provider.store.transaction(move |db| hold(db, payment)).await?;
    let settings = &provider.settings;
    let native = provider.polite().await.v3().pay().partner().transactions().native();
    let ordered = native.post(|r| {
        r.sp_appid(&settings.sp_appid)
            .sp_mchid(provider.wx.id())
            .sub_mchid(&payment.sub_mchid)
            .description(&payment.description)
            .out_trade_no(&payment.out_trade_no)
            .amount(|a| a.total(payment.total))
            .notify_url(&settings.notify_url)
    });
    match ordered.await {
        Ok(ordered) => {
            Ok(ordered.code_url.present().ok_or(Failure::Missing("code_url"))?.to_owned())
        }
        Err(error) if matches!(error.outcome(), Outcome::Unknown | Outcome::Accepted) => {
            let what = format!("the order {out_trade_no}");
            Err(Failure::Unknown { what, source: Box::new(error) })
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks WeChat Pay for a payment, and records what it states.
pub(crate) async fn query(provider: &Provider, out_trade_no: &str) -> Result<Payment, Failure> {
    let number = out_trade_no.to_owned();
    let payment = provider.store.transaction(move |db| find(db, &number)).await?;
    let payment = payment.ok_or_else(|| {
        Failure::Contradiction(format!("payment {out_trade_no} was never ordered here"))
    })?;
    let orders = provider.polite().await.v3().pay().partner().transactions().out_trade_no();
    let found = orders
        .out_trade_no(out_trade_no)
        .get(|r| r.sp_mchid(provider.wx.id()).sub_mchid(&payment.sub_mchid));
    let found = match found.await {
        Ok(found) => found,
        // The order is still on its way, or never arrived. Nobody has paid it.
        Err(error) if is_absent(&error) => return Ok(payment),
        Err(error) => return Err(error.into()),
    };
    let sp_mchid = provider.wx.id().to_owned();
    let sp_appid = provider.settings.sp_appid.clone();
    provider
        .store
        .transaction(move |db| {
            let expected = ExpectedPayment::partner(
                sp_mchid,
                &payment.sub_mchid,
                &payment.out_trade_no,
                payment.total,
            );
            record(db, payment, &expected.sp_appid(sp_appid), &found)
        })
        .await
}

fn record(
    db: &Connection,
    mut payment: Payment,
    expected: &ExpectedPayment,
    found: &PartnerTransaction,
) -> Result<Payment, Failure> {
    let number = &payment.out_trade_no;
    let (state, transaction_id) = match found.trade_state {
        // A refund follows a payment.
        TradeState::Success | TradeState::Refund => {
            // The state is read here, and the numbers are compared there.
            let _ = expected.check(found)?;
            let id = found.transaction_id.present().ok_or(Failure::Missing("transaction_id"))?;
            (PaymentState::Paid, Some(id))
        }
        TradeState::Closed => (PaymentState::Closed, None),
        TradeState::NotPay => (PaymentState::Unpaid, None),
        ref other => {
            return Err(Failure::Contradiction(format!("payment {number} is in state {other}")));
        }
    };
    if payment.state != PaymentState::Unpaid && payment.state != state {
        let what = format!("payment {number} was {}, and is {state}", payment.state);
        return Err(Failure::Contradiction(what));
    }
    db.execute(
        "UPDATE payments SET state = ?2, transaction_id = ?3 WHERE out_trade_no = ?1",
        (number, state, transaction_id),
    )?;
    payment.state = state;
    Ok(payment)
}

/// Keeps a payment before it is ordered, or finds it if it is the same.
fn hold(db: &Connection, payment: Payment) -> Result<Payment, Failure> {
    if let Some(held) = find(db, &payment.out_trade_no)? {
        let is_same = held.sub_mchid == payment.sub_mchid
            && held.description == payment.description
            && held.total == payment.total;
        return if is_same { Ok(held) } else { Err(Failure::OtherPayment(payment.out_trade_no)) };
    }
    db.execute(
        "INSERT INTO payments (out_trade_no, sub_mchid, description, total, state)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            &payment.out_trade_no,
            &payment.sub_mchid,
            &payment.description,
            payment.total,
            payment.state,
        ),
    )?;
    Ok(payment)
}

fn find(db: &Connection, out_trade_no: &str) -> Result<Option<Payment>, Failure> {
    let payment = |row: &Row<'_>| {
        Ok(Payment {
            out_trade_no: row.get("out_trade_no")?,
            sub_mchid: row.get("sub_mchid")?,
            description: row.get("description")?,
            total: row.get("total")?,
            state: row.get("state")?,
        })
    };
    let select = "SELECT * FROM payments WHERE out_trade_no = ?1";
    Ok(db.query_row(select, [out_trade_no], payment).optional()?)
}
