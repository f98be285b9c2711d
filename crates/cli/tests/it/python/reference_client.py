"""Drives the unmodified reference client (event-streamer-sdk 0.5.0) against our service.

    python reference_client.py SCENARIO RESULT_FILE JSON_ARGUMENTS

The scenario's findings are written to RESULT_FILE as JSON; the Rust test judges
them. What the client prints is left to it.
"""

import asyncio
import functools
import inspect
import json
import sys
from typing import Any

from event_streamer_schemas import ChainConfigRequest, SubscriptionCreate, SubscriptionUpdate
from event_streamer_sdk import EventStreamer
from event_streamer_sdk.exceptions import EventStreamerSDKError

TRANSFER = """[{"type": "event", "name": "Transfer", "inputs": [
    {"indexed": true, "name": "from", "type": "address"},
    {"indexed": true, "name": "to", "type": "address"},
    {"indexed": false, "name": "value", "type": "uint256"}]}]"""
TRANSFER_TOPIC0 = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
LIMIT = 120.0


def subscription(client: EventStreamer, a: dict[str, Any]) -> SubscriptionCreate:
    return SubscriptionCreate(
        topic0=TRANSFER_TOPIC0,
        event_signature=client.extract_abi_event(TRANSFER, "Transfer"),
        addresses=a.get("addresses", []),
        start_block=a["start_block"],
        end_block=a.get("end_block"),
        chain_id=a["chain_id"],
        subscriber_id="overwritten by the client",
    )


class Collector:
    """Every event a streaming client hands out, and the moment enough have come."""

    def __init__(self, streaming: Any, enough: int) -> None:
        self.events: list[dict[str, Any]] = []
        self.batches: list[str] = []
        self.sizes: list[int] = []
        self.heartbeats = 0
        self.errors: list[dict[str, Any]] = []
        self.enough = enough
        self.done = asyncio.Event()
        self.heartbeat_seen = asyncio.Event()
        self.error_seen = asyncio.Event()

        @streaming.on_event("Transfer")
        async def transfers(events: list[dict[str, Any]]) -> None:
            self.take("Transfer", events)

        @streaming.on_all_events
        async def others(events: dict[str, Any]) -> None:
            for name, listed in events.items():
                self.take(name, listed)

        @streaming.on_heartbeat
        async def heartbeat(_: Any) -> None:
            self.heartbeats += 1
            self.heartbeat_seen.set()

        @streaming.on_error
        async def error(error: Any) -> None:
            self.errors.append(error.model_dump())
            self.error_seen.set()

        # Handlers are not told the batch's id; a subscriber to manual acknowledgement
        # has to look over the client's shoulder.
        handle = streaming._handle_event_batch

        async def handle_and_note(data: dict[str, Any]) -> None:
            await handle(data)
            self.batches.append(data["batch_id"])
            self.sizes.append(data["batch_size"])
            if len(self.events) >= self.enough:
                self.done.set()

        streaming._handle_event_batch = handle_and_note

    def take(self, name: str, events: list[dict[str, Any]]) -> None:
        self.events.extend({"event": name, **event} for event in events)


async def crud(client: EventStreamer, a: dict[str, Any]) -> dict[str, Any]:
    created = await client.create_subscription(subscription(client, a))
    read = await client.get_subscription(created.id)
    updated = await client.update_subscription(
        created.id, SubscriptionUpdate(end_block=a["end_block"] - 1)
    )
    await client.delete_subscription(created.id)
    try:
        await client.get_subscription(created.id)
        after_delete = "found"
    except EventStreamerSDKError as error:
        after_delete = f"{type(error).__name__}: {error}"
    refused = {}
    for label, change in a["refused"].items():
        wrong = subscription(client, a).model_copy(update=change)
        try:
            await client.create_subscription(wrong)
            refused[label] = "accepted"
        except EventStreamerSDKError as error:
            refused[label] = f"{type(error).__name__}: {error}"
    return {
        "created": created.model_dump(mode="json"),
        "read": read.model_dump(mode="json"),
        "updated": updated.model_dump(mode="json"),
        "after_delete": after_delete,
        "refused": refused,
        "healthy": await client.health_check(),
        "unknown_block": await client.get_subscription_last_processed_block(created.id, a["chain_id"]),
    }


async def automatic(client: EventStreamer, a: dict[str, Any]) -> dict[str, Any]:
    """Everything with automatic acknowledgement; then what the service remembers."""
    created = await client.create_subscription(subscription(client, a))
    streaming = client.create_streaming_client(created.id)
    streaming._batch_ack_interval = 0.2
    collector = Collector(streaming, a["expected"])
    await streaming.start_streaming()
    await asyncio.wait_for(collector.done.wait(), LIMIT)
    status = await streaming.check_processing_status()
    await streaming.disconnect()  # sends what is not yet acknowledged
    after = await client.get_subscription(created.id)
    processed = await client.get_subscription_last_processed_block(created.id, a["chain_id"])
    return {
        "events": collector.events,
        "errors": collector.errors,
        "processing": status.model_dump(mode="json"),
        "after": after.model_dump(mode="json"),
        "last_processed_block": processed,
    }


async def manual(client: EventStreamer, a: dict[str, Any]) -> dict[str, Any]:
    """Manual acknowledgement, one and many; a new client without token goes on behind them."""
    created = await client.create_subscription(subscription(client, a))
    streaming = client.create_streaming_client(created.id, auto_acknowledge=False)
    collector = Collector(streaming, a["expected"])
    await streaming.start_streaming()
    await asyncio.wait_for(collector.done.wait(), LIMIT)
    heartbeat = await streaming.send_heartbeat()
    first, rest = collector.batches[0], collector.batches[1:]
    half = rest[: len(rest) // 2]
    await streaming.acknowledge_batch(first)
    bulk = await streaming.acknowledge_batch_bulk([*half, "batch_unknown"])
    again = await streaming.acknowledge_batch_bulk(half)
    try:
        await streaming.acknowledge_batch("batch_unknown")
        unknown = "accepted"
    except EventStreamerSDKError as error:
        unknown = f"{type(error).__name__}: {error}"
    await streaming.disconnect()

    following = client.create_streaming_client(created.id, auto_acknowledge=False)
    rest_collector = Collector(following, 1)
    await following.start_streaming()
    await asyncio.wait_for(rest_collector.done.wait(), LIMIT)
    await following.disconnect()
    return {
        "batches": len(collector.batches),
        "acknowledged_events": sum(collector.sizes[: len(half) + 1]),
        "bulk": bulk.model_dump(mode="json"),
        "again": again.model_dump(mode="json"),
        "unknown": unknown,
        "heartbeat": heartbeat.model_dump(mode="json"),
        "events": collector.events,
        "first_after": rest_collector.events[0],
    }


async def resume(client: EventStreamer, a: dict[str, Any]) -> dict[str, Any]:
    """Stops in the middle and goes on with the token, in a new client."""
    created = await client.create_subscription(subscription(client, a))
    streaming = client.create_streaming_client(created.id, auto_acknowledge=False)
    before = Collector(streaming, a["stop_after"])
    await streaming.start_streaming()
    await asyncio.wait_for(before.done.wait(), LIMIT)
    # From here to the stop nothing else is awaited: the token is that of the last batch handled.
    await streaming.disconnect()
    token = streaming.get_current_resume_token()
    seen = len(before.events)

    following = client.create_streaming_client(created.id, resume_token=token)
    after = Collector(following, a["expected"] - seen)
    await following.start_streaming()
    await asyncio.wait_for(after.done.wait(), LIMIT)
    await following.disconnect()

    forged = client.create_streaming_client(created.id, resume_token=token[:-3] + "AAA")
    refused = Collector(forged, 1)
    await forged.start_streaming()
    await asyncio.wait_for(refused.error_seen.wait(), LIMIT)
    await forged.disconnect()
    return {
        "events": before.events + after.events,
        "before": seen,
        "forged": refused.errors,
    }


async def heartbeats(client: EventStreamer, a: dict[str, Any]) -> dict[str, Any]:
    """An idle stream: the service's heartbeats, then the deletion as an error message."""
    created = await client.create_subscription(subscription(client, a))
    streaming = client.create_streaming_client(created.id)
    collector = Collector(streaming, 1)
    await streaming.start_streaming()
    await asyncio.wait_for(collector.heartbeat_seen.wait(), LIMIT)
    await client.delete_subscription(created.id)
    await asyncio.wait_for(collector.error_seen.wait(), LIMIT)
    await streaming.disconnect()
    return {"heartbeats": collector.heartbeats, "errors": collector.errors}


def public_methods(kind: type) -> list[str]:
    return [name for name, _ in inspect.getmembers(kind, callable) if not name.startswith("_")]


def noting(target: Any, called: set[str]) -> Any:
    """The client with a note of each public method that came back without an exception."""

    class Noting:
        def __getattr__(self, name: str) -> Any:
            method = getattr(target, name)

            @functools.wraps(method)
            def call(*arguments: Any, **named: Any) -> Any:
                result = method(*arguments, **named)
                label = f"{type(target).__name__}.{name}"
                if not inspect.isawaitable(result):
                    called.add(label)
                    return result

                async def awaited() -> Any:
                    answer = await result
                    called.add(label)
                    return answer

                return awaited()

            return call

    return Noting()


async def tour(plain: EventStreamer, a: dict[str, Any]) -> dict[str, Any]:
    """Every public method of both clients, whatever they are: one that is not called is told."""
    called: set[str] = set()
    client = noting(plain, called)
    found: dict[str, Any] = {}

    async def note(name: str, call: Any) -> Any:
        answer = await call
        found[name] = answer.model_dump(mode="json") if hasattr(answer, "model_dump") else answer
        return answer

    # The ABI, offline.
    event = client.extract_abi_event(TRANSFER, "Transfer")
    found["events"] = list(client.extract_abi_events(TRANSFER))
    found["contract"] = sorted(client.parse_contract_abi(TRANSFER))
    found["event"] = event.name

    # Chains, from the creation to the end.
    chain = ChainConfigRequest(
        chain_id=5,
        name="Five",
        historical_rpc_url="https://node.invalid/secret",
        live_websocket_url="wss://node.invalid/secret",
    )
    await note("create_chain", client.create_chain(chain))
    await note("get_chain", client.get_chain(5))
    renamed = chain.model_copy(update={"name": "Fifth", "historical_max_chunk_size": 500})
    await note("update_chain", client.update_chain(5, renamed))
    await note("get_all_chains", client.get_all_chains())
    await note("delete_chain", client.delete_chain(5))
    await note("get_chain_stats", client.get_chain_stats())
    await note("refresh_chains", client.refresh_chains())

    # Breakers, and the service.
    status = await note("breaker_status", client.get_circuit_breaker_status())
    name = next(iter(status.circuit_breakers))
    await note("breaker_health", client.get_circuit_breaker_health())
    await note("breaker_metrics", client.get_circuit_breaker_metrics(name))
    await note("breaker_config", client.get_circuit_breaker_config())
    await note("breaker_reset", client.reset_circuit_breaker(name))
    await note("breakers_reset", client.reset_all_circuit_breakers())
    await note("health", client.get_health())
    await note("is_healthy", client.health_check())

    # A subscription and its stream.
    created = await note("created", client.create_subscription(subscription(plain, a)))
    await note("read", client.get_subscription(created.id))
    updates = SubscriptionUpdate(end_block=a["end_block"])
    await note("updated", client.update_subscription(created.id, updates))
    inner = client.create_streaming_client(created.id, auto_acknowledge=False)
    streaming = noting(inner, called)
    collector = Collector(inner, a["expected"])

    async def quiet(_: Any) -> None:
        pass

    streaming.on_heartbeat(quiet)
    streaming.on_error(quiet)
    # The collector's own, once more: it still hears everything else.
    streaming.on_all_events(inner._global_handler)
    streaming.on_event("Nothing")(quiet)
    await streaming.connect()
    await streaming.start_streaming()
    await asyncio.wait_for(collector.done.wait(), LIMIT)
    await note("heartbeat", streaming.send_heartbeat())
    await note("processing", streaming.check_processing_status())
    await streaming.acknowledge_batch(collector.batches[0])
    await note("bulk", streaming.acknowledge_batch_bulk(collector.batches[1:]))
    token = streaming.get_current_resume_token()
    await streaming.stop_streaming()
    await note(
        "last_block", client.get_subscription_last_processed_block(created.id, a["chain_id"])
    )
    await streaming.resume(token)
    await streaming.disconnect()
    await client.delete_subscription(created.id)
    await client.close()

    there = {
        f"{kind.__name__}.{name}"
        for kind in (type(plain), type(inner))
        for name in public_methods(kind)
    }
    return {"methods": sorted(there), "missed": sorted(there - called), "found": found}


async def main() -> None:
    scenario, result_file, arguments = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    async with EventStreamer(arguments["service"], "reference-client") as client:
        scenarios = {f.__name__: f for f in (crud, automatic, manual, resume, heartbeats, tour)}
        found = await scenarios[scenario](client, arguments)
    with open(result_file, "w", encoding="utf-8") as file:
        json.dump(found, file)


asyncio.run(main())
