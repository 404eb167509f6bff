//! PayScore: the user authorises a service, signs a plan, confirms an order, or looks at an order.

use super::values::{ApiV2KeyArguments, Made, Values};
use super::{Args, Failure, Invoker, Platform, TargetArguments};

/// The user authorises a service (wxpayScoreEnable). Nothing is signed.
#[derive(Args, Debug)]
pub(super) struct EnableArguments {
    /// The `apply_permissions_token` of the response.
    #[arg(long)]
    apply_permissions_token: String,
    /// The front end.
    #[arg(long = "as", value_enum, default_value = "mini-program", value_name = "PLATFORM")]
    platform: Platform,
}

impl Values for EnableArguments {
    fn make(self, invoker: &Invoker, _: &TargetArguments) -> Result<Made, Failure> {
        let jump = invoker.payscore_enable(self.apply_permissions_token)?;
        Made::jump("payscore-enable", jump, self.platform)
    }
}

/// The user signs a plan (wxpayScorePlan). Nothing is signed.
#[derive(Args, Debug)]
pub(super) struct PlanArguments {
    /// The `package` of the response.
    #[arg(long)]
    package: String,
    /// The front end.
    #[arg(long = "as", value_enum, default_value = "mini-program", value_name = "PLATFORM")]
    platform: Platform,
}

impl Values for PlanArguments {
    fn make(self, invoker: &Invoker, _: &TargetArguments) -> Result<Made, Failure> {
        Made::jump("payscore-plan", invoker.payscore_plan(self.package)?, self.platform)
    }
}

/// The user confirms an order (wxpayScoreUse), signed with the APIv2 key.
#[derive(Args, Debug)]
pub(super) struct ConfirmArguments {
    /// The `package` of the order. One that is signed already is passed on as it is.
    #[arg(long)]
    package: String,
    /// Whether the package is a query string that is signed already.
    #[arg(long)]
    signed: bool,
    /// The front end.
    #[arg(long = "as", value_enum, default_value = "mini-program", value_name = "PLATFORM")]
    platform: Platform,
    #[command(flatten)]
    key: ApiV2KeyArguments,
}

impl Values for ConfirmArguments {
    fn make(self, invoker: &Invoker, target: &TargetArguments) -> Result<Made, Failure> {
        if self.signed {
            return Made::new("payscore-confirm", invoker.payscore_confirm_package(self.package)?);
        }
        let jump = invoker.payscore_confirm(self.package, &self.key.key(target)?)?;
        Made::jump("payscore-confirm", jump, self.platform)
    }
}

/// The user looks at an order (wxpayScoreDetail), signed with the APIv2 key.
#[derive(Args, Debug)]
pub(super) struct DetailArguments {
    /// The PayScore service.
    #[arg(long)]
    service_id: String,
    /// The number of the order.
    #[arg(long)]
    out_order_no: String,
    /// The front end.
    #[arg(long = "as", value_enum, default_value = "mini-program", value_name = "PLATFORM")]
    platform: Platform,
    #[command(flatten)]
    key: ApiV2KeyArguments,
}

impl Values for DetailArguments {
    fn make(self, invoker: &Invoker, target: &TargetArguments) -> Result<Made, Failure> {
        let key = self.key.key(target)?;
        let jump = invoker.payscore_detail(self.service_id, self.out_order_no, &key)?;
        Made::jump("payscore-detail", jump, self.platform)
    }
}
