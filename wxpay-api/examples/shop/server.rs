//! The routes of the shop for its customers and for WeChat Pay, and how errors look.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use wxpay_api::Outcome;
use wxpay_api::invoke::JsapiPayment;

use crate::notifications::notified;
use crate::orders::{self, Order};
use crate::payment;
use crate::shop::{Shop, ShopError, log};

/// What the shop sells: item, description, price in fen. Prices never come from the page.
const CATALOGUE: [(&str, &str, i64); 2] = [("tea", "龙井茶 50g", 880), ("cup", "白瓷杯", 1500)];

/// The routes that everybody may use.
pub(crate) fn routes(shop: Shop) -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("pages/shop.html")) }))
        .route("/pages.css", get(|| async { file("text/css", include_str!("pages/pages.css")) }))
        .route("/pages.js", get(|| async { file(SCRIPT, include_str!("pages/pages.js")) }))
        .route("/orders", post(order))
        .route("/orders/{out_trade_no}", get(show))
        .route("/orders/{out_trade_no}/checkout", post(checkout))
        .route("/orders/{out_trade_no}/confirm", post(confirm))
        .route("/wechatpay/notify", post(notified))
        .with_state(shop)
}

const SCRIPT: &str = "text/javascript";

fn file(media_type: &'static str, content: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, media_type)], content)
}

/// The script that makes a sandbox's `WeixinJSBridge` outside WeChat. A real shop does not have the route.
pub(crate) fn bridge(sandbox: &str) -> Router {
    let script =
        format!("document.write('<script src=\"{sandbox}/_sandbox/bridge.js\"></script>')");
    let script = get(|| async move { ([(CONTENT_TYPE, SCRIPT)], script) });
    Router::new().route("/sandbox.js", script)
}

#[derive(Deserialize)]
struct NewOrder {
    item: String,
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

/// A state, as text.
#[derive(Serialize)]
pub(crate) struct StateView {
    state: String,
}

pub(crate) fn view(state: impl ToString) -> Json<StateView> {
    Json(StateView { state: state.to_string() })
}

async fn order(
    State(shop): State<Shop>,
    Json(new): Json<NewOrder>,
) -> Result<(StatusCode, Json<OrderView>), ShopError> {
    let item = CATALOGUE.iter().find(|(item, ..)| *item == new.item);
    let (_, description, total) = *item.ok_or(ShopError::NoSuchItem(new.item))?;
    let settings = Arc::clone(&shop.settings);
    let create = shop
        .database
        .transaction(move |db| orders::create(db, description, total, &settings.openid));
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

/// The status of an error, and the part of its text that a page may show. The log has all of it.
impl IntoResponse for ShopError {
    fn into_response(self) -> Response {
        let (status, text) = match &self {
            Self::NoSuchItem(_) | Self::NoSuchOrder(_) | Self::NoSuchRefund(_) => {
                (StatusCode::NOT_FOUND, self.to_string())
            }
            Self::RefundNumber => (StatusCode::BAD_REQUEST, self.to_string()),
            Self::State { .. }
            | Self::OtherRefund(_)
            | Self::Refundable { .. }
            | Self::NoBillYet(_) => (StatusCode::CONFLICT, self.to_string()),
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
