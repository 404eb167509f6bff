//! Coupons and red packets, signed with the APIv2 key.

use wxpay_api::invoke::{Coupon, CouponPage};

use super::values::{ApiV2KeyArguments, Made, Values};
use super::{Args, Failure, Invoker, TargetArguments};

/// The properties of the mini-program plugin that sends coupons, signed with the APIv2 key.
#[derive(Args, Debug)]
pub(super) struct PluginArguments {
    /// The coupons: the stock and the number of the delivery, with a code after another colon if the merchant chooses it.
    #[arg(long = "coupon", value_name = "STOCK:OUT_REQUEST_NO[:CODE]", required = true)]
    coupons: Vec<String>,
    /// The merchant who created the stocks, for cash coupons.
    #[arg(long, value_name = "MCHID")]
    create_coupon_merchant: Option<String>,
    /// The time of sending.
    #[arg(long, value_name = "TIME")]
    customize_send_time: Option<String>,
    #[command(flatten)]
    key: ApiV2KeyArguments,
}

impl PluginArguments {
    fn coupon(&self, text: &str) -> Result<Coupon, Failure> {
        let mut parts = text.splitn(3, ':');
        let (Some(stock), Some(number)) = (parts.next(), parts.next()) else {
            return Err(Failure::new(format!(
                "`{text}` is no coupon: write `STOCK:OUT_REQUEST_NO`"
            )));
        };
        let coupon = Coupon::new(stock, number)
            .coupon_code(parts.next().unwrap_or_default())
            .customize_send_time(self.customize_send_time.clone().unwrap_or_default());
        Ok(coupon.create_coupon_merchant(self.create_coupon_merchant.clone().unwrap_or_default()))
    }
}

impl Values for PluginArguments {
    fn make(self, invoker: &Invoker, target: &TargetArguments) -> Result<Made, Failure> {
        let coupons = self.coupons.iter().map(|text| self.coupon(text));
        let coupons = coupons.collect::<Result<Vec<_>, _>>()?;
        Made::new("coupon-plugin", invoker.coupon_plugin(coupons, &self.key.key(target)?)?)
    }
}

/// The address where a user collects a coupon, signed with the APIv2 key.
#[derive(Args, Debug)]
pub(super) struct PageArguments {
    /// The stock that the coupon is taken from.
    #[arg(long)]
    stock_id: String,
    /// The merchant's number of this delivery.
    #[arg(long)]
    out_request_no: String,
    /// The user.
    #[arg(long)]
    openid: String,
    /// A code that the merchant chooses.
    #[arg(long)]
    coupon_code: Option<String>,
    #[command(flatten)]
    key: ApiV2KeyArguments,
}

impl Values for PageArguments {
    fn make(self, invoker: &Invoker, target: &TargetArguments) -> Result<Made, Failure> {
        let page = CouponPage::new(self.stock_id, self.out_request_no, self.openid)
            .coupon_code(self.coupon_code.unwrap_or_default());
        Made::new("coupon-page", invoker.coupon_page(&page, &self.key.key(target)?)?)
    }
}

/// A red packet in a mini program: the argument of `wx.sendBizRedPacket`, signed with the APIv2 key.
#[derive(Args, Debug)]
pub(super) struct RedPacketArguments {
    /// The appid that invokes.
    #[arg(long)]
    appid: String,
    /// The `package` of the response.
    #[arg(long)]
    package: String,
    #[command(flatten)]
    key: ApiV2KeyArguments,
}

impl Values for RedPacketArguments {
    fn make(self, invoker: &Invoker, target: &TargetArguments) -> Result<Made, Failure> {
        let packet = invoker.red_packet(&self.appid, &self.package, &self.key.key(target)?)?;
        Ok(Made { appid: Some(self.appid), ..Made::new("red-packet", packet)? })
    }
}
