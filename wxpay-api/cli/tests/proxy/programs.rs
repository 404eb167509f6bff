//! Programs in other languages reach the sandbox by the proxy and a CA variable alone.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::support::{HOST, Setup};

/// A program that makes an https request through a proxy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Program {
    Curl,
    Python,
    Requests,
    Node,
    Java,
}

/// Asks with the standard library of Python, which heeds `HTTPS_PROXY` and `SSL_CERT_FILE`.
const PYTHON: &str = "
import sys, urllib.error, urllib.request
try:
    response = urllib.request.urlopen(sys.argv[1])
except urllib.error.HTTPError as error:
    response = error
print(response.status, response.read().decode())
";

/// Asks with the package `requests`, which heeds `HTTPS_PROXY` and `REQUESTS_CA_BUNDLE`.
const REQUESTS: &str = "
import sys, requests
response = requests.get(sys.argv[1])
print(response.status_code, response.text)
";

/// Makes the tunnel itself, as the proxy agents of npm do. TLS heeds `NODE_EXTRA_CA_CERTS`.
const NODE: &str = r#"
const http = require("node:http"), https = require("node:https"), tls = require("node:tls");
const proxy = new URL(process.env.HTTPS_PROXY), { hostname } = new URL(process.argv[1]);
const fail = (error) => { console.error(error); process.exit(1); };
const connect = http.request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path: `${hostname}:443` });
connect.on("error", fail).on("connect", (answer, socket) => {
  if (answer.statusCode !== 200) fail(`the proxy refuses with ${answer.statusCode}`);
  const servername = /^[\d.]+$/.test(hostname) ? undefined : hostname;
  const agent = new https.Agent();
  agent.createConnection = () => tls.connect({ socket, servername, host: hostname });
  https.get(process.argv[1], { agent }, async (response) => {
    let text = "";
    for await (const part of response) text += part;
    console.log(response.statusCode, text);
  }).on("error", fail);
}).end();
"#;

/// Asks with the client of the JDK. Its trust store is made by keytool.
const JAVA: &str = r#"
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.*;

public class Ask {
    public static void main(String[] arguments) throws Exception {
        var client = HttpClient.newBuilder().proxy(ProxySelector.getDefault()).build();
        var request = HttpRequest.newBuilder(URI.create(arguments[0])).build();
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(response.statusCode() + " " + response.body());
    }
}
"#;

impl Program {
    pub(crate) const ALL: [Self; 5] =
        [Self::Curl, Self::Python, Self::Requests, Self::Node, Self::Java];

    /// Returns whether the program is here. `.ci/run` installs some of them, so that they must be.
    pub(crate) async fn is_here(self) -> bool {
        let (name, arguments): (_, &[_]) = match self {
            Self::Curl => ("curl", &["--version"]),
            Self::Python => ("python3", &["--version"]),
            Self::Requests => ("python3", &["-c", "import requests"]),
            Self::Node => ("node", &["--version"]),
            Self::Java => ("javac", &["--version"]),
        };
        let found = run(Command::new(name).args(arguments)).await.is_some_and(|(ok, _)| ok);
        let is_needed = matches!(self, Self::Curl | Self::Python | Self::Node);
        if !found {
            let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!(is_needed && in_ci), "{self:?} is missing, which `.ci/run` installs");
            eprintln!("SKIPPED: {self:?} is not on this machine");
        }
        found
    }

    /// Asks for a URL through a proxy, with a CA to trust. Returns what the program printed, errors included.
    pub(crate) async fn ask(self, url: &str, proxy: &str, ca: &Path) -> (bool, String) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = match self {
            Self::Curl => {
                let mut curl = Command::new("curl");
                curl.args(["--silent", "--show-error", url]).env("CURL_CA_BUNDLE", ca);
                curl
            }
            Self::Python => python(PYTHON, url, "SSL_CERT_FILE", ca),
            Self::Requests => python(REQUESTS, url, "REQUESTS_CA_BUNDLE", ca),
            Self::Node => {
                let mut node = Command::new("node");
                node.args(["-e", NODE, url]).env("NODE_EXTRA_CA_CERTS", ca);
                node
            }
            Self::Java => java(url, proxy, &trust_store(ca, folder.path()).await, folder.path()),
        };
        for name in ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "HTTP_PROXY"] {
            command.env_remove(name).env_remove(name.to_ascii_lowercase());
        }
        command.env("HTTPS_PROXY", proxy);
        run(&mut command).await.unwrap()
    }
}

fn python(script: &str, url: &str, variable: &str, ca: &Path) -> Command {
    let mut python = Command::new("python3");
    python.args(["-c", script, url]).env(variable, ca);
    python
}

/// Puts the certificate into a trust store, as the documentation says.
async fn trust_store(ca: &Path, folder: &Path) -> PathBuf {
    let store = folder.join("trust.p12");
    let mut keytool = Command::new("keytool");
    keytool.args(["-importcert", "-noprompt", "-alias", "wxpay-sandbox", "-storepass", "changeit"]);
    keytool.arg("-file").arg(ca).arg("-keystore").arg(&store);
    let (ok, text) = run(&mut keytool).await.unwrap();
    assert!(ok, "{text}");
    store
}

fn java(url: &str, proxy: &str, store: &Path, folder: &Path) -> Command {
    let source = folder.join("Ask.java");
    std::fs::write(&source, JAVA).unwrap();
    let (host, port) = proxy.trim_start_matches("http://").split_once(':').unwrap();
    let mut java = Command::new("java");
    java.arg(format!("-Djavax.net.ssl.trustStore={}", store.display()))
        .arg("-Djavax.net.ssl.trustStorePassword=changeit")
        .arg(format!("-Dhttps.proxyHost={host}"))
        .arg(format!("-Dhttps.proxyPort={port}"))
        .arg(source)
        .arg(url);
    java
}

/// Runs a command to its end; `None` if there is no such program.
async fn run(command: &mut Command) -> Option<(bool, String)> {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await.ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

#[tokio::test]
async fn programs_reach_the_sandbox_by_two_variables() {
    let setup = Setup::new().await;
    for program in Program::ALL {
        if !program.is_here().await {
            continue;
        }
        let before = setup.sandbox.received().len();
        let url = format!("https://{HOST}/v3/certificates");
        let (ok, text) = program.ask(&url, &setup.proxy_url(), setup.proxy.ca_file()).await;
        assert!(ok && text.contains("SIGN_ERROR"), "{program:?}: {text}");
        assert_eq!(setup.sandbox.received().len(), before + 1, "{program:?}");
        let (ok, text) =
            program.ask("https://example.com/", &setup.proxy_url(), setup.proxy.ca_file()).await;
        assert!(!ok && !text.contains("Example Domain"), "{program:?}: {text}");
    }
}

#[tokio::test]
async fn openssl_accepts_the_certificates_by_its_strictest_rules() {
    let setup = Setup::new().await;
    let found = run(Command::new("openssl").arg("version")).await.is_some_and(|(ok, _)| ok);
    if !found {
        return eprintln!("SKIPPED: openssl is not on this machine");
    }
    let kept = std::fs::read(setup.folder.path().join("proxy-keys.json")).unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
    let leaf = setup.folder.path().join("leaf.pem");
    let certificate = &kept["authorities"][0]["hosts"][HOST]["certificate"];
    std::fs::write(&leaf, certificate.as_str().unwrap()).unwrap();
    let mut verify = Command::new("openssl");
    verify.args(["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", HOST]);
    verify.arg("-CAfile").arg(setup.proxy.ca_file()).arg(&leaf);
    let (ok, text) = run(&mut verify).await.unwrap();
    assert!(ok, "{text}");
}
