//! Every setting of the service that is not one chain's.

use super::setting::Setting;
use super::settings::Settings;
use super::value::{Shape, duration, each, number, one, parsed, show, size, switch};

macro_rules! setting {
    ($key:literal, $shape:ident, $help:literal, $put:expr, $show:expr) => {
        Setting {
            key: $key,
            shape: Shape::$shape,
            is_secret: false,
            help: $help,
            put: $put,
            show: $show,
        }
    };
    (secret $key:literal, $shape:ident, $help:literal, $put:expr, $show:expr) => {
        Setting {
            is_secret: true,
            ..setting!($key, $shape, $help, $put, $show)
        }
    };
}
pub(super) use setting;

/// A setting that is a field of a field, read and shown as its shape says.
macro_rules! field {
    ($key:literal, Duration, $help:literal, $($path:ident).+) => {
        setting!($key, Duration, $help,
            |it, texts| { it.$($path).+ = duration(texts)?; Ok(()) }, |it| show::duration(it.$($path).+))
    };
    ($key:literal, Size, $help:literal, $($path:ident).+) => {
        setting!($key, Size, $help,
            |it, texts| { it.$($path).+ = size(texts)?; Ok(()) }, |it| show::size(it.$($path).+))
    };
    ($key:literal, Number, $help:literal, $($path:ident).+) => {
        setting!($key, Number, $help,
            |it, texts| { it.$($path).+ = number(texts)?; Ok(()) }, |it| show::number(it.$($path).+))
    };
    ($key:literal, Switch, $help:literal, $($path:ident).+) => {
        setting!($key, Switch, $help,
            |it, texts| { it.$($path).+ = switch(texts)?; Ok(()) }, |it| show::number(it.$($path).+))
    };
}
pub(super) use field;

/// In the order in which they are documented.
pub(crate) const SETTINGS: &[Setting<Settings>] = &[
    setting!(
        "listen",
        Text,
        "Where to listen. Port 0 takes a free one.",
        |it, texts| {
            it.service.listen = parsed(texts)?;
            Ok(())
        },
        |it| show::text(it.service.listen)
    ),
    field!(
        "insecure",
        Switch,
        "Allow an address other than loopback though there are no API keys.",
        service.insecure
    ),
    setting!(
        "data_dir",
        Text,
        "The folder of the database, made if need be.",
        |it, texts| {
            it.data_dir = parsed(texts)?;
            Ok(())
        },
        |it| show::text(it.data_dir.display())
    ),
    setting!(secret "rpc_urls", List, "Nodes, each as URL or CHAIN_ID=URL: http:// and https:// for data, ws:// and wss:// to be woken by new blocks. Without a chain id the node is asked for it. Those of a chain replace what a weaker place says about it.",
        |it, texts| { it.rpc_urls = each(texts)?; Ok(()) }, |it| show::list(&it.rpc_urls)),
    field!(
        "confirmations",
        Number,
        "Blocks to wait before an event is delivered, for chains and subscriptions that do not say.",
        confirmations
    ),
    field!(
        "allow_private_rpc",
        Switch,
        "Let chains that are set through the API have endpoints on addresses that are not public: loopback, private and link-local ones. Those of the configuration always may.",
        service.chain_api.allow_private_rpc
    ),
    field!(
        "max_blocks_per_request",
        Number,
        "Most blocks to ask of a node at once, for chains that do not say.",
        max_blocks_per_request
    ),
    setting!(
        "log",
        Text,
        "What to log to standard error, e.g. `info` or `event_streamer_server=debug`.",
        |it, texts| {
            it.log = Some(one(texts)?.to_owned());
            Ok(())
        },
        |it| it.log.as_deref().and_then(show::text)
    ),
    setting!(
        "log_format",
        Text,
        "How to log: `text` or `json`, one record a line.",
        |it, texts| {
            it.log_format = Some(parsed(texts)?);
            Ok(())
        },
        |it| it.log_format.and_then(show::text)
    ),
    setting!(
        "tls.cert",
        Text,
        "The certificate of the API, as PEM, with those that lead to a root behind it. It is read again when it changes.",
        |it, texts| {
            it.tls_cert = Some(parsed(texts)?);
            Ok(())
        },
        |it| it
            .tls_cert
            .as_ref()
            .and_then(|path| show::text(path.display()))
    ),
    setting!(
        "tls.key",
        Text,
        "The key of the certificate, as PEM.",
        |it, texts| {
            it.tls_key = Some(parsed(texts)?);
            Ok(())
        },
        |it| it
            .tls_key
            .as_ref()
            .and_then(|path| show::text(path.display()))
    ),
    field!(
        "tls.reload_interval",
        Duration,
        "How often both files are looked at.",
        tls_reload_interval
    ),
    setting!(secret "database.url", Text, "A PostgreSQL database instead of a file, which several services may share: postgres://USER:PASSWORD@HOST:PORT/DATABASE",
        |it, texts| { it.database_url = Some(parsed(texts)?); Ok(()) }, |it| it.database_url.as_ref().and_then(show::text)),
    field!(
        "database.max_connections",
        Number,
        "Connections to PostgreSQL, besides one that listens.",
        database_max_connections
    ),
    field!(
        "http.max_sockets",
        Number,
        "Sockets that may be open; more wait to be accepted.",
        service.http.max_sockets
    ),
    field!(
        "http.max_sockets_per_address",
        Number,
        "Sockets of one address, or requests of one client behind a trusted proxy; further ones are answered 429.",
        service.http.max_sockets_per_address
    ),
    setting!(
        "http.trusted_proxies",
        List,
        "Addresses, or ranges like 10.0.0.0/8, of proxies whose X-Forwarded-For is believed.",
        |it, texts| {
            it.service.http.trusted_proxies = each(texts)?;
            Ok(())
        },
        |it| show::list(&it.service.http.trusted_proxies)
    ),
    setting!(
        "http.allowed_hosts",
        List,
        "Names under which the API may be asked, besides addresses and names without a dot. Empty: any, except from the same machine without API keys.",
        |it, texts| {
            it.service.http.allowed_hosts = texts.to_vec();
            Ok(())
        },
        |it| show::list(&it.service.http.allowed_hosts)
    ),
    field!(
        "http.max_body_bytes",
        Size,
        "The largest request body.",
        service.http.max_body_bytes
    ),
    field!(
        "http.body_timeout",
        Duration,
        "The longest time a request body may take to arrive.",
        service.http.body_timeout
    ),
    field!(
        "http.max_head_bytes",
        Size,
        "The largest head of a request, its URL included.",
        service.http.max_head_bytes
    ),
    field!(
        "http.max_headers",
        Number,
        "The most headers of one HTTP/1.1 request.",
        service.http.max_headers
    ),
    field!(
        "http.header_timeout",
        Duration,
        "The longest time for a request's head, the TLS handshake included.",
        service.http.header_timeout
    ),
    field!(
        "http.idle_timeout",
        Duration,
        "The longest time between two requests of a connection.",
        service.http.idle_timeout
    ),
    field!(
        "http.write_timeout",
        Duration,
        "The longest time a write to a socket may make no progress.",
        service.http.write_timeout
    ),
    field!(
        "http.http2",
        Switch,
        "Offer HTTP/2 on TLS.",
        service.http.http2
    ),
    field!(
        "http.max_http2_streams",
        Number,
        "Requests of one HTTP/2 connection that may be under way.",
        service.http.max_http2_streams
    ),
    field!(
        "http.max_compressed",
        Number,
        "Answers, streams included, that may be in the making in a compressed form; 0 turns compression off.",
        service.http.max_compressed
    ),
    field!(
        "http.shutdown_timeout",
        Duration,
        "How long a shutdown waits for requests and streams to end.",
        service.http.shutdown_timeout
    ),
    field!(
        "delivery.heartbeat_interval",
        Duration,
        "The longest silence on a stream.",
        service.delivery.heartbeat_interval
    ),
    field!(
        "delivery.connection_timeout",
        Duration,
        "The longest silence of a client.",
        service.delivery.connection_timeout
    ),
    field!(
        "delivery.max_line_bytes",
        Size,
        "The longest line, unless a single event alone is longer.",
        service.delivery.max_line_bytes
    ),
    field!(
        "delivery.max_batch_events",
        Number,
        "The most events of one batch.",
        service.delivery.max_batch_events
    ),
    field!(
        "delivery.unacknowledged_batches",
        Number,
        "Batches that may be unacknowledged on a connection before it pauses.",
        service.delivery.unacknowledged_batches
    ),
    field!(
        "delivery.queued_lines",
        Number,
        "Lines that may wait for a reader.",
        service.delivery.queued_lines
    ),
    field!(
        "delivery.removable_bytes",
        Size,
        "Delivered events kept per connection, to list them if a reorg removes them.",
        service.delivery.removable_bytes
    ),
    field!(
        "delivery.max_refusals",
        Number,
        "How often a batch may be refused on a connection; the last refusal makes a dead letter of it.",
        service.delivery.max_refusals
    ),
    field!(
        "delivery.redelivery_delay",
        Duration,
        "When a refused batch is sent again, if its consumer does not say.",
        service.delivery.redelivery_delay
    ),
    field!(
        "delivery.dead_letters",
        Number,
        "Dead letters that a subscription may have.",
        service.delivery.dead_letters
    ),
    setting!(
        "delivery.dead_letter_bytes",
        Size,
        "Bytes of the events in a subscription's dead letters.",
        |it, texts| {
            it.service.delivery.dead_letter_bytes = size(texts)? as u64;
            Ok(())
        },
        |it| show::size(
            usize::try_from(it.service.delivery.dead_letter_bytes).unwrap_or(usize::MAX)
        )
    ),
    field!(
        "delivery.position_interval",
        Duration,
        "How often a position that moved over blocks without events is stored.",
        service.delivery.position_interval
    ),
    field!(
        "delivery.max_connections",
        Number,
        "Streams that may be open.",
        service.delivery.max_connections
    ),
    field!(
        "delivery.max_connections_per_subscription",
        Number,
        "Streams that may be open on one subscription.",
        service.delivery.max_connections_per_subscription
    ),
    field!(
        "chain_api.max_chains",
        Number,
        "Chains that are stored through the API, deactivated ones too.",
        service.chain_api.max_chains
    ),
    field!(
        "chain_api.max_endpoints",
        Number,
        "Endpoints of one chain that is set through the API.",
        service.chain_api.max_endpoints
    ),
    field!(
        "idempotency.max_age",
        Duration,
        "How long an Idempotency-Key is remembered.",
        service.idempotency.max_age
    ),
    field!(
        "idempotency.max_per_subscriber",
        Number,
        "Keys of one subscriber that are remembered.",
        service.idempotency.max_per_subscriber
    ),
];
