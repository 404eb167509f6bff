//! Refunds: stored under the shop's own number before anything is sent, so that no retry can refund twice.

use rusqlite::{Connection, OptionalExtension, Row};
use wxpay_api::Present;
use wxpay_api::compare::{ComparableRefund, ExpectedRefund};
use wxpay_api::v3::refund::types::{Refund, RefundResult, RefundStatus};

use crate::database::stored_as_text;
use crate::orders::{self, Order, OrderState};
use crate::payment::is_absent;
use crate::shop::{Shop, ShopError};

/// The state of a refund. `Succeeded` and `Closed` are final.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RefundState {
    /// The shop has stored it. WeChat Pay may have it or not.
    Requested,
    /// WeChat Pay has accepted it; the money is on its way.
    Processing,
    /// The customer has the money.
    Succeeded,
    /// The money left the merchant and cannot reach the customer. The merchant platform lets a person send it elsewhere.
    Abnormal,
    /// It failed, and no money moved. A new refund needs a new number.
    Closed,
}

stored_as_text!(RefundState {
    Requested = "requested",
    Processing = "processing",
    Succeeded = "succeeded",
    Abnormal = "abnormal",
    Closed = "closed",
});

/// The refund that the shop requests. The numbers and the amount never change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RefundRequest {
    pub(crate) out_trade_no: String,
    /// The number of the return in the shop's own system. Every attempt has the same number.
    pub(crate) out_refund_no: String,
    /// In fen.
    pub(crate) amount: i64,
}

/// Refunds, or continues a refund that was requested before. It may be called again at any time.
pub(crate) async fn refund(shop: &Shop, request: RefundRequest) -> Result<RefundState, ShopError> {
    let number = request.out_refund_no.clone();
    let stored = {
        let request = request.clone();
        shop.database.transaction(move |db| store(db, &request)).await?
    };
    if stored.state != RefundState::Requested {
        return Ok(stored.state);
    }
    // An earlier request may have been executed: query before anything else.
    if !stored.is_new
        && let Some(state) = query(shop, &number).await?
    {
        return Ok(state);
    }
    let refunds = shop.wx.v3().refund().domestic().refunds();
    let sent = refunds
        .post(|r| {
            r.out_trade_no(&request.out_trade_no)
                .out_refund_no(&number)
                .amount(|a| a.refund(request.amount).total(stored.order_total).currency("CNY"))
                .notify_url(&shop.settings.notify_url)
        })
        .await;
    match sent {
        Ok(refund) => record(shop, &number, refund).await,
        // A query knows more than any error. A refund that WeChat Pay does not know stays `Requested`, and its amount
        // stays reserved. When the cause is mended, the next attempt sends the same number.
        Err(error) => match query(shop, &number).await {
            Ok(Some(state)) => Ok(state),
            Ok(None) | Err(ShopError::WeChatPay(_)) => Err(error.into()),
            Err(incident) => Err(incident),
        },
    }
}

/// Asks WeChat Pay for the refund, and records the response. Returns `None` if WeChat Pay does not know the number.
pub(crate) async fn query(
    shop: &Shop,
    out_refund_no: &str,
) -> Result<Option<RefundState>, ShopError> {
    match shop.wx.v3().refund().domestic().refunds().out_refund_no(out_refund_no).get().await {
        Ok(refund) => record(shop, out_refund_no, refund).await.map(Some),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The members that both a response and a notification have.
pub(crate) struct RefundNews {
    status: RefundStatus,
    refund_id: String,
    create_time: Option<String>,
}

impl From<&Refund> for RefundNews {
    fn from(refund: &Refund) -> Self {
        Self {
            status: refund.status.clone(),
            refund_id: refund.refund_id.clone(),
            create_time: refund.create_time.present().map(str::to_owned),
        }
    }
}

/// A notification has no `create_time`.
impl From<&RefundResult> for RefundNews {
    fn from(result: &RefundResult) -> Self {
        let (status, refund_id) = (result.refund_status.clone(), result.refund_id.clone());
        Self { status, refund_id, create_time: None }
    }
}

/// Records the state in a verified response or notification, if it is the refund that the shop requested.
pub(crate) async fn record<R>(
    shop: &Shop,
    out_refund_no: &str,
    refund: R,
) -> Result<RefundState, ShopError>
where
    R: ComparableRefund + Send + 'static,
    for<'a> RefundNews: From<&'a R>,
{
    let (mchid, number) = (shop.wx.id().to_owned(), out_refund_no.to_owned());
    let recorded = shop.database.transaction(move |db| {
        let stored = find(db, &number)?.ok_or_else(|| ShopError::NoSuchRefund(number.clone()))?;
        // Not only success is recorded: `change` reads the state itself.
        let _ = stored.expected(&mchid, &number).check(&refund)?;
        change(db, &stored, &number, &RefundNews::from(&refund))
    });
    shop.reported(out_refund_no, recorded.await).await
}

/// Changes the state to the one that WeChat Pay states.
///
/// Responses and notifications overtake each other: older news changes nothing, and two different ends are an incident.
fn change(
    db: &Connection,
    stored: &StoredRefund,
    number: &str,
    news: &RefundNews,
) -> Result<RefundState, ShopError> {
    use RefundState::{Abnormal, Closed, Processing, Requested, Succeeded};
    let stated = match &news.status {
        RefundStatus::Processing => Processing,
        RefundStatus::Success => Succeeded,
        RefundStatus::Abnormal => Abnormal,
        RefundStatus::Closed => Closed,
        other => {
            let what = format!("refund {number} is in state {other}");
            return Err(ShopError::Contradiction(what));
        }
    };
    let next = match (stored.state, stated) {
        (Requested, stated) => stated,
        (Processing | Abnormal, Succeeded | Abnormal | Closed) => stated,
        (Succeeded, Closed) | (Closed, Succeeded) => {
            let what = format!("refund {number} is {}, then {stated}", stored.state);
            return Err(ShopError::Contradiction(what));
        }
        (now, _) => now,
    };
    let refund_id = news.refund_id.present().ok_or(ShopError::Missing("refund_id"))?;
    if stored.refund_id.as_deref().is_some_and(|stored| stored != refund_id) {
        let what = format!("refund {number} has two numbers at WeChat Pay");
        return Err(ShopError::Contradiction(what));
    }
    db.execute(
        "UPDATE refunds SET state = ?2, refund_id = ?3, create_time = coalesce(create_time, ?4)
         WHERE out_refund_no = ?1",
        (number, next, refund_id, &news.create_time),
    )?;
    Ok(next)
}

/// A refund in the database, with the total of its order.
struct StoredRefund {
    out_trade_no: String,
    amount: i64,
    state: RefundState,
    refund_id: Option<String>,
    order_total: i64,
    is_new: bool,
}

impl StoredRefund {
    fn expected(&self, mchid: &str, number: &str) -> ExpectedRefund {
        ExpectedRefund::direct(mchid, &self.out_trade_no, number, self.amount, self.order_total)
    }
}

/// Stores a refund before it is sent, or finds the one that was stored under this number.
fn store(db: &Connection, request: &RefundRequest) -> Result<StoredRefund, ShopError> {
    let RefundRequest { out_trade_no, out_refund_no, amount } = request;
    if let Some(stored) = find(db, out_refund_no)? {
        return match stored.out_trade_no == *out_trade_no && stored.amount == *amount {
            true => Ok(stored),
            false => Err(ShopError::OtherRefund(out_refund_no.clone())),
        };
    }
    // A number that WeChat Pay refuses would reserve the amount for ever.
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-|*@".contains(c);
    if !(1..=64).contains(&out_refund_no.len()) || !out_refund_no.chars().all(allowed) {
        return Err(ShopError::RefundNumber);
    }
    let order = orders::find(db, out_trade_no)?.must_be(OrderState::Paid)?;
    let left = order.total - reserved(db, &order)?;
    if *amount < 1 || *amount > left {
        return Err(ShopError::Refundable { left, amount: *amount });
    }
    let state = RefundState::Requested;
    db.execute(
        "INSERT INTO refunds (out_refund_no, out_trade_no, amount, state) VALUES (?1, ?2, ?3, ?4)",
        (out_refund_no, out_trade_no, amount, state),
    )?;
    Ok(StoredRefund {
        out_trade_no: order.out_trade_no,
        amount: *amount,
        state,
        refund_id: None,
        order_total: order.total,
        is_new: true,
    })
}

/// The sum of an order's refunds in fen, without those that failed.
fn reserved(db: &Connection, order: &Order) -> Result<i64, ShopError> {
    let sum =
        "SELECT coalesce(sum(amount), 0) FROM refunds WHERE out_trade_no = ?1 AND state <> ?2";
    Ok(db.query_row(sum, (&order.out_trade_no, RefundState::Closed), |row| row.get(0))?)
}

fn find(db: &Connection, out_refund_no: &str) -> Result<Option<StoredRefund>, ShopError> {
    let select = "SELECT refunds.*, orders.total FROM refunds JOIN orders USING (out_trade_no)
                  WHERE out_refund_no = ?1";
    let stored = |row: &Row<'_>| {
        Ok(StoredRefund {
            out_trade_no: row.get("out_trade_no")?,
            amount: row.get("amount")?,
            state: row.get("state")?,
            refund_id: row.get("refund_id")?,
            order_total: row.get("total")?,
            is_new: false,
        })
    };
    Ok(db.query_row(select, [out_refund_no], stored).optional()?)
}
