//! The back office: the books as a page, and what a clerk may do. A real shop puts it behind its own login.

use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};

use crate::orders::OrderState;
use crate::payment;
use crate::reconciliation::{Finding, reconcile};
use crate::refunds::{self, RefundRequest, RefundState};
use crate::reports::{self, StoredReport};
use crate::server::{StateView, view};
use crate::shop::{Shop, ShopError};

/// How many lines of each kind the page shows.
const LINES: u32 = 50;

/// The routes of the back office.
pub(crate) fn routes(shop: Shop) -> Router {
    Router::new()
        .route("/office", get(|| async { Html(include_str!("pages/office.html")) }))
        .route("/office/books", get(books))
        .route("/office/orders/{out_trade_no}/close", post(close))
        .route("/office/orders/{out_trade_no}/refunds/{out_refund_no}", put(refund))
        .route("/office/reconciliations/{day}", post(reconciliation))
        .with_state(shop)
}

/// The newest lines of the books.
#[derive(Serialize)]
struct Books {
    orders: Vec<OrderLine>,
    refunds: Vec<RefundLine>,
    reconciliations: Vec<StoredReport>,
    incidents: Vec<Incident>,
}

#[derive(Serialize)]
struct OrderLine {
    out_trade_no: String,
    description: String,
    total: i64,
    state: String,
    shipped: bool,
}

#[derive(Serialize)]
struct RefundLine {
    out_refund_no: String,
    out_trade_no: String,
    amount: i64,
    state: String,
}

#[derive(Serialize)]
struct Incident {
    number: String,
    what: String,
}

async fn books(State(shop): State<Shop>) -> Result<Json<Books>, ShopError> {
    Ok(Json(shop.database.transaction(read_books).await?))
}

fn read_books(db: &Connection) -> Result<Books, ShopError> {
    Ok(Books {
        orders: lines(
            db,
            "SELECT orders.*, shipments.out_trade_no IS NOT NULL AS shipped
             FROM orders LEFT JOIN shipments USING (out_trade_no)
             ORDER BY created_at DESC, orders.rowid DESC",
            |row| {
                Ok(OrderLine {
                    out_trade_no: row.get("out_trade_no")?,
                    description: row.get("description")?,
                    total: row.get("total")?,
                    state: row.get::<_, OrderState>("state")?.to_string(),
                    shipped: row.get("shipped")?,
                })
            },
        )?,
        refunds: lines(
            db,
            "SELECT * FROM refunds ORDER BY requested_at DESC, rowid DESC",
            |row| {
                Ok(RefundLine {
                    out_refund_no: row.get("out_refund_no")?,
                    out_trade_no: row.get("out_trade_no")?,
                    amount: row.get("amount")?,
                    state: row.get::<_, RefundState>("state")?.to_string(),
                })
            },
        )?,
        reconciliations: reports::latest(db, LINES)?,
        incidents: lines(db, "SELECT * FROM incidents ORDER BY seen_at DESC, rowid DESC", |row| {
            Ok(Incident { number: row.get("number")?, what: row.get("what")? })
        })?,
    })
}

fn lines<T>(
    db: &Connection,
    select: &str,
    line: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, ShopError> {
    let mut select = db.prepare(&format!("{select} LIMIT {LINES}"))?;
    let lines = select.query_map([], line)?;
    Ok(lines.collect::<Result<_, _>>()?)
}

async fn close(
    State(shop): State<Shop>,
    Path(number): Path<String>,
) -> Result<Json<StateView>, ShopError> {
    Ok(view(payment::close_unpaid(&shop, &number).await?))
}

#[derive(Deserialize)]
struct Amount {
    amount: i64,
}

/// `PUT`: the number of the return is in the URL, so a second click asks for the same refund.
async fn refund(
    State(shop): State<Shop>,
    Path((out_trade_no, out_refund_no)): Path<(String, String)>,
    Json(Amount { amount }): Json<Amount>,
) -> Result<Json<StateView>, ShopError> {
    let request = RefundRequest { out_trade_no, out_refund_no, amount };
    Ok(view(refunds::refund(&shop, request).await?))
}

#[derive(Serialize)]
struct ReportView {
    rows: usize,
    findings: Vec<String>,
}

/// Compares a day once more, for example after a difference was mended. The first time, a timer does it.
async fn reconciliation(
    State(shop): State<Shop>,
    Path(day): Path<String>,
) -> Result<Json<ReportView>, ShopError> {
    let report = reconcile(&shop, &day).await?;
    let findings = report.findings.iter().map(Finding::to_string).collect();
    Ok(Json(ReportView { rows: report.rows, findings }))
}
