// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.30;

/// Emits any log given as call data: one byte with the number of topics, the topics, the data.
contract RawLog {
    fallback() external {
        assembly {
            let topics := byte(0, calldataload(0))
            let start := add(1, mul(topics, 32))
            let size := sub(calldatasize(), start)
            calldatacopy(0, start, size)
            switch topics
            case 0 { log0(0, size) }
            case 1 { log1(0, size, calldataload(1)) }
            case 2 { log2(0, size, calldataload(1), calldataload(33)) }
            case 3 { log3(0, size, calldataload(1), calldataload(33), calldataload(65)) }
            default { log4(0, size, calldataload(1), calldataload(33), calldataload(65), calldataload(97)) }
        }
    }
}

/// Calls many `RawLog`s in one transaction. Call data: repeated
/// (20 bytes address, 3 bytes length, that many bytes for the `RawLog`).
contract Dispatch {
    fallback() external {
        assembly {
            for { let at := 0 } lt(at, calldatasize()) {} {
                let head := calldataload(at)
                let size := and(shr(72, head), 0xffffff)
                calldatacopy(0, add(at, 23), size)
                if iszero(call(gas(), shr(96, head), 0, 0, size, 0, 0)) { revert(0, 0) }
                at := add(at, add(23, size))
            }
        }
    }
}
