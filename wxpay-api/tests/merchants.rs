//! Many merchants in one process: their cost, and that nothing remains after their removal.
//!
//! A binary of its own with one test, because memory and tasks are counted for the whole process.

#![cfg(all(feature = "pay", feature = "sandbox", target_os = "linux"))]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed expectation is a failed test"
)]

use std::fs;

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use wxpay_api::sandbox::{Account, KeyMode, Sandbox, SandboxNotification};
use wxpay_api::{CertificateDownload, Client, Clients, Merchant, Transport};

const MERCHANTS: usize = 1500;
/// Few sockets, because some systems allow no more.
const AT_A_TIME: usize = 50;
const ORDER: &str = "/v3/pay/transactions/id/4200000000000000000000000000";

#[tokio::test]
async fn many_merchants_share_connections_and_leave_nothing_behind() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let accounts: Vec<_> = (0..MERCHANTS)
        .map(|number| sandbox.add_merchant(format!("19{number:08}")).unwrap())
        .collect();
    accounts.iter().for_each(|account| account.set_key_mode(KeyMode::Certificates));
    let transport = Transport::new().unwrap();
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let (tasks_before, before) = (tasks(), resident());
    let clients = collection(&sandbox, &accounts, &transport);
    let each = resident().saturating_sub(before) / MERCHANTS;
    println!("a merchant costs {each} bytes");
    assert!(each < 64 << 10, "a merchant costs {each} bytes");
    assert_eq!(tasks(), tasks_before, "a merchant has a task");
    assert_eq!(clients.len(), MERCHANTS);

    // At the start, each downloads its certificates once.
    call_all(&clients, &accounts).await;
    call_all(&clients, &accounts).await;
    let lists = sandbox.received().iter().filter(|one| one.target == "/v3/certificates").count();
    assert_eq!(lists, MERCHANTS);
    for account in accounts.iter().step_by(300) {
        let (headers, body) =
            account.notification(SandboxNotification::example("pay/transaction")).unwrap();
        let (client, _) = clients.notification(&headers, &body).await.unwrap();
        assert_eq!(client.id(), account.merchant().id());
    }

    // The memory of dropped clients is used again, round after round.
    drop(clients);
    let before = resident();
    for _ in 0..3 {
        drop(collection(&sandbox, &accounts, &transport));
    }
    let grown = resident().saturating_sub(before) / MERCHANTS;
    println!("a dropped merchant leaves {grown} bytes");
    assert!(grown < each.max(8 << 10) / 2, "each merchant leaves {grown} of {each} bytes");
}

/// The clients of all merchants, each with keys that were read from PEM texts for it.
fn collection(sandbox: &Sandbox, accounts: &[Account], transport: &Transport) -> Clients {
    let clients = Clients::new();
    for account in accounts {
        let (certificate, key) = account.merchant_pem().unwrap();
        let merchant = Merchant::from_pem(account.merchant().id(), certificate, key).unwrap();
        let client = Client::builder(merchant)
            .apiv3_key(account.apiv3_key())
            .download_certificates(CertificateDownload::new())
            .base_url(sandbox.url())
            .transport(transport);
        clients.insert(client.build().unwrap());
    }
    clients
}

async fn call_all(clients: &Clients, accounts: &[Account]) {
    for accounts in accounts.chunks(AT_A_TIME) {
        let calls = accounts.iter().map(|account| {
            let client = clients.get(account.merchant().id()).unwrap();
            client.get(format!("{ORDER}?mchid={}", client.id())).into_future()
        });
        let answers = calls.collect::<JoinSet<_>>().join_all().await;
        assert!(answers.iter().all(Result::is_ok));
    }
}

/// The memory that the process has, in bytes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
}
