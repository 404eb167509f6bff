//! Accounts and their keys: the modes, the platform certificates and their rotation, the APIv3 key.

use askama::Template;
use http::Method;
use serde_json::{Value, json};

use super::BASE;
use super::amount::time;
use super::control_data::{Account, AccountList, Certificate, Keys, PublicKey};
use super::language::PageLanguage;
use super::layout::{Layout, Section};
use super::respond::{PageError, PageResult, html, redirect, see_other};
use super::visit::{Visit, encoded};

#[derive(Template)]
#[template(path = "page/accounts.html")]
struct AccountsPage {
    layout: Layout,
    accounts: Vec<Account>,
}

#[derive(Template)]
#[template(path = "page/account.html")]
struct AccountPage {
    layout: Layout,
    account: Account,
    /// The path of the account's page.
    path: String,
    modes: Vec<Mode>,
    public_key: PublicKey,
    certificates: Vec<Certificate>,
}

impl PageLanguage {
    /// Returns the name of a kind of account.
    fn account_kind(self, kind: &str) -> &str {
        match kind {
            "merchant" => self.say("商户", "merchant"),
            "brand" => self.say("品牌", "brand"),
            "sm2" => self.say("商户（国密 SM2）", "merchant (SM2)"),
            other => other,
        }
    }
}

/// A step of the switch to the public key.
#[derive(Debug)]
struct Mode {
    code: &'static str,
    name: &'static str,
    description: &'static str,
    is_current: bool,
}

impl Mode {
    /// Returns the steps in their order.
    fn all(visit: &Visit<'_>, current: &str) -> Vec<Self> {
        let step = |code, name, description| {
            let is_current = code == current;
            Self { code, name, description, is_current }
        };
        let say = |chinese, english| visit.language.say(chinese, english);
        vec![
            step(
                "certificates",
                say("平台证书", "Platform certificates"),
                say(
                    "应答与通知都用平台证书签名。",
                    "Responses and notifications are signed by the platform certificate.",
                ),
            ),
            step(
                "migrating",
                say("切换中", "Migrating"),
                say(
                    "按请求的 Wechatpay-Serial 签名；部分通知用公钥签名。",
                    "Signed by what the request's Wechatpay-Serial names; a share of the notifications by the public key.",
                ),
            ),
            step(
                "public-key",
                say("微信支付公钥", "WeChat Pay public key"),
                say(
                    "只用公钥签名，不能再下载平台证书。",
                    "Signed by the public key alone. No certificate can be downloaded.",
                ),
            ),
        ]
    }
}

pub(super) async fn list(visit: &Visit<'_>) -> PageResult {
    let AccountList { accounts } = visit.get("/accounts").await?;
    if let ([only], None) = (accounts.as_slice(), visit.queried("all")) {
        return redirect(&format!("{BASE}/accounts/{}", encoded(&only.id)));
    }
    let title = visit.say("商户与密钥", "Accounts and keys");
    let layout = Layout::new(visit, Section::Accounts, title).await;
    html(visit, &AccountsPage { layout, accounts })
}

pub(super) async fn show(visit: &Visit<'_>, id: &str) -> PageResult {
    let path = format!("/accounts/{}", encoded(id));
    let account: Account = visit.get(&path).await?;
    let keys: Keys = visit.get(&format!("{path}/keys")).await?;
    let shown = |certificate: Certificate| Certificate {
        valid_from: time(&certificate.valid_from),
        valid_to: time(&certificate.valid_to),
        ..certificate
    };
    let title = format!("{} {}", visit.say("密钥", "Keys of"), account.id);
    let page = AccountPage {
        layout: Layout::new(visit, Section::Accounts, &title).await,
        path: format!("{BASE}{path}"),
        account,
        modes: Mode::all(visit, &keys.mode),
        public_key: keys.public_key,
        certificates: keys.certificates.into_iter().map(shown).collect(),
    };
    html(visit, &page)
}

/// Adds an account.
pub(super) async fn add(visit: &Visit<'_>) -> PageResult {
    let id = visit.required("id")?;
    let body = json!({ "id": id, "kind": visit.field("kind").unwrap_or("merchant") });
    visit.change(Method::POST, "/accounts", &body).await?;
    see_other(&format!("{BASE}/accounts/{}", encoded(id)), "account")
}

/// Changes the keys of an account.
pub(super) async fn act(visit: &Visit<'_>, id: &str, action: &str) -> PageResult {
    let keys = format!("/accounts/{}/keys", encoded(id));
    let (method, path, body, done) = match action {
        "mode" => {
            let mut body = json!({ "mode": visit.required("mode")? });
            if let (Some(share), Value::Object(members)) = (visit.field("share"), &mut body) {
                let share = share.parse::<f64>().unwrap_or(f64::NAN);
                members.insert("public_key_share".to_owned(), json!(share));
            }
            (Method::PUT, format!("{keys}/mode"), body, "mode")
        }
        "issue" => (Method::POST, format!("{keys}/certificates"), json!({}), "issued"),
        "signer" => {
            let body = json!({ "serial": visit.required("serial")? });
            (Method::PUT, format!("{keys}/signer"), body, "signer")
        }
        "withdraw" => {
            let serial = encoded(visit.required("serial")?);
            (Method::DELETE, format!("{keys}/certificates/{serial}"), json!({}), "withdrawn")
        }
        "rotation" => {
            let body = json!({ "pause": visit.required("pause")? });
            (Method::POST, format!("{keys}/rotation"), body, "rotation")
        }
        "apiv3" => {
            let body = json!({ "key": visit.required("key")? });
            (Method::PUT, format!("{keys}/apiv3"), body, "apiv3")
        }
        _ => return Err(PageError::not_found(visit)),
    };
    visit.change(method, &path, &body).await?;
    see_other(&format!("{BASE}/accounts/{}", encoded(id)), done)
}
