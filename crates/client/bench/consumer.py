"""The reference client as a contender: consumer.py URL EVENTS count|read [LONGEST_LINE]

Says and does what src/bin/consumer.rs does.
"""

import asyncio
import functools
import os
import sys

import aiohttp
from event_streamer_sdk import EventStreamer

# As it is, the client cannot read a line beyond aiohttp's 128 KiB. A thousand events are longer: there,
# and only there, it is helped over that.
if len(sys.argv) > 4:
    aiohttp.ClientSession = functools.partial(
        aiohttp.ClientSession, read_bufsize=int(sys.argv[4])
    )


def say(line):
    os.write(said, f"{line}\n".encode())


async def consume(url, wanted, handler):
    seen = 0

    async def take(events):
        nonlocal seen
        if seen == 0:
            say("first")
        seen += len(events)
        if handler == "read":
            for event in events:
                (
                    len(event["from"])
                    + len(event["to"])
                    + len(event["value"])
                    + event["block_number"]
                    + len(event["transaction_hash"])
                    + event["log_index"]
                    + len(event["address"])
                    + len(event["timestamp"])
                )
        if seen >= wanted:
            say(f"last {seen}")
            await asyncio.Event().wait()

    async with EventStreamer(service_url=url, subscriber_id="bench") as client:
        stream = client.create_streaming_client(subscription_id=1)
        stream.on_event("Transfer")(take)
        await stream.start_streaming()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        os._exit(0)


# What the client prints is nobody's concern here.
said = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
asyncio.run(consume(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
