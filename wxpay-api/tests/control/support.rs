//! Raw requests to the control surface, and orders to pay.

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::Client;
use wxpay_api::sandbox::Sandbox;

pub(crate) const APPID: &str = "wxd678efh567hg6787";

/// A raw request. Without changes it is one of a program on this machine.
#[derive(Clone)]
pub(crate) struct Raw {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    host: Option<String>,
}

pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Raw {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        let (method, target) = (method.to_owned(), target.to_owned());
        Self { method, target, headers: Vec::new(), body: Vec::new(), host: None }
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn json(method: &str, target: &str, body: &Value) -> Self {
        let request = Self::new(method, target).header("Content-Type", "application/json");
        request.body(body.to_string())
    }

    pub(crate) fn post(target: &str, body: &Value) -> Self {
        Self::json("POST", target, body)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Replaces the `Host`. Without it, the header is the sandbox's own.
    pub(crate) fn host(self, host: &str) -> Self {
        Self { host: Some(host.to_owned()), ..self }
    }

    pub(crate) async fn send(self, sandbox: &Sandbox) -> Got {
        let address = sandbox.url().trim_start_matches("http://");
        let host = self.host.as_deref().unwrap_or(address);
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !host.is_empty() {
            head.push_str(&format!("Host: {host}\r\n"));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", self.body.len()));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&[head.as_bytes(), &self.body].concat()).await.unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await.unwrap();
        Got::parse(&String::from_utf8(response).unwrap())
    }
}

impl Got {
    fn parse(response: &str) -> Self {
        let (head, body) = response.split_once("\r\n\r\n").expect("a response");
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            let value = value.trim().parse::<HeaderValue>().unwrap();
            (name.parse::<HeaderName>().unwrap(), value)
        });
        Self { status, headers: headers.collect(), body: body.to_owned() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// The code of an error.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) async fn start() -> Sandbox {
    Sandbox::start().await.unwrap()
}

/// Orders by JSAPI, app, H5 or Native, and returns the response.
pub(crate) async fn order(sandbox: &Sandbox, segment: &str, number: &str) -> Value {
    let wx = sandbox.client().unwrap();
    order_with(&wx, sandbox.merchant().id(), segment, number).await
}

pub(crate) async fn order_with(wx: &Client, mchid: &str, segment: &str, number: &str) -> Value {
    let mut body = json!({
        "appid": APPID,
        "mchid": mchid,
        "description": "QQ公仔 <b>&\"'",
        "out_trade_no": number,
        "notify_url": "https://shop.example/notify",
        "amount": { "total": 7, "currency": "CNY" },
    });
    match segment {
        "jsapi" => body["payer"] = json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }),
        "h5" => {
            let scene = json!({ "payer_client_ip": "127.0.0.1", "h5_info": { "type": "Wap" } });
            body["scene_info"] = scene;
        }
        _ => {}
    }
    let response = wx.post(format!("/v3/pay/transactions/{segment}"), body).await.unwrap();
    serde_json::to_value(response).unwrap()
}

/// Plans the response to the next order over HTTP.
pub(crate) async fn plan(sandbox: &Sandbox, method: &str, path: &str, response: Value) {
    let body = json!({ "method": method, "path": path, "json": response });
    let got = Raw::post("/_sandbox/responses", &body).send(sandbox).await;
    assert_eq!(got.status, 204, "{}", got.body);
}

/// Orders, and gets this prepay id.
pub(crate) async fn order_as(sandbox: &Sandbox, segment: &str, number: &str, prepay_id: &str) {
    let path = format!("/v3/pay/transactions/{segment}");
    plan(sandbox, "POST", &path, json!({ "prepay_id": prepay_id })).await;
    let order = order(sandbox, segment, number).await;
    assert_eq!(order["prepay_id"], prepay_id);
}

/// Verifies what a front end is given, over HTTP.
pub(crate) async fn verify(sandbox: &Sandbox, parameters: &Value) -> Got {
    let body = json!({ "parameters": parameters });
    Raw::post("/_sandbox/front-end/verify", &body).send(sandbox).await
}

/// Returns the problems of refused parameters as `member issue` texts.
pub(crate) async fn problems(sandbox: &Sandbox, parameters: &Value) -> Vec<String> {
    let got = verify(sandbox, parameters).await;
    assert_eq!((got.status, got.code().as_str()), (422, "WRONG_PARAMETERS"), "{}", got.body);
    let problems = got.json()["detail"]["problems"].clone();
    let text = |problem: &Value| {
        format!("{} {}", problem["member"].as_str().unwrap(), problem["issue"].as_str().unwrap())
    };
    problems.as_array().unwrap().iter().map(text).collect()
}

/// Returns the only problem of refused parameters.
pub(crate) async fn problem(sandbox: &Sandbox, parameters: &Value) -> String {
    let problems = problems(sandbox, parameters).await;
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].clone()
}
