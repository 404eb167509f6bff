//! Set-ups to paste: variables for a shell, and a program for each of seven languages.

use std::fmt::Write;
use std::path::Path;

use super::Environment;
use super::write::{make_folder, write};
use crate::output::Failure;

const FOLDER: &str = "snippets";

/// The programs. `@…@` is replaced by a value of the folder.
const SNIPPETS: [(&str, &str); 7] = [
    ("Sandbox.java", include_str!("../../templates/snippets/Sandbox.java")),
    ("Sandbox.cs", include_str!("../../templates/snippets/Sandbox.cs")),
    ("sandbox.go", include_str!("../../templates/snippets/sandbox.go")),
    ("sandbox.mjs", include_str!("../../templates/snippets/sandbox.mjs")),
    ("sandbox.php", include_str!("../../templates/snippets/sandbox.php")),
    ("sandbox.py", include_str!("../../templates/snippets/sandbox.py")),
    ("sandbox.rs", include_str!("../../templates/snippets/sandbox.rs")),
];

/// Returns the variables of a program that uses the sandbox, for `. env.sh`.
pub(super) fn shell(folder: &Path, environment: &Environment) -> String {
    let file = |name: &Path| folder.join(name).display().to_string();
    let mut text = format!(
        "# Read this in the shell of your program: . {}\n# To undo it, leave the shell.\n",
        quoted(&folder.join(super::files::SHELL).display().to_string())
    );
    let mut export = |name: &str, value: &str| {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "export {name}={}", quoted(value));
    };
    export("WXPAY_SANDBOX_URL", &environment.url);
    export("WXPAY_SANDBOX_DIR", &folder.display().to_string());
    export("WXPAY_APPID", &environment.appid);
    export("WXPAY_OPENID", &environment.openid);
    export("WXPAY_SERVICE_ID", &environment.service_id);
    export("WXPAY_MCHID", &environment.mchid);
    export("WXPAY_CERTIFICATE_FILE", &file(&environment.certificate_file));
    export("WXPAY_PRIVATE_KEY_FILE", &file(&environment.private_key_file));
    export("WXPAY_APIV3_KEY", &environment.apiv3_key);
    let public_key = environment
        .wechatpay_public_key_id
        .as_ref()
        .zip(environment.wechatpay_public_key_file.as_ref());
    if let Some((id, name)) = public_key {
        export("WXPAY_WECHATPAY_PUBLIC_KEY_ID", id);
        export("WXPAY_WECHATPAY_PUBLIC_KEY_FILE", &file(name));
    }
    let certificates = environment.platform_certificate_files.iter().map(|name| file(name));
    let certificates: Vec<_> = certificates.collect();
    if !certificates.is_empty() {
        export("WXPAY_PLATFORM_CERTIFICATE_FILES", &certificates.join(":"));
    }
    if let Some(proxy) = &environment.proxy {
        export("HTTPS_PROXY", proxy);
        export("https_proxy", proxy);
        export("NO_PROXY", "127.0.0.1,localhost");
    }
    if let Some(ca) = &environment.ca_file {
        for name in CA_VARIABLES {
            export(name, &file(ca));
        }
    }
    text
}

/// The variables by which programs trust an authority: Node, OpenSSL and Go, requests, curl.
pub(crate) const CA_VARIABLES: [&str; 4] =
    ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

/// Quotes a value for a POSIX shell.
pub(crate) fn quoted(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:,@".contains(&byte);
    match value.bytes().all(plain) && !value.is_empty() {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

/// Writes the programs.
pub(super) fn write_all(folder: &Path, environment: &Environment) -> Result<(), Failure> {
    let values = values(folder, environment);
    make_folder(&folder.join(FOLDER))?;
    let has_public_key = environment.wechatpay_public_key_id.is_some();
    for (name, template) in SNIPPETS {
        let mut text = selected(template, has_public_key);
        for (placeholder, value) in &values {
            text = text.replace(&format!("@{placeholder}@"), value);
        }
        write(&folder.join(FOLDER).join(name), &text)?;
    }
    Ok(())
}

/// Keeps the lines for a merchant with a public key, or those for one with platform certificates only.
fn selected(template: &str, has_public_key: bool) -> String {
    let (wanted, other) = match has_public_key {
        true => ("@if_public_key@", "@if_certificates@"),
        false => ("@if_certificates@", "@if_public_key@"),
    };
    let lines = template.lines().filter(|line| !line.starts_with(other));
    lines.map(|line| line.strip_prefix(wanted).unwrap_or(line).to_owned() + "\n").collect()
}

fn values(folder: &Path, environment: &Environment) -> Vec<(&'static str, String)> {
    let ca = environment.ca_file.as_ref().map(|ca| folder.join(ca).display().to_string());
    let authority = environment.proxy.as_deref().and_then(|url| url.strip_prefix("http://"));
    let (host, port) =
        authority.and_then(|it| it.rsplit_once(':')).unwrap_or(("127.0.0.1", "8443"));
    let dir = folder.display().to_string();
    vec![
        ("url", environment.url.clone()),
        ("ca", ca.unwrap_or_else(|| format!("{dir}/ca.pem"))),
        ("proxy_host", host.to_owned()),
        ("proxy_port", port.to_owned()),
        ("mchid", environment.mchid.clone()),
        ("appid", environment.appid.clone()),
        ("serial_no", environment.serial_no.clone()),
        ("public_key_id", environment.wechatpay_public_key_id.clone().unwrap_or_default()),
        ("apiv3_key", environment.apiv3_key.clone()),
        ("php_certs", certificates(environment, &dir, php_certificate)),
        ("node_certs", certificates(environment, &dir, node_certificate)),
        ("dir", dir),
    ]
}

/// Lists the keys that verify responses and notifications: their ids and files.
fn certificates(environment: &Environment, dir: &str, line: fn(&str, &str) -> String) -> String {
    let public_key = environment.wechatpay_public_key_id.clone();
    let public_key = public_key.zip(environment.wechatpay_public_key_file.clone());
    let platform = environment.platform_certificate_files.iter().filter_map(|name| {
        let serial = name.file_stem()?.to_str()?.rsplit_once('_')?.1;
        Some((serial.to_owned(), name.clone()))
    });
    let keys = public_key.into_iter().chain(platform);
    keys.map(|(id, name)| line(&id, &format!("{dir}/{}", name.display()))).collect()
}

fn php_certificate(id: &str, file: &str) -> String {
    format!("        '{id}' => Rsa::from('file://{file}', Rsa::KEY_TYPE_PUBLIC),\n")
}

fn node_certificate(id: &str, file: &str) -> String {
    format!("    '{id}': readFileSync('{file}'),\n")
}
