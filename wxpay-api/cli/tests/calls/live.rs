//! Calls with `--live`, which never reach WeChat Pay here: a proxy that does not exist stands before it.

#[cfg(unix)]
mod terminal;

use std::process::Command;

use crate::support::{Folder, program};

const TRANSFER: [&str; 8] = [
    "POST /v3/fund-app/mch-transfer/transfer-bills",
    "appid=wxf636efh567hg4356",
    "out_bill_no=plfk2020042013",
    "transfer_scene_id=1000",
    "openid=o-MYE42l80oelYMDE34nYD456Xoy",
    "transfer_amount=400005",
    "transfer_remark=新会员开通有礼",
    "user_name=张三丰",
];
const REPORTS: [&str; 2] = [
    "transfer_scene_report_infos[0].info_type=活动名称",
    "transfer_scene_report_infos[0].info_content=注册会员有礼",
];

/// Prepares a call with the keys of a sandbox, which WeChat Pay does not know, through a proxy at a closed port.
fn live(folder: &Folder, arguments: &[&str]) -> Command {
    let config = folder.sandbox.write_config(folder.path()).expect("keys");
    let mut command = program(&[&["--json", "call", "--live"], arguments].concat());
    let dead = folder.sandbox.dead_url();
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, dead);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    let file = |file: Option<std::path::PathBuf>| file.expect("a file");
    command
        .env("WXPAY_MCHID", folder.sandbox.merchant().id())
        .env("WXPAY_CERTIFICATE_FILE", file(config.certificate_file))
        .env("WXPAY_PRIVATE_KEY_FILE", file(config.private_key_file))
        .env("WXPAY_WECHATPAY_PUBLIC_KEY_ID", config.wechatpay_public_key_id.expect("an id"))
        .env("WXPAY_WECHATPAY_PUBLIC_KEY_FILE", file(config.wechatpay_public_key_file))
        .env("WXPAY_APIV3_KEY", folder.sandbox.apiv3_key());
    command
}

fn transfer(more: &[&'static str]) -> Vec<&'static str> {
    [&TRANSFER[..], &REPORTS, more].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_terminal_a_live_call_is_refused() {
    let folder = Folder::start().await;
    let output = live(&folder, &transfer(&[])).output().expect("a run");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(7), "{text}");
    assert!(text.contains("--yes") && !text.contains("张三丰"), "{text}");
    let undescribed = ["--undescribed", "POST", "/v3/some/new/api", "amount:=1"];
    let output = live(&folder, &undescribed).output().expect("a run");
    assert_eq!(output.status.code(), Some(7));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn yes_sends_without_a_question() {
    let folder = Folder::start().await;
    let output = live(&folder, &transfer(&["--yes"])).output().expect("a run");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    // The proxy does not exist: nothing was sent.
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("not-sent"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_needs_no_confirmation() {
    let folder = Folder::start().await;
    let query = ["/v3/pay/transactions/out-trade-no/order-1", "--deadline", "2"];
    let output = live(&folder, &query).output().expect("a run");
    assert_eq!(output.status.code(), Some(1));
}
