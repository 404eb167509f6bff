//! How a program connects to the sandbox.

use askama::Template;

use super::Connection;
use super::layout::{Layout, Section};
use super::respond::{PageResult, html};
use super::visit::Visit;

/// What an SDK needs to know. Secrets are named by the file that has them.
#[derive(Debug)]
pub(super) struct Guide {
    pub(super) url: String,
    pub(super) proxy: Option<String>,
    pub(super) ca_file: Option<String>,
    pub(super) folder: String,
    pub(super) mchid: String,
    pub(super) appid: String,
    pub(super) serial_no: String,
    /// Files of the folder: what they are, in Chinese and English, and their names.
    pub(super) files: Vec<(&'static str, &'static str, String)>,
    pub(super) public_key_id: Option<String>,
}

impl Guide {
    pub(super) fn new(visit: &Visit<'_>) -> Self {
        let Connection { environment, folder, .. } = visit.connection;
        let file = |path: &std::path::PathBuf| path.display().to_string();
        let mut files = vec![
            (
                "全部参数与 APIv3 密钥",
                "All of this and the APIv3 key",
                crate::folder::ENVIRONMENT.to_owned(),
            ),
            ("商户 API 证书", "Merchant certificate", file(&environment.certificate_file)),
            ("商户 API 私钥", "Merchant private key", file(&environment.private_key_file)),
        ];
        if let Some(key) = &environment.wechatpay_public_key_file {
            files.push(("微信支付公钥", "WeChat Pay public key", file(key)));
        }
        for certificate in &environment.platform_certificate_files {
            files.push(("微信支付平台证书", "WeChat Pay platform certificate", file(certificate)));
        }
        let ca_file = environment.ca_file.as_ref();
        Self {
            url: environment.url.clone(),
            proxy: environment.proxy.clone(),
            ca_file: ca_file.map(|path| folder.join(path).display().to_string()),
            folder: folder.display().to_string(),
            mchid: environment.mchid.clone(),
            appid: environment.appid.clone(),
            serial_no: environment.serial_no.clone(),
            files,
            public_key_id: environment.wechatpay_public_key_id.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "page/connect.html")]
struct ConnectPage {
    layout: Layout,
    guide: Guide,
}

pub(super) async fn show(visit: &Visit<'_>) -> PageResult {
    let layout = Layout::new(visit, Section::Connect, visit.say("接入", "Connect")).await;
    html(visit, &ConnectPage { layout, guide: Guide::new(visit) })
}
