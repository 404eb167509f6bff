//! Says how to use the sandbox that has started.

use std::io;
use std::net::IpAddr;
use std::path::Path;

use serde_json::json;

use crate::folder::{CA_VARIABLES, Environment, quoted};
use crate::language::Language;
use crate::output::Output;

/// What a newcomer needs.
#[derive(Debug)]
pub(super) struct Announcement<'a> {
    pub(super) folder: &'a Path,
    pub(super) environment: &'a Environment,
    pub(super) language: Language,
}

impl Announcement<'_> {
    /// Prints it, or one line of JSON.
    pub(super) fn print(&self, bind: IpAddr, output: &mut Output) -> io::Result<()> {
        let Self { environment, .. } = self;
        // Before the announcement, so that a program that waits for it has the warning, too.
        if environment.control_token.is_some() {
            self.warn(bind);
        }
        let ca_file = environment.ca_file.as_ref().map(|file| self.folder.join(file));
        output.value(&json!({
            "url": environment.url,
            "page": format!("{}/", environment.url),
            "proxy": environment.proxy,
            "tls": environment.tls,
            "ca_file": ca_file,
            "dir": self.folder.display().to_string(),
            "mchid": environment.mchid,
            "control_token": environment.control_token,
        }))?;
        self.facts(output)?;
        if let (Some(proxy), Some(ca_file)) = (&environment.proxy, &ca_file) {
            let ca_file = quoted(&ca_file.display().to_string());
            let variables = CA_VARIABLES.map(|name| format!("{name}={ca_file}")).join(" ");
            output.line(self.language.pick(
                "\nSDK 不改一行代码，设置这些环境变量即可接入：",
                "\nAn SDK reaches it without a changed line, with these variables:",
            ))?;
            output.line(format!("  HTTPS_PROXY={proxy} {variables} your-program"))?;
        }
        output.line(self.language.pick(
            "\n供 shell 使用的全部变量，包括密钥：",
            "\nAll variables for a shell, and those of the keys:",
        ))?;
        output
            .line(format!("  . {}", quoted(&self.folder.join("env.sh").display().to_string())))?;
        output.line(self.language.pick(
            "\n按 Ctrl-C 停止。下次启动仍用同样的密钥。",
            "\nCtrl-C stops it. The next start has the same keys.",
        ))
    }

    fn warn(&self, bind: IpAddr) {
        let warning = match self.language {
            Language::Zh => format!(
                "警告：{bind} 不是本机回环地址，其他机器可以访问沙箱。持有令牌者可以控制沙箱，令牌以 \
                 `Authorization: Bearer` 发送。切勿在开放的网络中使用。"
            ),
            Language::En => format!(
                "warning: {bind} is not loopback: other machines can reach the sandbox. Whoever has the token controls \
                 it; send it as `Authorization: Bearer`. Never use it in an open network."
            ),
        };
        anstream::eprintln!("{warning}");
    }

    /// Prints addresses, merchant and folder. A Chinese character is two columns wide.
    fn facts(&self, output: &mut Output) -> io::Result<()> {
        let Self { environment, language, .. } = self;
        let Environment { url, mchid, appid, .. } = environment;
        let path = self.folder.display();
        output.line(language.pick(
            "微信支付沙箱：供测试使用，不涉及真实资金。\n",
            "WeChat Pay sandbox: for tests, no money moves.\n",
        ))?;
        output.line(format!("  {}{url}", language.pick("地址      ", "URL       ")))?;
        output.line(format!("  {}{url}/", language.pick("页面      ", "Page      ")))?;
        if let Some(proxy) = &environment.proxy {
            output.line(format!("  {}{proxy}", language.pick("代理      ", "Proxy     ")))?;
        }
        if let Some(tls) = &environment.tls {
            let how = language.pick(
                "（用于微信支付的域名，需修改 hosts 文件）",
                "(for WeChat Pay's hosts, by an entry in the hosts file)",
            );
            output.line(format!("  TLS       {tls}  {how}"))?;
        }
        output.line(match language {
            Language::Zh => format!("  商户      {mchid}，appid {appid}"),
            Language::En => format!("  Merchant  {mchid}, appid {appid}"),
        })?;
        output.line(match language {
            Language::Zh => {
                format!("  目录      {path}  （密钥、env.json、snippets/ 中七种语言的示例）")
            }
            Language::En => {
                format!("  Folder    {path}  (keys, env.json, snippets/ for seven languages)")
            }
        })?;
        if let Some(token) = &environment.control_token {
            output.line(format!("  {}{token}", language.pick("令牌      ", "Token     ")))?;
        }
        Ok(())
    }
}
