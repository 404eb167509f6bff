//! Responses as the sandbox fills them by the examples of the documentation.

use tokio::runtime::Builder;
use wxpay_api::sandbox::Sandbox;

use crate::Failure;

/// The bodies of responses.
pub(crate) struct Bodies {
    pub(crate) prepay: Vec<u8>,
    pub(crate) transaction: Vec<u8>,
    pub(crate) complaint: Vec<u8>,
    pub(crate) coupons: Vec<u8>,
}

impl Bodies {
    /// Calls each operation once.
    pub(crate) fn fetch() -> Result<Self, Failure> {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(fetch())
    }
}

async fn fetch() -> Result<Bodies, Failure> {
    let sandbox = Sandbox::builder().examples().start().await?;
    let wx = sandbox.client()?;
    let transactions = wx.v3().pay().transactions();
    let order = transactions.jsapi().post(|r| {
        r.appid("wxd678efh567hg6787")
            .mchid("1230000109")
            .description("QQ公仔")
            .out_trade_no("order-1")
            .amount(|a| a.total(888))
            .notify_url("https://shop.example/paid")
            .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
    });
    let query = transactions.out_trade_no().out_trade_no("order-1").get(|r| r.mchid("1230000109"));
    let complaint =
        wx.v3().merchant_service().complaints_v2().complaint_id("200201820200101").get();
    let brand = sandbox.add_brand("120344")?.client()?;
    let users = brand.brand().marketing().product_coupon().users();
    let coupons = users.openid("oh-394z-6CGkNoJrsDLTTUKiAnp4").coupons();
    Ok(Bodies {
        prepay: order.reply().await?.body().to_vec(),
        transaction: query.reply().await?.body().to_vec(),
        complaint: complaint.reply().await?.body().to_vec(),
        coupons: coupons.get(|r| r.appid("wx233544546545989")).reply().await?.body().to_vec(),
    })
}
