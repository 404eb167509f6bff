//! Orders in the database: their states, and the only ways from one to another.

use rusqlite::{Connection, OptionalExtension, Row};
use wxpay_api::compare::ExpectedPayment;

use crate::database::stored_as_text;
use crate::shop::{Shop, ShopError};

/// How long a prepay may be on its way, in seconds. The client gives up after 30.
const PREPAY_UNDER_WAY: i64 = 120;

/// The state of an order: `Unpaid` becomes `Paid` or `Closed`, and both are final. Refunds have their own states.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum OrderState {
    /// The shop knows of no payment. WeChat Pay may know the number or not, and the payment may have been made already.
    Unpaid,
    /// A verified message states the payment, and it is the one that the order expects.
    Paid,
    /// The customer can no longer pay it.
    Closed,
}

stored_as_text!(OrderState { Unpaid = "unpaid", Paid = "paid", Closed = "closed" });

/// An order. The number, the total and the openid never change.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) out_trade_no: String,
    pub(crate) description: String,
    /// In fen.
    pub(crate) total: i64,
    pub(crate) openid: String,
    pub(crate) state: OrderState,
    transaction_id: Option<String>,
}

impl Order {
    /// The payment that pays this order.
    pub(crate) fn expected_payment(&self, shop: &Shop) -> ExpectedPayment {
        ExpectedPayment::direct(shop.wx.id(), &self.out_trade_no, self.total)
            .appid(&shop.settings.appid)
    }

    /// Returns the order if it has this state.
    pub(crate) fn must_be(self, state: OrderState) -> Result<Self, ShopError> {
        if self.state == state {
            return Ok(self);
        }
        Err(ShopError::State { number: self.out_trade_no, state: self.state })
    }

    fn contradiction<T>(&self, found: &str) -> Result<T, ShopError> {
        let Self { out_trade_no, state, .. } = self;
        Err(ShopError::Contradiction(format!("order {out_trade_no} is {state}, but {found}")))
    }
}

/// Creates an order under a new number: the Beijing day and 64 random bits, so it cannot be guessed.
pub(crate) fn create(
    db: &Connection,
    description: &str,
    total: i64,
    openid: &str,
) -> Result<Order, ShopError> {
    let order = db.query_row(
        "INSERT INTO orders (out_trade_no, description, total, openid, state)
         VALUES (strftime('%Y%m%d', 'now', '+8 hours') || lower(hex(randomblob(8))), ?1, ?2, ?3, ?4)
         RETURNING *",
        (description, total, openid, OrderState::Unpaid),
        order,
    )?;
    Ok(order)
}

/// Finds an order.
pub(crate) fn find(db: &Connection, out_trade_no: &str) -> Result<Order, ShopError> {
    let select = "SELECT * FROM orders WHERE out_trade_no = ?1";
    let found = db.query_row(select, [out_trade_no], order).optional()?;
    found.ok_or_else(|| ShopError::NoSuchOrder(out_trade_no.to_owned()))
}

/// Returns an unpaid order, and keeps that a prepay is about to be sent for it.
pub(crate) fn begin_prepay(db: &Connection, out_trade_no: &str) -> Result<Order, ShopError> {
    let order = find(db, out_trade_no)?.must_be(OrderState::Unpaid)?;
    db.execute(
        "UPDATE orders SET prepaid_at = unixepoch() WHERE out_trade_no = ?1",
        [out_trade_no],
    )?;
    Ok(order)
}

/// The numbers of orders that have been unpaid for this long.
pub(crate) fn unpaid_since(db: &Connection, seconds: u64) -> Result<Vec<String>, ShopError> {
    let mut select = db.prepare(
        "SELECT out_trade_no FROM orders WHERE state = ?1 AND created_at <= unixepoch() - ?2
         ORDER BY created_at",
    )?;
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let numbers = select.query_map((OrderState::Unpaid, seconds), |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// Marks an order as paid, and lets the warehouse ship it: both or neither, and once.
///
/// The payment must have been compared with the order.
pub(crate) fn mark_paid(
    db: &Connection,
    order: &Order,
    transaction_id: &str,
    success_time: &str,
) -> Result<OrderState, ShopError> {
    match order.state {
        OrderState::Unpaid => {
            db.execute(
                "UPDATE orders SET state = ?2, transaction_id = ?3, success_time = ?4
                 WHERE out_trade_no = ?1",
                (&order.out_trade_no, OrderState::Paid, transaction_id, success_time),
            )?;
            db.execute("INSERT INTO shipments (out_trade_no) VALUES (?1)", [&order.out_trade_no])?;
            Ok(OrderState::Paid)
        }
        // The notification came again, or a query was faster.
        OrderState::Paid if order.transaction_id.as_deref() == Some(transaction_id) => {
            Ok(OrderState::Paid)
        }
        // Paid twice, or paid although it was closed: the money has to go back.
        OrderState::Paid | OrderState::Closed => {
            order.contradiction(&format!("payment {transaction_id} was made"))
        }
    }
}

/// Marks an order as closed: the customer can no longer pay it.
pub(crate) fn mark_closed(db: &Connection, order: &Order) -> Result<OrderState, ShopError> {
    match order.state {
        OrderState::Unpaid => {
            db.execute(
                "UPDATE orders SET state = ?2 WHERE out_trade_no = ?1",
                (&order.out_trade_no, OrderState::Closed),
            )?;
            Ok(OrderState::Closed)
        }
        OrderState::Closed => Ok(OrderState::Closed),
        OrderState::Paid => order.contradiction("WeChat Pay has closed it"),
    }
}

/// Closes an order that WeChat Pay does not know, unless a prepay may still be on its way there.
pub(crate) fn close_absent(db: &Connection, out_trade_no: &str) -> Result<OrderState, ShopError> {
    let under_way = db.query_row(
        "SELECT coalesce(prepaid_at > unixepoch() - ?2, FALSE) FROM orders WHERE out_trade_no = ?1",
        (out_trade_no, PREPAY_UNDER_WAY),
        |row| row.get(0),
    );
    let order = find(db, out_trade_no)?;
    if under_way? { Ok(order.state) } else { mark_closed(db, &order) }
}

/// Accepts that an order was refunded at least in part, which only a paid order can be.
pub(crate) fn expect_refunded(order: &Order) -> Result<OrderState, ShopError> {
    match order.state {
        OrderState::Paid => Ok(OrderState::Paid),
        OrderState::Unpaid | OrderState::Closed => order.contradiction("it was paid and refunded"),
    }
}

fn order(row: &Row<'_>) -> rusqlite::Result<Order> {
    Ok(Order {
        out_trade_no: row.get("out_trade_no")?,
        description: row.get("description")?,
        total: row.get("total")?,
        openid: row.get("openid")?,
        state: row.get("state")?,
        transaction_id: row.get("transaction_id")?,
    })
}
