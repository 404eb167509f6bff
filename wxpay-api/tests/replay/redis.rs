//! The guard in Redis. Each test has its own server.

use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

use wxpay_api::replay::{Claim, RedisReplayGuard, ReplayError, ReplayGuard};

use crate::contract::{LONG, claim, contract, keys, ticket};
use crate::server::{free_port, redis};

contract!(redis);

/// Asserts that a claim fails, and early enough for a response within WeChat Pay's 5 seconds.
async fn assert_unreachable(guard: &dyn ReplayGuard) {
    let asked = Instant::now();
    let error = guard.claim(&keys("id-1", "order-1")).await.unwrap_err();
    assert!(matches!(error, ReplayError::Store(_)), "{error}");
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn without_a_server_no_claim_is_granted() {
    let guard = RedisReplayGuard::new(&format!("redis://127.0.0.1:{}", free_port())).unwrap();
    for _ in 0..3 {
        assert_unreachable(&guard).await;
    }
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}", silent.local_addr().unwrap());
    assert_unreachable(&RedisReplayGuard::new(&url).unwrap()).await;
}

#[tokio::test]
async fn it_connects_when_the_server_comes_and_again_when_it_comes_back() {
    let Some(mut server) = redis().await else { return };
    server.stop();
    let guard = server.guard(LONG, LONG);
    assert_unreachable(&*guard).await;
    server.start();
    let first = reached(&*guard, "order-1").await;
    guard.complete(first).await.unwrap();

    let unfinished = ticket(&*guard, &keys("id-2", "order-2")).await;
    server.stop();
    let error = guard.complete(unfinished).await.unwrap_err();
    assert!(matches!(error, ReplayError::Store(_)), "{error}");
    assert_unreachable(&*guard).await;
    server.start();
    let _ticket = reached(&*guard, "order-3").await;
}

#[tokio::test]
async fn a_completion_is_recorded_even_if_its_future_is_dropped() {
    let Some(server) = redis().await else { return };
    let guard = server.guard(LONG, LONG);
    let ticket = ticket(&*guard, &keys("id-1", "order-1")).await;
    // Another instance has to connect first, and its future is dropped before.
    let other = server.guard(LONG, LONG);
    let mut completion = other.complete(ticket);
    poll_fn(|context| {
        assert!(completion.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
    drop(completion);
    for _ in 0..100 {
        match claim(&*guard, &keys("id-1", "order-1")).await {
            Claim::Done => return,
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    panic!("it would be done again when its lease ends");
}

/// Claims until the guard has found its server, which takes one or two claims.
async fn reached(guard: &dyn ReplayGuard, order: &str) -> wxpay_api::replay::Ticket {
    for _ in 0..100 {
        match guard.claim(&keys(order, order)).await {
            Ok(Claim::New(ticket)) => return ticket,
            Ok(other) => panic!("{other:?}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    panic!("the guard does not find its server")
}

#[tokio::test]
async fn several_instances_share_one_memory_under_one_prefix() {
    let Some(server) = redis().await else { return };
    let one = server.guard(LONG, LONG);
    let two = server.guard(LONG, LONG);
    let elsewhere = RedisReplayGuard::new(&server.url()).unwrap().prefix("{other}:");
    let ticket = ticket(&*one, &keys("id-1", "order-1")).await;
    let copy = claim(&*two, &keys("id-1", "order-1")).await;
    assert!(matches!(copy, Claim::InProgress), "{copy:?}");
    two.complete(ticket).await.unwrap();
    let copy = claim(&*one, &keys("id-1", "order-1")).await;
    assert!(matches!(copy, Claim::Done), "{copy:?}");
    let copy = claim(&elsewhere, &keys("id-1", "order-1")).await;
    assert!(matches!(copy, Claim::New(_)), "{copy:?}");
}

#[tokio::test]
async fn another_programs_value_under_a_key_is_never_new() {
    let Some(server) = redis().await else { return };
    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let key = keys("id-1", "").iter().map(|key| format!("wxpay:replay:{key}")).next().unwrap();
    let () = ::redis::cmd("RPUSH").arg(key).arg(1).query_async(&mut connection).await.unwrap();
    let error = server.guard(LONG, LONG).claim(&keys("id-1", "")).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap();
    assert!(cause.to_string().contains("WRONGTYPE"), "{cause}");
}

#[tokio::test]
async fn every_key_ends_by_itself() {
    let Some(server) = redis().await else { return };
    let guard = RedisReplayGuard::new(&server.url()).unwrap();
    let done = ticket(&guard, &keys("id-1", "order-1")).await;
    guard.complete(done).await.unwrap();
    let _claimed = ticket(&guard, &keys("id-2", "order-2")).await;

    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let stays = async |keys: wxpay_api::replay::ReplayKeys, connection: &mut _| {
        let mut seconds = Vec::new();
        for key in keys.iter() {
            let mut command = ::redis::cmd("TTL");
            command.arg(format!("wxpay:replay:{key}"));
            seconds.push(command.query_async::<i64>(connection).await.unwrap());
        }
        seconds
    };
    let repeats = (24 * 60 + 4) * 60;
    let done = stays(keys("id-1", "order-1"), &mut connection).await;
    assert!(done.iter().all(|seconds| *seconds > repeats), "{done:?}");
    let claimed = stays(keys("id-2", "order-2"), &mut connection).await;
    assert!(claimed.iter().all(|seconds| (1..=45).contains(seconds)), "{claimed:?}");
}

#[tokio::test]
async fn no_password_is_shown() {
    let error = RedisReplayGuard::new("redis://user:hidden@127.0.0.1:port/").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
    let guard = RedisReplayGuard::new("redis://user:hidden@127.0.0.1:1/").unwrap();
    assert!(!format!("{guard:?}").contains("hidden"), "{guard:?}");
    let error = guard.claim(&keys("id-1", "order-1")).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
}

#[test]
fn outside_a_runtime_it_is_an_error() {
    let error = RedisReplayGuard::new("redis://127.0.0.1:1/").unwrap_err();
    let cause = std::error::Error::source(&error).unwrap();
    assert!(cause.to_string().contains("runtime"), "{cause}");
}
