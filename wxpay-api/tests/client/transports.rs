//! Settings of connections: proxies, root certificates, and gateways with a path.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use wxpay_api::sandbox::{BillFile, Sandbox};
use wxpay_api::{CertificateDownload, ErrorKind, FileLink, Outcome, Retries, Transport};

use crate::gateway::Message;
use crate::{cancel, sandbox};

/// The environment variables that name proxies.
const PROXY_VARIABLES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];

/// The sandbox behind TLS, for these names: its port, and the certificate to trust.
pub(crate) async fn tls(sandbox: &Sandbox, names: &[&str]) -> (u16, String) {
    let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    let issued = rcgen::generate_simple_self_signed(names).unwrap();
    let pem = issued.cert.pem();
    let key = PrivateKeyDer::try_from(issued.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![issued.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let upstream = sandbox.url().trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, upstream) = (acceptor.clone(), upstream.clone());
            tokio::spawn(async move {
                let mut client = acceptor.accept(stream).await.ok()?;
                let mut server = TcpStream::connect(upstream).await.ok()?;
                copy_bidirectional(&mut client, &mut server).await.ok()
            });
        }
    });
    (port, pem)
}

/// A proxy that leads every tunnel to `port` of this machine; 0 leads it to the requested port.
async fn proxy(port: u16) -> (String, Arc<Mutex<Vec<Message>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heads = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let heads = Arc::clone(&heads);
            tokio::spawn(async move {
                let request = Message::read(&mut client).await?;
                let authority = request.head.split(' ').nth(1)?.to_owned();
                let asked = authority.rsplit(':').next()?.parse().ok()?;
                heads.lock().unwrap().push(request);
                let port = if port == 0 { asked } else { port };
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
                let head = "HTTP/1.1 200 Connection established\r\n\r\n".to_owned();
                Message { head, body: Vec::new() }.write(&mut client).await?;
                copy_bidirectional(&mut client, &mut server).await.ok()
            });
        }
    });
    (url, asked)
}

/// Calls WeChat Pay's own host, with only a proxy and a root certificate as settings.
#[tokio::test]
async fn a_proxy_and_a_root_certificate_lead_to_wechat_pays_host() {
    const HOST: &str = "api.mch.weixin.qq.com";
    let (sandbox, _) = sandbox().await;
    let (port, pem) = tls(&sandbox, &[HOST]).await;
    let (proxy, asked) = proxy(port).await;
    let with_password = proxy.replace("http://", "http://user:hunter2@");
    let builder = Transport::builder().proxy(with_password).root_certificates(&pem).http1_only();
    assert!(!format!("{builder:?}").contains("hunter2"));
    let transport = builder.build().unwrap();
    let keys = sandbox.wechatpay_public_key();
    let builder = || {
        wxpay_api::Client::builder(sandbox.merchant().clone())
            .wechatpay_public_key(&keys.0, &keys.1)
            .retries(Retries::none())
    };
    let wx = builder().transport(&transport).build().unwrap();
    assert_eq!(cancel(&wx).await.unwrap().out_order_no, "order-1");
    {
        let asked = asked.lock().unwrap();
        assert!(asked[0].head.starts_with("CONNECT api.mch.weixin.qq.com:443 HTTP/1.1\r\n"));
        assert!(asked[0].headers("proxy-authorization").next().is_some());
    }
    // Without the root certificate, TLS fails and nothing is sent.
    let transport = Transport::builder().proxy(&proxy).build().unwrap();
    let wx = builder().transport(&transport).build().unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect(_)), "{error}");
    assert_eq!((error.outcome(), sandbox.received().len()), (Outcome::NotSent, 1));
}

#[test]
fn invalid_settings_are_named() {
    for (url, why) in [
        ("socks5://user:hunter2@127.0.0.1:1080", "only HTTP proxies"),
        ("http://", "not a URL"),
        ("http://user:hunter2@exa mple", "not a URL"),
    ] {
        let error = Transport::builder().proxy(url).build().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("proxy") && shown.contains(why), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    Transport::builder().proxy("proxy.internal:3128").build().unwrap();
    for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"] {
        let error = Transport::builder().root_certificates(pem).build().unwrap_err();
        assert!(error.to_string().contains("root certificates"), "{error}");
    }
}

/// The part of [`the_environments_proxy_serves_https_under_any_base_url`] that runs with another
/// environment: a client with a transport of its own.
#[tokio::test]
async fn with_the_default_transport_in_a_child_process() {
    let Ok(wanted) = std::env::var("WXPAY_TEST_DEFAULT_TRANSPORT") else {
        return;
    };
    let (sandbox, _) = sandbox().await;
    let (port, _) = tls(&sandbox, &["localhost"]).await;
    let retries = Retries::new().attempts(2).first_pause(std::time::Duration::from_millis(1));
    let builder = sandbox.client_builder().retries(retries);
    let builder = match &*wanted {
        "plain" => builder,
        "plain to plain" => builder.base_url(sandbox.dead_url()).backup_url(sandbox.url()),
        "plain to https" => {
            builder.base_url(sandbox.dead_url()).backup_url(format!("https://localhost:{port}"))
        }
        "https to plain" => {
            builder.base_url(format!("https://localhost:{port}")).backup_url(sandbox.url())
        }
        _ => {
            let https = format!("https://localhost:{port}");
            let error = builder.base_url(sandbox.url()).backup_url(https).build().unwrap_err();
            assert!(format!("{error:?}").contains("HTTPS_PROXY"), "{error:?}");
            return;
        }
    };
    let called = cancel(&builder.build().unwrap()).await;
    // The certificate of the test is not trusted, so that nothing is sent there.
    assert_eq!(called.is_ok(), wanted != "plain to https", "{called:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environments_proxy_serves_https_under_any_base_url() {
    let (proxy, asked) = proxy(0).await;
    for (wanted, variable, through) in [
        ("plain", &*proxy, 0),
        ("plain to plain", &*proxy, 0),
        ("plain to https", &*proxy, 1),
        ("https to plain", &*proxy, 1),
        // An invalid proxy that is not needed does not block the sandbox.
        ("plain", "socks5://127.0.0.1:1", 0),
        ("plain to plain", "socks5://127.0.0.1:1", 0),
        ("refused", "socks5://127.0.0.1:1", 0),
    ] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        for name in PROXY_VARIABLES {
            child.env_remove(name);
        }
        child.args(["--exact", "transports::with_the_default_transport_in_a_child_process"]);
        child.env("WXPAY_TEST_DEFAULT_TRANSPORT", wanted).env("HTTPS_PROXY", variable);
        let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{wanted} {variable}: {shown}");
        assert!(shown.contains("1 passed"), "{shown}");
        let count = std::mem::take(&mut *asked.lock().unwrap()).len();
        assert_eq!(count, through, "{wanted} {variable}");
    }
}

/// The part of [`the_environments_proxy_is_used_unless_one_is_set`] that runs with another
/// environment. In the test runner itself, this test does nothing.
#[tokio::test]
async fn in_the_environment_of_a_child_process() {
    let Ok(wanted) = std::env::var("WXPAY_TEST_PROXY") else {
        return;
    };
    let (sandbox, _) = sandbox().await;
    let (port, pem) = tls(&sandbox, &["localhost"]).await;
    let builder = Transport::builder().root_certificates(&pem);
    let transport = match &*wanted {
        "environment" => builder.build(),
        "none" => builder.no_proxy().build(),
        "refused" => {
            let error = builder.build().unwrap_err();
            assert!(error.to_string().contains("HTTPS_PROXY"), "{error}");
            return;
        }
        url => builder.proxy(url).build(),
    };
    let builder = sandbox.client_builder().base_url(format!("https://localhost:{port}"));
    let wx = builder.transport(&transport.unwrap()).build().unwrap();
    cancel(&wx).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environments_proxy_is_used_unless_one_is_set() {
    let (env_proxy, by_env) = proxy(0).await;
    let (own_proxy, by_own) = proxy(0).await;
    let count = |asked: &Mutex<Vec<Message>>| std::mem::take(&mut *asked.lock().unwrap()).len();
    for (wanted, variables, through) in [
        ("environment", vec![("HTTPS_PROXY", &*env_proxy)], (1, 0)),
        ("environment", vec![("https_proxy", &*env_proxy)], (1, 0)),
        ("environment", vec![("ALL_PROXY", &*env_proxy)], (1, 0)),
        ("environment", vec![("HTTPS_PROXY", &*env_proxy), ("NO_PROXY", "localhost")], (0, 0)),
        ("environment", vec![("HTTPS_PROXY", "")], (0, 0)),
        ("none", vec![("HTTPS_PROXY", &*env_proxy)], (0, 0)),
        (&*own_proxy, vec![("HTTPS_PROXY", &*env_proxy), ("NO_PROXY", "localhost")], (0, 1)),
        ("refused", vec![("HTTPS_PROXY", "socks5://127.0.0.1:1")], (0, 0)),
    ] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        for name in PROXY_VARIABLES {
            child.env_remove(name);
        }
        child.args(["--exact", "transports::in_the_environment_of_a_child_process"]);
        child.env("WXPAY_TEST_PROXY", wanted).envs(variables.iter().copied());
        let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{wanted} {variables:?}: {shown}");
        assert!(shown.contains("1 passed"), "{shown}");
        assert_eq!((count(&by_env), count(&by_own)), through, "{wanted} {variables:?}");
    }
}

/// A gateway that publishes WeChat Pay below `/wxpay` and removes that prefix. Counts requests
/// elsewhere.
async fn gateway_with_a_path(sandbox: &Sandbox) -> (String, Arc<AtomicUsize>) {
    let upstream = sandbox.url().trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/wxpay", listener.local_addr().unwrap());
    let astray = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&astray);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (upstream, count) = (upstream.clone(), Arc::clone(&count));
            tokio::spawn(async move {
                let mut server = TcpStream::connect(upstream).await.ok()?;
                loop {
                    let mut request = Message::read(&mut client).await?;
                    if !request.head.contains(" /wxpay/") {
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    request.head = request.head.replacen(" /wxpay/", " /", 1);
                    request.write(&mut server).await?;
                    Message::read(&mut server).await?.write(&mut client).await?;
                }
                #[expect(unreachable_code, reason = "the type of the block")]
                Some(())
            });
        }
    });
    (url, astray)
}

#[tokio::test]
async fn a_gateways_path_is_used_for_everything_and_not_signed() {
    let (sandbox, _) = sandbox().await;
    let (url, astray) = gateway_with_a_path(&sandbox).await;
    for base in [url.clone(), format!("{url}/")] {
        let builder = sandbox.client_builder().base_url(base).retries(Retries::none());
        let wx = builder.download_certificates(CertificateDownload::new()).build().unwrap();
        let reply = cancel(&wx).reply().await.unwrap();
        assert_eq!(reply.sent().target, "/v3/payscore/serviceorder/order-1/cancel");
        assert!(reply.sent().signed_message.starts_with(b"POST\n/v3/payscore/"));
        assert_eq!(wx.keys().certificates().len(), 1, "certificates came through the gateway");
        // Links of WeChat Pay's hosts, and the gateway's own.
        sandbox.set_bill(BillFile::rows(3));
        let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01")).await.unwrap();
        let target = bill.download_url.trim_start_matches(sandbox.url()).to_owned();
        for link in [format!("https://api.mch.weixin.qq.com{target}"), format!("{url}{target}")] {
            let file = wx.download_url(FileLink::new(link)).unchecked().await.unwrap();
            assert!(!file.content().is_empty());
        }
        let error = wx.get("/v3/../wxpay").await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    }
    assert_eq!(astray.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_gateway_without_a_connection_is_not_replaced_by_the_backup_host() {
    let (sandbox, _) = sandbox().await;
    let builder = sandbox.client_builder().base_url(format!("{}/wxpay", sandbox.dead_url()));
    let error = cancel(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 3), "{error}");
}

#[tokio::test]
async fn plain_http_is_refused_unless_the_caller_allows_it() {
    let (sandbox, _) = sandbox().await;
    let plain = "http://gateway.internal:8080/wxpay";
    let error = sandbox.client_builder().base_url(plain).build().unwrap_err().to_string();
    for advice in ["https", "root_certificates", "base_url_over_plain_http"] {
        assert!(error.contains(advice), "{error}");
    }
    sandbox.client_builder().base_url_over_plain_http(plain).build().unwrap();
    let error = sandbox.client_builder().base_url_over_plain_http("ftp://gateway").build();
    assert!(error.is_err());
}

#[tokio::test]
async fn a_bare_question_mark_is_refused() {
    let (sandbox, wx) = sandbox().await;
    for target in ["/v3/certificates?", "/v3/certificates??"] {
        let error = wx.get(target).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(error.to_string().contains("question mark"), "{error}");
    }
    assert!(sandbox.received().is_empty());
}
