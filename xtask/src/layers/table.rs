//! Who may depend on whom. To let a crate use another one is a decision, and it is made here.

/// One crate of the workspace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer {
    pub(crate) package: &'static str,
    /// Crates of ours that it may be built from; each stands above it in the table.
    pub(crate) ours: &'static [&'static str],
    /// Crates of others that its manifest may name.
    pub(crate) theirs: &'static [&'static str],
    /// What must not be below it, however far down: other crates could bring it in.
    pub(crate) never: &'static [&'static str],
}

/// From the bottom to the top.
pub(crate) const LAYERS: [Layer; 12] = [
    Layer {
        package: "event-streamer-models",
        ours: &[],
        theirs: &["serde", "serde_json", "thiserror"],
        never: &["ethabi", "futures-core", "hyper", "tokio"],
    },
    Layer {
        package: "event-streamer-abi",
        ours: &["event-streamer-models"],
        theirs: &["ethabi", "serde", "serde_json", "thiserror", "tiny-keccak"],
        never: &["futures-core", "hyper", "tokio"],
    },
    Layer {
        package: "event-streamer-stream",
        ours: &["event-streamer-models"],
        theirs: &["bytes", "memchr", "serde", "serde_json", "thiserror"],
        never: &[
            "fastrand",
            "futures-core",
            "getrandom",
            "hyper",
            "rand",
            "tokio",
        ],
    },
    Layer {
        package: "event-streamer-transport",
        ours: &[],
        theirs: &[
            "base64",
            "bytes",
            "http",
            "http-body",
            "http-body-util",
            "httpdate",
            "hyper",
            "hyper-rustls",
            "hyper-util",
            "rustls",
            "thiserror",
            "tokio",
            "tower",
            "tracing",
            "webpki-roots",
        ],
        never: &["serde", "serde_json"],
    },
    Layer {
        package: "event-streamer-client",
        ours: &[
            "event-streamer-abi",
            "event-streamer-models",
            "event-streamer-stream",
            "event-streamer-transport",
        ],
        theirs: &[
            "bytes",
            "futures-core",
            "http",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
        ],
        never: &["axum", "event-streamer-server", "sqlx"],
    },
    Layer {
        package: "event-streamer-server",
        ours: &[
            "event-streamer-abi",
            "event-streamer-models",
            "event-streamer-stream",
            "event-streamer-transport",
        ],
        theirs: &[
            "axum",
            "base64",
            "bytes",
            "futures-core",
            "futures-util",
            "hmac",
            "http",
            "http-body",
            "metrics",
            "serde",
            "serde_json",
            "sha2",
            "sqlx",
            "thiserror",
            "tokio",
            "tokio-tungstenite",
            "tokio-util",
            "tower",
            "tower-http",
            "tracing",
            "uuid",
        ],
        never: &[
            "clap",
            "event-streamer-client",
            "indicatif",
            "tracing-subscriber",
        ],
    },
    Layer {
        package: "event-streamer",
        ours: &[
            "event-streamer-abi",
            "event-streamer-client",
            "event-streamer-models",
            "event-streamer-server",
            "event-streamer-stream",
            "event-streamer-transport",
        ],
        // It has no logic of its own, so it has nothing to use.
        theirs: &[],
        never: &[
            "clap",
            "event-streamer-testkit",
            "indicatif",
            "tracing-subscriber",
        ],
    },
    Layer {
        package: "event-streamer-replay",
        ours: &["event-streamer-models"],
        theirs: &[
            "axum",
            "flate2",
            "futures-util",
            "hyper",
            "hyper-util",
            "ruzstd",
            "serde",
            "serde_json",
            "thiserror",
            "tiny-keccak",
            "tokio",
            "tokio-tungstenite",
            "tokio-util",
            "tracing",
        ],
        never: &["event-streamer-client", "event-streamer-server"],
    },
    Layer {
        package: "event-streamer-testkit",
        ours: &[
            "event-streamer-models",
            "event-streamer-replay",
            "event-streamer-stream",
        ],
        theirs: &[
            "bytes",
            "http",
            "http-body-util",
            "hyper",
            "hyper-util",
            "serde_json",
            "tokio",
        ],
        // It tests them, so it must not be built from them.
        never: &["event-streamer-client", "event-streamer-server"],
    },
    Layer {
        package: "event-streamer-cli",
        ours: &["event-streamer", "event-streamer-replay"],
        theirs: &[
            "clap",
            "indicatif",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
            "tracing-subscriber",
        ],
        never: &["event-streamer-testkit"],
    },
    Layer {
        package: "event-streamer-examples",
        ours: &["event-streamer"],
        theirs: &["serde_json", "tokio"],
        never: &["event-streamer-testkit"],
    },
    Layer {
        package: "xtask",
        // A broken crate must not take the chores with it.
        ours: &[],
        theirs: &["flate2", "serde", "serde_json", "tiny-keccak", "toml"],
        never: &["hyper", "tokio"],
    },
];
