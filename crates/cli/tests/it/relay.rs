//! A network between client and service that does what a test says.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Passes bytes on between its own address and a service's.
pub(crate) struct Relay {
    url: String,
    lose: Arc<AtomicUsize>,
}

/// What happens to the bytes of a request on their way.
pub(crate) type Alter = fn(Vec<u8>) -> Vec<u8>;

impl Relay {
    pub(crate) async fn start(service: SocketAddr, alter: Alter) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let lose = Arc::<AtomicUsize>::default();
        let losing = Arc::clone(&lose);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, service, alter, Arc::clone(&losing)));
            }
        });
        Self { url, lose }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The next answer is lost, with its connection.
    pub(crate) fn lose_an_answer(&self) {
        self.lose.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn to_be_lost(&self) -> usize {
        self.lose.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, service: SocketAddr, alter: Alter, lose: Arc<AtomicUsize>) {
    let service = TcpStream::connect(service).await.unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_service, mut to_service) = service.into_split();
    let requests = async {
        let mut bytes = vec![0; 64 << 10];
        while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
            let altered = alter(bytes[..count].to_vec());
            if to_service.write_all(&altered).await.is_err() {
                break;
            }
        }
    };
    let answers = async {
        let mut bytes = vec![0; 64 << 10];
        while let Ok(count @ 1..) = from_service.read(&mut bytes).await {
            let one = |left: usize| left.checked_sub(1);
            let lost = lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one);
            if lost.is_ok() || to_client.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = requests => {}
        () = answers => {}
    }
}
