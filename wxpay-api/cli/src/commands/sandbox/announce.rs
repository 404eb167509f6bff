//! Says how to use the sandbox that has started.

use std::io;
use std::net::IpAddr;

use serde_json::json;

use crate::folder::{CA_VARIABLES, Environment, Folder, quoted};
use crate::output::Output;

/// Prints what a newcomer needs, or one line of JSON.
pub(super) fn announce(
    folder: &Folder,
    environment: &Environment,
    bind: IpAddr,
    output: &mut Output,
) -> io::Result<()> {
    // Before the announcement, so that a program that waits for it has the warning, too.
    if environment.control_token.is_some() {
        anstream::eprintln!(
            "warning: {bind} is not loopback: other machines can reach the sandbox. Whoever has the token controls it; \
             send it as `Authorization: Bearer`. Never use it in an open network."
        );
    }
    let path = folder.path().display().to_string();
    let ca_file = environment.ca_file.as_ref().map(|file| folder.path().join(file));
    output.value(&json!({
        "url": environment.url,
        "page": format!("{}/", environment.url),
        "proxy": environment.proxy,
        "tls": environment.tls,
        "ca_file": ca_file,
        "dir": path,
        "mchid": environment.mchid,
        "control_token": environment.control_token,
    }))?;
    output.line("WeChat Pay sandbox: for tests, no money moves.\n")?;
    output.line(format!("  URL       {}", environment.url))?;
    output.line(format!("  Page      {}/", environment.url))?;
    if let Some(proxy) = &environment.proxy {
        output.line(format!("  Proxy     {proxy}"))?;
    }
    if let Some(tls) = &environment.tls {
        output.line(format!(
            "  TLS       {tls}  (for WeChat Pay's hosts, by an entry in the hosts file)"
        ))?;
    }
    output.line(format!("  Merchant  {}, appid {}", environment.mchid, environment.appid))?;
    output.line(format!("  Folder    {path}  (keys, env.json, snippets/ for seven languages)"))?;
    if let Some(token) = &environment.control_token {
        output.line(format!("  Token     {token}"))?;
    }
    if let (Some(proxy), Some(ca_file)) = (&environment.proxy, &ca_file) {
        let ca_file = quoted(&ca_file.display().to_string());
        let variables = CA_VARIABLES.map(|name| format!("{name}={ca_file}")).join(" ");
        output.line("\nAn SDK reaches it without a changed line, with these variables:")?;
        output.line(format!("  HTTPS_PROXY={proxy} {variables} your-program"))?;
    }
    output.line("\nAll variables for a shell, and those of the keys:")?;
    output.line(format!("  . {}", quoted(&format!("{path}/env.sh"))))?;
    output.line("\nCtrl-C stops it. The next start has the same keys.")?;
    Ok(())
}
