//! Values that a front end passes to WeChat: payments, PayScore, coupons, red packets, transfers ([protocol §9]).
//!
//! The server creates an order, and signs the values of the response for the mini program, the web page or the app.
//! Every type here serialises to the exact object that the front end passes on, with timestamps as text:
//!
//! ```
//! # #[cfg(feature = "pay")]
//! # async fn order(wx: wxpay_api::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let order = wx
//!     .v3().pay().transactions().jsapi()
//!     .post(|r| {
//!         r.appid("wxd678efh567hg6787").mchid("1230000109").description("QQ公仔")
//!             .out_trade_no("1217752501201407033233368018")
//!             .amount(|a| a.total(100)) // fen
//!             .notify_url("https://example.com/wechatpay/notify")
//!             .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
//!     })
//!     .await?;
//! let payment = wx.invoke().mini_program("wxd678efh567hg6787", &order.prepay_id)?;
//! // {"timeStamp":"1414561699","nonceStr":"…","package":"prepay_id=…","signType":"RSA","paySign":"…"}
//! let argument = serde_json::to_string(&payment)?; // of wx.requestPayment
//! # let _ = argument;
//! # Ok(())
//! # }
//! ```
//!
//! | What | Made by | Used as |
//! |---|---|---|
//! | Web page in WeChat (JSAPI) | [`Invoker::jsapi`] | argument of `getBrandWCPayRequest` |
//! | Mini program | [`Invoker::mini_program`] | argument of `wx.requestPayment` |
//! | App | [`Invoker::app`] | the WeChat SDK's payment request |
//! | Browser (H5) | `h5_url` as it is, or [`Invoker::h5`] | the address to go to, within 5 minutes |
//! | QR code (Native) | `code_url` as it is | the text of the QR code, for 2 hours |
//! | Medical insurance | [`MedicalInsurancePayment`] | argument of `requestMedicalInsurancePay` |
//! | PayScore | [`Invoker::payscore_confirm`] and its siblings | argument of `openBusinessView` |
//! | Coupons | [`Invoker::coupon_plugin`], [`Invoker::coupon_page`] | properties of the plugin, the address to go to |
//! | Red packet | [`Invoker::red_packet`] | argument of `wx.sendBizRedPacket` |
//! | Transfer | [`Invoker::merchant_transfer`] | argument of `requestMerchantTransfer` |
//!
//! A combined order is paid like any other order: with its `combine_appid`, and with the client of its `combine_mchid`.
//!
//! In partner mode, the client is the service provider's, as for the order itself. The appid is the one of the app that
//! invokes: the service provider's `sp_appid`, or the sub-merchant's `sub_appid` ([protocol §9.1]).
//!
//! Values are checked before they are signed. White space around a value is removed, and so is its own name before it,
//! as in `prepay_id=wx…`. A value that is empty, already encoded or of another kind is refused with
//! [`InvokeError::Value`] or [`InvokeError::Malformed`].
//!
//! A `prepay_id` is valid for 2 hours. The result that a front end reports proves nothing: only the notification or a
//! query says whether an order is paid.
//!
//! [protocol §9]: crate::docs::protocol::invocation
//! [protocol §9.1]: crate::docs::protocol::invocation#91-paysign

mod app;
mod coupon;
mod h5;
mod invoker;
mod jump;
mod payscore;
mod red_packet;
mod transfer;
mod value;
mod wechat_payment;

pub use app::{AndroidPayment, AppPayment};
pub use coupon::{Coupon, CouponPage, CouponPlugin};
pub use invoker::Invoker;
pub use jump::{AppJump, JsapiJump, Jump, JumpData, MiniProgramJump};
pub use payscore::{PayscoreConfirm, PayscoreDetail, PayscoreEnable, PayscorePlan};
pub use red_packet::RedPacket;
pub use transfer::MerchantTransfer;
pub use value::InvokeError;
pub use wechat_payment::{JsapiPayment, MedicalInsurancePayment, MiniProgramPayment};
