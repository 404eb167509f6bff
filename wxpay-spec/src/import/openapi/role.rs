use super::node::Node;
use crate::model::Role;

/// The official names of roles, old and new, without what stands in brackets behind them.
const NAMES: [(&str, Role); 15] = [
    ("普通商户", Role::Merchant),
    ("直连商户", Role::Merchant),
    ("直连模式", Role::Merchant),
    ("特约商户", Role::Merchant),
    ("微信支付商户", Role::Merchant),
    ("商户", Role::Merchant),
    ("服务商", Role::Partner),
    ("普通服务商", Role::Partner),
    ("电商平台", Role::Ecommerce),
    ("平台商户", Role::Ecommerce),
    ("微信平台商户", Role::Ecommerce),
    ("渠道商", Role::Channel),
    ("渠道服务商", Role::Channel),
    ("从业机构", Role::Institution),
    ("机构模式", Role::Institution),
];

/// Who may call an operation, in the order of [`Role::ALL`].
pub(super) fn read(node: &Node<'_>) -> Vec<Role> {
    let mut roles = Vec::new();
    for name in node.texts("x-roles") {
        let bare = name.split('（').next().unwrap_or(&name);
        match NAMES.iter().find(|(known, _)| *known == bare) {
            Some((_, role)) => roles.push(*role),
            None => node.remark(format!("the role `{name}` is not known")),
        }
    }
    roles.sort();
    roles.dedup();
    roles
}
