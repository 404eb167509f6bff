//! The English names of lifecycles. The sandbox has the official Chinese ones.

use std::sync::Arc;

use super::control_data::{Lifecycle, LifecycleList};
use super::language::PageLanguage;
use super::respond::PageError;
use super::visit::Visit;

const NAMES: [(&str, &str); 22] = [
    ("apply4subject/applyment", "Merchant verification"),
    ("applyment4sub/applyment", "Sub-merchant onboarding"),
    ("combine-transactions/order", "Combined payment"),
    ("combine-transactions/sub-order", "Part of a combined payment"),
    ("fund-app/authorization", "Transfer authorisation"),
    ("fund-app/transfer-bill", "Transfer"),
    ("marketing-favor/callback", "Coupon callback URL"),
    ("marketing-favor/coupon", "Coupon"),
    ("marketing-favor/stock", "Coupon stock"),
    ("merchant-service/complaint", "Complaint"),
    ("merchant-service/notification-url", "Complaint callback URL"),
    ("papay/contract", "Deduction contract"),
    ("papay/deduction", "Deduction"),
    ("papay/insurance-contract", "Insurance contract"),
    ("pay/transaction", "Payment"),
    ("payscore/permission", "Pay score authorisation"),
    ("payscore/service-order", "Pay score order"),
    ("profitsharing/order", "Profit sharing"),
    ("profitsharing/receiver", "Profit sharing receiver"),
    ("profitsharing/return", "Profit sharing return"),
    ("profitsharing/share", "Share of a receiver"),
    ("refund/refund", "Refund"),
];

/// The names of all lifecycles in a language.
#[derive(Debug)]
pub(super) struct Kinds {
    language: PageLanguage,
    list: Arc<LifecycleList>,
}

impl Kinds {
    pub(super) async fn read(visit: &Visit<'_>) -> Result<Self, PageError> {
        let known = &visit.connection.lifecycles;
        let list = match known.get() {
            Some(list) => Arc::clone(list),
            None => {
                let list = Arc::new(visit.get("/lifecycles").await?);
                Arc::clone(known.get_or_init(|| list))
            }
        };
        Ok(Self { language: visit.language, list })
    }

    /// Returns the name of a lifecycle.
    pub(super) fn name(&self, lifecycle: &str) -> String {
        let known = self.list.lifecycles.iter().find(|known| known.name == lifecycle);
        lifecycle_name(self.language, lifecycle, known.map_or("", |known| known.title.as_str()))
    }

    pub(super) fn all(&self) -> &[Lifecycle] {
        &self.list.lifecycles
    }

    pub(super) fn lifecycle(&self, name: &str) -> Option<&Lifecycle> {
        self.list.lifecycles.iter().find(|known| known.name == name)
    }
}

/// Returns the name of a lifecycle in a language.
pub(super) fn lifecycle_name(language: PageLanguage, name: &str, title: &str) -> String {
    let english = NAMES.iter().find(|(known, _)| *known == name).map(|(_, english)| *english);
    match language {
        PageLanguage::Chinese if !title.is_empty() => title.to_owned(),
        PageLanguage::Chinese => name.to_owned(),
        PageLanguage::English => english.map_or_else(|| name.to_owned(), str::to_owned),
    }
}

/// Returns the name of an event or an operation in a language. In English it is the identifier in words.
pub(super) fn cause_name(language: PageLanguage, name: &str, title: &str) -> String {
    let official = match name {
        // The names of operations that most lifecycles have.
        _ if !title.is_empty() => title,
        "prepay" | "create" => "下单",
        "codepay" => "付款码支付",
        "apply" | "apply_again" => "申请",
        "apply_abnormal" => "发起异常退款",
        "close" => "关闭",
        "reverse" => "撤销",
        "cancel" => "取消",
        "refund" => "退款",
        other => other,
    };
    if language == PageLanguage::Chinese {
        return official.to_owned();
    }
    let words = name.replace(['_', '-'], " ");
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
