//! Certificates for tests of TLS: two of `localhost` and `127.0.0.1`, by one authority.
//!
//! Good from 2020 to 2120. The authority's key was thrown away; all of them can be made anew with
//! `openssl ca` in one go.

/// The authority that a client is to trust.
pub const AUTHORITY: &str = include_str!("authority.pem");

/// A certificate, and its key.
pub const FIRST: (&str, &str) = (include_str!("first.pem"), include_str!("first.key"));

/// Another certificate of the same names, with another key, as a renewal would bring it.
pub const SECOND: (&str, &str) = (include_str!("second.pem"), include_str!("second.key"));
