//! One connection through the proxy, both ways.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;

use super::Orders;

/// How a connection ends.
enum Ending {
    Reset,
    Clean,
}

/// Which way bytes go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    ToServer,
    ToClient,
}

/// Forwards between a client and the upstream until either side or an order ends it.
pub(super) async fn run(mut client: TcpStream, orders: watch::Sender<Orders>) {
    let before = orders.borrow().clone();
    let Ok(mut server) = TcpStream::connect(before.upstream).await else {
        // As from a server that is gone: the proxy's own accept must not look like success.
        let _ = client.set_zero_linger();
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));

    let ending = tokio::select! {
        ending = ordered_ending(&orders, &before) => ending,
        forwarded = forward_both(&mut client, &mut server, &orders) => match forwarded {
            Ok(()) => Ending::Clean,
            Err(_) => Ending::Reset,
        },
    };
    match ending {
        Ending::Reset => {
            let _ = (client.set_zero_linger(), server.set_zero_linger());
        }
        Ending::Clean => {
            let _ = (client.shutdown().await, server.shutdown().await);
        }
    }
}

async fn ordered_ending(orders: &watch::Sender<Orders>, before: &Orders) -> Ending {
    let mut orders = orders.subscribe();
    let ordered = orders
        .wait_for(|now| now.resets > before.resets || now.ends > before.ends)
        .await;
    match ordered {
        Ok(now) if now.ends > before.ends => Ending::Clean,
        _ => Ending::Reset,
    }
}

async fn forward_both(
    client: &mut TcpStream,
    server: &mut TcpStream,
    orders: &watch::Sender<Orders>,
) -> io::Result<()> {
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    tokio::try_join!(
        forward(from_client, to_server, Direction::ToServer, orders),
        forward(from_server, to_client, Direction::ToClient, orders),
    )?;
    Ok(())
}

/// Forwards one way until its end, which is forwarded too.
async fn forward(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    direction: Direction,
    orders: &watch::Sender<Orders>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 << 10];
    loop {
        let count = from.read(&mut buffer).await?;
        hold_back(orders).await;
        if count == 0 {
            return to.shutdown().await;
        }
        let left = match direction {
            Direction::ToServer => None,
            Direction::ToClient => bytes_until_reset(orders, count),
        };
        to.write_all(&buffer[..left.unwrap_or(count)]).await?;
        if left.is_some() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
    }
}

async fn hold_back(orders: &watch::Sender<Orders>) {
    let mut changes = orders.subscribe();
    let delay = match changes.wait_for(|orders| !orders.stalled).await {
        Ok(orders) => orders.delay,
        Err(_) => return,
    };
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}

/// Counts bytes on their way to a client. `Some`: the ordered reset comes after so many of them.
fn bytes_until_reset(orders: &watch::Sender<Orders>, count: usize) -> Option<usize> {
    let mut reached = None;
    orders.send_if_modified(|orders| {
        match orders.reset_after {
            Some(left) if left <= count => {
                reached = Some(left);
                orders.reset_after = None;
            }
            Some(left) => orders.reset_after = Some(left - count),
            None => {}
        }
        // The count is nobody's business but this function's.
        false
    });
    reached
}
