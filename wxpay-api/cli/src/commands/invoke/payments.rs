//! Payments in every kind of front end, and transfers that the receiver confirms.

use wxpay_api::invoke::MedicalInsurancePayment;

use super::values::{Made, Values};
use super::{Args, Failure, Invoker, Platform, TargetArguments};
use clap::ValueEnum;

/// The appid and the order's `prepay_id`.
#[derive(Args, Debug)]
struct PrepaidOrder {
    /// The appid that invokes.
    #[arg(long)]
    appid: String,
    /// The `prepay_id` of the order, valid for 2 hours.
    #[arg(long)]
    prepay_id: String,
}

/// A payment on a web page inside WeChat: the argument of `getBrandWCPayRequest`.
#[derive(Args, Debug)]
pub(super) struct PaymentArguments {
    #[command(flatten)]
    order: PrepaidOrder,
}

impl Values for PaymentArguments {
    fn make(self, invoker: &Invoker, _: &TargetArguments) -> Result<Made, Failure> {
        let PrepaidOrder { appid, prepay_id } = self.order;
        Made::new("jsapi", invoker.jsapi(appid, &prepay_id)?)
    }
}

/// A payment in a mini program: the argument of `wx.requestPayment`.
#[derive(Args, Debug)]
pub(super) struct MiniProgramArguments {
    #[command(flatten)]
    order: PrepaidOrder,
}

impl Values for MiniProgramArguments {
    fn make(self, invoker: &Invoker, _: &TargetArguments) -> Result<Made, Failure> {
        let PrepaidOrder { appid, prepay_id } = self.order;
        let made = Made::new("mini-program", invoker.mini_program(&appid, &prepay_id)?)?;
        Ok(Made { appid: Some(appid), ..made })
    }
}

/// A payment in an app: the request of the WeChat SDK.
#[derive(Args, Debug)]
pub(super) struct AppArguments {
    #[command(flatten)]
    order: PrepaidOrder,
    /// Names the members as the SDK for Android does.
    #[arg(long)]
    android: bool,
}

impl Values for AppArguments {
    fn make(self, invoker: &Invoker, _: &TargetArguments) -> Result<Made, Failure> {
        let PrepaidOrder { appid, prepay_id } = self.order;
        let payment = invoker.app(appid, prepay_id)?;
        match self.android {
            true => Made::new("app", payment.android()),
            false => Made::new("app", payment),
        }
    }
}

/// The address of a payment in a browser, with a page to return to. Nothing is signed.
#[derive(Args, Debug)]
pub(super) struct H5Arguments {
    /// The `h5_url` of the order, valid for 5 minutes.
    #[arg(long)]
    h5_url: String,
    /// The page to return to.
    #[arg(long)]
    redirect_url: String,
}

impl Values for H5Arguments {
    fn make(self, invoker: &Invoker, _: &TargetArguments) -> Result<Made, Failure> {
        Made::new("h5", invoker.h5(&self.h5_url, &self.redirect_url)?)
    }
}

/// A medical insurance order: the argument of `requestMedicalInsurancePay`.
#[derive(Args, Debug)]
pub(super) struct MedicalInsuranceArguments {
    /// The `mix_trade_no` of the mixed order.
    #[arg(long)]
    mix_trade_no: String,
    /// The appid that invokes, for the part that the patient pays.
    #[arg(long, requires = "prepay_id")]
    appid: Option<String>,
    /// The `prepay_id` of the part that the patient pays. Without it, insurance pays all.
    #[arg(long, requires = "appid")]
    prepay_id: Option<String>,
    /// The front end.
    #[arg(long = "as", value_enum, default_value = "mini-program", value_name = "PLATFORM")]
    platform: InsurancePlatform,
}

/// The front ends in which insurance pays.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum InsurancePlatform {
    MiniProgram,
    /// A web page inside WeChat.
    Jsapi,
}

impl Values for MedicalInsuranceArguments {
    fn make(self, invoker: &Invoker, _: &TargetArguments) -> Result<Made, Failure> {
        let Self { mix_trade_no, appid, prepay_id, platform } = self;
        let (Some(appid), Some(prepay_id)) = (appid, prepay_id) else {
            let payment = MedicalInsurancePayment::insurance_only(mix_trade_no)?;
            return Made::new("medical-insurance", payment);
        };
        let payment = match platform {
            InsurancePlatform::Jsapi => invoker.jsapi(&appid, &prepay_id)?.mixed(mix_trade_no)?,
            InsurancePlatform::MiniProgram => {
                invoker.mini_program(&appid, &prepay_id)?.mixed(mix_trade_no)?
            }
        };
        let made = Made::new("medical-insurance", payment)?;
        Ok(Made { appid: Some(appid), ..made })
    }
}

/// A transfer that the receiver confirms: the argument of `requestMerchantTransfer`.
#[derive(Args, Debug)]
pub(super) struct TransferArguments {
    /// The appid that invokes.
    #[arg(long)]
    appid: String,
    /// The `package_info` of the transfer.
    #[arg(long, value_name = "PACKAGE_INFO")]
    package: String,
    /// The sub-merchant, in partner mode.
    #[arg(long, value_name = "MCHID")]
    sub_mchid: Option<String>,
    /// The appid of the sub-merchant, in partner mode.
    #[arg(long, value_name = "APPID")]
    sub_appid: Option<String>,
    /// The receiver.
    #[arg(long)]
    openid: Option<String>,
    /// The front end; a web page and a mini program take the same object.
    #[arg(long = "as", value_enum, default_value = "mini-program", value_name = "PLATFORM")]
    platform: Platform,
}

impl Values for TransferArguments {
    fn make(self, invoker: &Invoker, _: &TargetArguments) -> Result<Made, Failure> {
        let transfer = invoker
            .merchant_transfer(self.appid, self.package)?
            .sub_mch_id(self.sub_mchid.unwrap_or_default())?
            .sub_app_id(self.sub_appid.unwrap_or_default())?
            .open_id(self.openid.unwrap_or_default())?;
        match self.platform {
            Platform::App => Made::new("transfer", transfer.app()),
            Platform::MiniProgram | Platform::Jsapi => Made::new("transfer", transfer),
        }
    }
}
