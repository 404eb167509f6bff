//! The two SDKs for Rust: ours and wxpay-rs.

use wxpay_api::{Client, Merchant};
use wxpay_rs::error::WxPayResult;
use wxpay_rs::http::client::HttpResponse;
use wxpay_rs::http::{HttpClient, ReqwestHttpClient};
use wxpay_rs::{WxPayClient, WxPayConfig};

use crate::Failure;
use crate::keys::{Keys, MERCHANT, PUBLIC_KEY_ID, SERIAL};
use crate::subject::{ORDER, Subject};

/// The host that wxpay-rs cannot replace.
const HOST: &str = "https://api.mch.weixin.qq.com";

pub(crate) struct Ours(Client);

impl Ours {
    pub(crate) fn new(keys: &Keys, url: &str) -> Result<Self, Failure> {
        let merchant = Merchant::from_private_key(MERCHANT, SERIAL, keys.merchant_key()?)?;
        let client = Client::builder(merchant)
            .wechatpay_public_key(PUBLIC_KEY_ID, keys.wechatpay_public_key()?)
            .base_url(url)
            .build()?;
        Ok(Self(client))
    }
}

impl Subject for Ours {
    async fn call(&self) -> Result<(), Failure> {
        let order = self.0.v3().pay().transactions().out_trade_no().out_trade_no(ORDER);
        let found = order.get(|r| r.mchid(MERCHANT)).await?;
        check(&found.trade_state.to_string())
    }
}

pub(crate) struct WxpayRs(WxPayClient);

impl WxpayRs {
    pub(crate) async fn new(keys: &Keys, url: &str) -> Result<Self, Failure> {
        let config = WxPayConfig::builder()
            .app_id("wxd678efh567hg6787")
            .merchant_id(MERCHANT)
            .api_v3_key("0123456789abcdef0123456789abcdef")
            .private_key(keys.merchant_key()?.into_bytes())
            .cert_serial_number(SERIAL)
            .platform_public_key(PUBLIC_KEY_ID, keys.wechatpay_public_key()?.into_bytes())
            .build()?;
        let http = Redirected { http: ReqwestHttpClient::builder().build()?, url: url.to_owned() };
        Ok(Self(WxPayClient::builder().config(config).http_client(http).build().await?))
    }
}

impl Subject for WxpayRs {
    async fn call(&self) -> Result<(), Failure> {
        let found = self.0.query_order_by_out_trade_no(ORDER).await?;
        check(&format!("{:?}", found.trade_state))
    }
}

fn check(state: &str) -> Result<(), Failure> {
    match state.to_ascii_uppercase().contains("SUCCESS") {
        true => Ok(()),
        false => Err(format!("the order is {state}").into()),
    }
}

/// The HTTP client of wxpay-rs, led to the fixed server.
struct Redirected {
    http: ReqwestHttpClient,
    url: String,
}

type Headers = Vec<(String, String)>;

impl Redirected {
    fn url(&self, url: &str) -> String {
        format!("{}{}", self.url, url.strip_prefix(HOST).unwrap_or(url))
    }
}

#[async_trait::async_trait]
impl HttpClient for Redirected {
    async fn get(&self, url: &str, headers: Headers) -> WxPayResult<HttpResponse> {
        self.http.get(&self.url(url), headers).await
    }

    async fn post(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.http.post(&self.url(url), headers, body).await
    }

    async fn put(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.http.put(&self.url(url), headers, body).await
    }

    async fn delete(&self, url: &str, headers: Headers) -> WxPayResult<HttpResponse> {
        self.http.delete(&self.url(url), headers).await
    }

    async fn patch(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.http.patch(&self.url(url), headers, body).await
    }
}
