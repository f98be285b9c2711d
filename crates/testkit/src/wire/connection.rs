//! One accepted connection, playing its script.

use std::sync::Arc;

use bytes::BytesMut;

use super::request::{self, RecordedRequest};
use super::script::{Script, Step};
use super::server::{Playing, Shared};
use super::socket::Socket;

pub(super) struct Connection {
    socket: Socket,
    /// What was read beyond the last request.
    buffer: BytesMut,
    number: usize,
    shared: Arc<Shared>,
    /// A request that was read to find its script, and that the script may still expect.
    pending: Option<RecordedRequest>,
    /// Last, so that the socket is closed when the script counts as played.
    playing: Option<Playing>,
}

/// What a step leaves behind.
enum After {
    GoOn,
    Ended,
}

impl Connection {
    pub(super) fn new(socket: Socket, number: usize, shared: Arc<Shared>) -> Self {
        Self {
            socket,
            buffer: BytesMut::new(),
            number,
            shared,
            pending: None,
            playing: None,
        }
    }

    /// Plays the connection's script, or those of its requests; `Err` is a fault of the test.
    pub(super) async fn play(&mut self) -> Result<(), String> {
        self.playing = Some(self.shared.playing());
        if let Some(script) = self.shared.script_for_connection() {
            return self.play_script(script?).await.map(drop);
        }
        loop {
            // Nothing is being played while a kept connection is idle.
            self.playing = None;
            let Some(request) = self.read_request().await? else {
                return Ok(());
            };
            self.playing = Some(self.shared.playing());
            let Some(script) = self.shared.script_for_request(&request) else {
                let refusal = format!("no route for {request}");
                self.play_script(Script::new().respond(500, refusal.clone()))
                    .await?;
                return Err(refusal);
            };
            self.pending = Some(request);
            if let After::Ended = self.play_script(script).await? {
                return Ok(());
            }
        }
    }

    async fn play_script(&mut self, script: Script) -> Result<After, String> {
        for step in script.steps {
            if let After::Ended = self.play_step(step).await? {
                return Ok(After::Ended);
            }
        }
        Ok(After::GoOn)
    }

    async fn play_step(&mut self, step: Step) -> Result<After, String> {
        match step {
            Step::Expect(pattern) => self.expect(pattern.as_deref()).await?,
            // A peer that left needs no answer: the script ends, as the connection did.
            Step::Send(bytes) => {
                if self.socket.write_all(&bytes).await.is_err() {
                    return Ok(After::Ended);
                }
            }
            Step::Trickle(bytes) => {
                for byte in bytes {
                    if self.socket.write_all(&[byte]).await.is_err() {
                        return Ok(After::Ended);
                    }
                    // Lets the peer read this one before the next.
                    tokio::task::yield_now().await;
                }
            }
            Step::Wait(gate) => gate.wait().await,
            Step::Signal(gate) => gate.open(),
            Step::Delay(time) => tokio::time::sleep(time).await,
            Step::AwaitHangUp => {
                self.await_hang_up().await;
                return Ok(After::Ended);
            }
            Step::Close => {
                let _ = self.socket.shutdown().await;
                return Ok(After::Ended);
            }
            Step::Reset => {
                self.socket
                    .reset_on_drop()
                    .map_err(|error| format!("linger: {error}"))?;
                return Ok(After::Ended);
            }
        }
        Ok(After::GoOn)
    }

    async fn expect(&mut self, pattern: Option<&str>) -> Result<(), String> {
        let request = match self.pending.take() {
            Some(request) => Some(request),
            None => self.read_request().await?,
        };
        let wanted = pattern.unwrap_or("a request");
        match request {
            None => Err(format!("the peer left where {wanted} was expected")),
            Some(request) if pattern.is_none_or(|pattern| request.matches(pattern)) => Ok(()),
            Some(request) => Err(format!("{request} came where {wanted} was expected")),
        }
    }

    async fn read_request(&mut self) -> Result<Option<RecordedRequest>, String> {
        let request = request::read(&mut self.socket, &mut self.buffer, self.number).await?;
        if let Some(request) = &request {
            self.shared.record(request.clone());
        }
        Ok(request)
    }

    /// Swallows what the peer sends until it ends the connection.
    async fn await_hang_up(&mut self) {
        while matches!(self.socket.read_buf(&mut self.buffer).await, Ok(1..)) {
            self.buffer.clear();
        }
    }
}
