"""What tests put into NATS and read from it, without a consumer of ours. It tests nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import nats
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig


async def publish(url: str, contents: Sequence[bytes], subject: str = "items") -> None:
    client = await nats.connect(url)
    stream = client.jetstream()
    futures = [await stream.publish_async(subject, content) for content in contents]
    await asyncio.gather(*futures)
    await client.close()


async def everything(url: str, stream: str) -> list[Msg]:
    """What a stream holds, in order."""
    client = await nats.connect(url)
    context = client.jetstream()
    total = (await context.stream_info(stream)).state.messages
    reader = await context.pull_subscribe("", stream=stream, config=ConsumerConfig(max_ack_pending=100_000))
    found: list[Msg] = []
    while len(found) < total:
        found += await reader.fetch(min(500, total - len(found)), timeout=5)
    await client.close()
    return found


def sources(messages: Sequence[Msg]) -> list[int]:
    return [int((message.headers or {})["Assay-Source"].split(":")[2]) for message in messages]
