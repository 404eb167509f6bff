//! Orders of all merchants: kept before anything is sent, and paid only by the payment that they expect.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row};
use wxpay_api::compare::ExpectedPayment;
use wxpay_api::v3::pay::types::{TradeState, Transaction};
use wxpay_api::{Advice, Present};

use crate::merchants::Serving;
use crate::service::{Service, ServiceError};

/// The state of an order. `Paid` and `Closed` are final; refunds are not this program's subject.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum OrderState {
    /// WeChat Pay may know the order or not, and perhaps it is paid already.
    Unpaid,
    /// A verified message states the payment, and it is the one that the order expects.
    Paid,
    /// Nobody can pay it any more.
    Closed,
}

impl OrderState {
    /// The text in the database and in responses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::Closed => "closed",
        }
    }
}

impl ToSql for OrderState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for OrderState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let states = [Self::Unpaid, Self::Paid, Self::Closed];
        states.into_iter().find(|it| it.as_str() == text).ok_or(FromSqlError::InvalidType)
    }
}

/// An order of a merchant. Only its state and the payment ever change.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) mchid: String,
    pub(crate) out_trade_no: String,
    pub(crate) appid: String,
    pub(crate) description: String,
    /// In fen.
    pub(crate) total: i64,
    pub(crate) state: OrderState,
    pub(crate) transaction_id: Option<String>,
}

impl Order {
    /// An order that is new.
    pub(crate) fn new(
        merchant: &Serving,
        out_trade_no: String,
        description: String,
        total: i64,
    ) -> Self {
        let (mchid, appid) = (merchant.wx.id().to_owned(), merchant.appid.clone());
        let (state, transaction_id) = (OrderState::Unpaid, None);
        Self { mchid, out_trade_no, appid, description, total, state, transaction_id }
    }
}

/// Orders at WeChat Pay, and returns the content of the QR code that the customer scans.
///
/// The number is the caller's: after an error, the same request sends the same order again.
pub(crate) async fn order(
    service: &Service,
    merchant: &Serving,
    order: Order,
) -> Result<String, ServiceError> {
    if order.total < 1 {
        return Err(ServiceError::Total);
    }
    let order = service.database.transaction(move |db| hold(db, order)).await?;
    let notify_url =
        format!("{}/wechatpay/notify/{}", service.settings.public_url, merchant.wx.id());
    let native = merchant.wx.v3().pay().transactions().native();
    let ordered = native
        .post(|r| {
            r.appid(&order.appid)
                .mchid(&order.mchid)
                .description(&order.description)
                .out_trade_no(&order.out_trade_no)
                .amount(|a| a.total(order.total))
                .notify_url(notify_url)
        })
        .await?;
    Ok(ordered.code_url.present().ok_or(ServiceError::Missing("code_url"))?.to_owned())
}

/// Returns the state of an order. As long as it is unpaid, only WeChat Pay knows it.
pub(crate) async fn query(
    service: &Service,
    merchant: &Serving,
    out_trade_no: &str,
) -> Result<OrderState, ServiceError> {
    let order = find_for(service, merchant.wx.id(), out_trade_no).await?;
    if order.state != OrderState::Unpaid {
        return Ok(order.state);
    }
    let orders = merchant.wx.v3().pay().transactions().out_trade_no();
    match orders.out_trade_no(out_trade_no).get(|r| r.mchid(merchant.wx.id())).await {
        Ok(payment) => record(service, merchant.wx.id(), payment).await,
        // It is still on its way, or never arrived. Nobody has paid it.
        Err(error) if error.api().is_some_and(|api| api.advice() == Advice::Absent) => {
            Ok(OrderState::Unpaid)
        }
        Err(error) => Err(error.into()),
    }
}

/// Records the state of a merchant's order that a verified response or notification states.
///
/// The merchant is the one whose keys verified it. A payment counts only if merchant, app, number, total and currency
/// are those of the order.
pub(crate) async fn record(
    service: &Service,
    mchid: &str,
    payment: Transaction,
) -> Result<OrderState, ServiceError> {
    let mchid = mchid.to_owned();
    service
        .database
        .transaction(move |db| {
            let number = payment.out_trade_no.as_str();
            let order = find(db, &mchid, number)?.ok_or_else(|| ServiceError::NoSuchOrder {
                mchid: mchid.clone(),
                out_trade_no: number.to_owned(),
            })?;
            let (state, transaction_id) = match &payment.trade_state {
                // A refund follows a payment.
                TradeState::Success | TradeState::Refund => {
                    let expected = ExpectedPayment::direct(&mchid, number, order.total);
                    // The state is read here, and the numbers are compared there.
                    let _ = expected.appid(&order.appid).check(&payment)?;
                    let id = payment.transaction_id.present();
                    let id = id.ok_or(ServiceError::Missing("transaction_id"))?;
                    (OrderState::Paid, Some(id.to_owned()))
                }
                TradeState::Closed => (OrderState::Closed, None),
                // Nothing was paid. The message may be older than what is known by now.
                TradeState::NotPay | TradeState::PayError => return Ok(order.state),
                other => {
                    let what = format!("order {number} of {mchid} is in state {other}");
                    return Err(ServiceError::Contradiction(what));
                }
            };
            change(db, &order, state, transaction_id)
        })
        .await
}

/// Changes the state of an order, which it does once.
fn change(
    db: &Connection,
    order: &Order,
    state: OrderState,
    transaction_id: Option<String>,
) -> Result<OrderState, ServiceError> {
    let Order { mchid, out_trade_no, .. } = order;
    if order.state == state && order.transaction_id == transaction_id {
        return Ok(state);
    }
    if order.state != OrderState::Unpaid {
        let (held, state) = (order.state.as_str(), state.as_str());
        let what = format!("order {out_trade_no} of {mchid} is {held}, and now {state} again");
        return Err(ServiceError::Contradiction(what));
    }
    db.execute(
        "UPDATE orders SET state = ?3, transaction_id = ?4 WHERE mchid = ?1 AND out_trade_no = ?2",
        (mchid, out_trade_no, state, transaction_id),
    )?;
    Ok(state)
}

/// Keeps an order before it is sent, or finds it if it is the same.
fn hold(db: &Connection, order: Order) -> Result<Order, ServiceError> {
    let Some(held) = find(db, &order.mchid, &order.out_trade_no)? else {
        db.execute(
            "INSERT INTO orders (mchid, out_trade_no, appid, description, total, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                &order.mchid,
                &order.out_trade_no,
                &order.appid,
                &order.description,
                order.total,
                order.state,
            ),
        )?;
        return Ok(order);
    };
    if held.description != order.description || held.total != order.total {
        return Err(ServiceError::OtherOrder(order.out_trade_no));
    }
    match held.state {
        OrderState::Unpaid => Ok(held),
        state => Err(ServiceError::State {
            out_trade_no: held.out_trade_no,
            state: state.as_str().to_owned(),
        }),
    }
}

async fn find_for(
    service: &Service,
    mchid: &str,
    out_trade_no: &str,
) -> Result<Order, ServiceError> {
    let (mchid, out_trade_no) = (mchid.to_owned(), out_trade_no.to_owned());
    let find = move |db: &Connection| {
        let found = find(db, &mchid, &out_trade_no)?;
        found.ok_or(ServiceError::NoSuchOrder { mchid, out_trade_no })
    };
    service.database.transaction(find).await
}

fn find(db: &Connection, mchid: &str, out_trade_no: &str) -> Result<Option<Order>, ServiceError> {
    let order = |row: &Row<'_>| {
        Ok(Order {
            mchid: row.get("mchid")?,
            out_trade_no: row.get("out_trade_no")?,
            appid: row.get("appid")?,
            description: row.get("description")?,
            total: row.get("total")?,
            state: row.get("state")?,
            transaction_id: row.get("transaction_id")?,
        })
    };
    let select = "SELECT * FROM orders WHERE mchid = ?1 AND out_trade_no = ?2";
    Ok(db.query_row(select, (mchid, out_trade_no), order).optional()?)
}
