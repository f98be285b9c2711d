//! Numbers as columns.

/// Integers of both databases are signed. Block numbers, chain ids and counters keep their bits
/// and are never compared inside SQL.
pub(super) fn to_sql(value: u64) -> i64 {
    value.cast_signed()
}

pub(super) fn from_sql(value: i64) -> u64 {
    value.cast_unsigned()
}
