//! The routes of the shop: for the page, for the back office, and for WeChat Pay.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use wxpay_api::Outcome;
use wxpay_api::invoke::JsapiPayment;

use crate::notifications::notified;
use crate::orders::{self, Order};
use crate::payment;
use crate::reconciliation::{Finding, reconcile};
use crate::refunds::{self, RefundRequest};
use crate::shop::{Shop, ShopError, log};

/// What the shop sells: item, description, price in fen. Prices never come from the page.
const CATALOGUE: [(&str, &str, i64); 2] = [("tea", "龙井茶 50g", 880), ("cup", "白瓷杯", 1500)];

/// All routes. Those below `/office` must be behind the shop's own login.
pub(crate) fn routes(shop: Shop) -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("page.html")) }))
        .route("/orders", post(order))
        .route("/orders/{out_trade_no}", get(show))
        .route("/orders/{out_trade_no}/checkout", post(checkout))
        .route("/orders/{out_trade_no}/confirm", post(confirm))
        .route("/office/orders/{out_trade_no}/close", post(close))
        .route("/office/orders/{out_trade_no}/refunds/{out_refund_no}", put(refund))
        .route("/office/reconciliations/{day}", post(reconciliation))
        .route("/wechatpay/notify", post(notified))
        .with_state(shop)
}

#[derive(Deserialize)]
struct NewOrder {
    item: String,
    /// A real shop takes it from the session of the user, who logged in through WeChat.
    openid: String,
}

/// An order as the page sees it.
#[derive(Serialize)]
struct OrderView {
    out_trade_no: String,
    description: String,
    total: i64,
    state: String,
}

impl From<Order> for OrderView {
    fn from(order: Order) -> Self {
        let Order { out_trade_no, description, total, state, .. } = order;
        Self { out_trade_no, description, total, state: state.to_string() }
    }
}

#[derive(Serialize)]
struct StateView {
    state: String,
}

fn view(state: impl ToString) -> Json<StateView> {
    Json(StateView { state: state.to_string() })
}

async fn order(
    State(shop): State<Shop>,
    Json(new): Json<NewOrder>,
) -> Result<(StatusCode, Json<OrderView>), ShopError> {
    let item = CATALOGUE.iter().find(|(item, ..)| *item == new.item);
    let (_, description, total) = *item.ok_or(ShopError::NoSuchItem(new.item))?;
    let create =
        shop.database.transaction(move |db| orders::create(db, description, total, &new.openid));
    Ok((StatusCode::CREATED, Json(create.await?.into())))
}

async fn show(
    State(shop): State<Shop>,
    Path(number): Path<String>,
) -> Result<Json<OrderView>, ShopError> {
    Ok(Json(payment::stored(&shop, &number).await?.into()))
}

async fn checkout(
    State(shop): State<Shop>,
    Path(number): Path<String>,
) -> Result<Json<JsapiPayment>, ShopError> {
    Ok(Json(payment::checkout(&shop, &number).await?))
}

/// The page reports that the user is back. That proves nothing, so the shop queries WeChat Pay.
async fn confirm(
    State(shop): State<Shop>,
    Path(number): Path<String>,
) -> Result<Json<StateView>, ShopError> {
    let order = payment::stored(&shop, &number).await?;
    Ok(view(payment::query(&shop, &number).await?.unwrap_or(order.state)))
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

/// In a real shop, a timer calls `reconcile` after 10:00 and sends the findings to a person.
async fn reconciliation(
    State(shop): State<Shop>,
    Path(day): Path<String>,
) -> Result<Json<ReportView>, ShopError> {
    let report = reconcile(&shop, &day).await?;
    let findings = report.findings.iter().map(Finding::to_string).collect();
    Ok(Json(ReportView { rows: report.rows, findings }))
}

/// The status of an error, and the part of its text that a page may show. The log has all of it.
impl IntoResponse for ShopError {
    fn into_response(self) -> Response {
        let (status, text) = match &self {
            Self::NoSuchItem(_) | Self::NoSuchOrder(_) | Self::NoSuchRefund(_) => {
                (StatusCode::NOT_FOUND, self.to_string())
            }
            Self::RefundNumber => (StatusCode::BAD_REQUEST, self.to_string()),
            Self::State { .. } | Self::OtherRefund(_) | Self::Refundable { .. } => {
                (StatusCode::CONFLICT, self.to_string())
            }
            Self::WeChatPay(error) => {
                log(&self);
                match error.outcome() {
                    Outcome::Refused => {
                        (StatusCode::BAD_GATEWAY, "WeChat Pay refused it".to_owned())
                    }
                    _ => (
                        StatusCode::GATEWAY_TIMEOUT,
                        "WeChat Pay did not respond; try again with the same number".to_owned(),
                    ),
                }
            }
            _ => {
                log(&self);
                (StatusCode::INTERNAL_SERVER_ERROR, "the shop cannot do it now".to_owned())
            }
        };
        (status, Json(serde_json::json!({ "error": text }))).into_response()
    }
}
