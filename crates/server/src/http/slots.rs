//! How much of the service one address may have: so many sockets, or, behind a proxy, requests.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use crate::sync::lock;

/// Counts what each address has. Addresses that have nothing are forgotten, so that the table is
/// never larger than what is counted.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    max: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One of an address's slots; given back when dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Slots,
    key: IpAddr,
}

impl Slots {
    /// At most `max` for each address.
    pub(crate) fn new(max: usize) -> Self {
        Self {
            max,
            taken: Arc::default(),
        }
    }

    /// A slot for an address; `None` if it has as many as it may.
    pub(crate) fn take(&self, address: IpAddr) -> Option<Slot> {
        let key = key(address);
        let mut taken = lock(&self.taken);
        let count = taken.entry(key).or_default();
        if *count >= self.max {
            // Never the first one: `max` is at least one.
            return None;
        }
        *count += 1;
        Some(Slot {
            slots: self.clone(),
            key,
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = lock(&self.slots.taken);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

/// What counts as one address: whoever has one IPv6 address has the 2^64 of its network.
fn key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_and_no_more() {
        let slots = Slots::new(2);
        let address = IpAddr::from([192, 0, 2, 1]);
        let first = slots.take(address).unwrap();
        let _second = slots.take(address).unwrap();
        assert!(slots.take(address).is_none());
        assert!(slots.take(IpAddr::from([192, 0, 2, 2])).is_some());
        drop(first);
        assert!(slots.take(address).is_some());
    }

    #[test]
    fn nothing_is_kept_of_those_who_left() {
        let slots = Slots::new(1);
        for last in 0..=255 {
            drop(slots.take(IpAddr::from([192, 0, 2, last])));
        }
        assert!(lock(&slots.taken).is_empty());
    }

    #[test]
    fn an_ipv6_network_is_one_address_and_a_mapped_one_is_ipv4() {
        let slots = Slots::new(1);
        let _slot = slots.take("2001:db8::1".parse().unwrap()).unwrap();
        assert!(slots.take("2001:db8::ffff:1".parse().unwrap()).is_none());
        assert!(slots.take("2001:db8:0:1::1".parse().unwrap()).is_some());
        let _slot = slots.take("::ffff:192.0.2.1".parse().unwrap()).unwrap();
        assert!(slots.take("192.0.2.1".parse().unwrap()).is_none());
    }
}
