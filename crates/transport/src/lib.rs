//! One HTTP exchange, done reliably: hyper with tower retry, time-out and auth layers.
