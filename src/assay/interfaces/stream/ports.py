"""What a broker has to do for us: hand messages over, take answers, be told what is done. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assay.engine.kernel.errors import Fault


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """One message as the broker handed it over.

    place      where it stands, in the words of `assay dead`: `ITEMS:42`, `items:3:17`
    key        names it for good, also where a stream was made anew: its place and the broker's time
    content    its bytes; None where the broker says that there are none (a tombstone)
    moment     the broker's time, microseconds since the epoch; None where it has none
    delivered  how often it was handed over, as far as that is known; 1 is the first time
    subject    the subject or topic that it came by
    routing    what keeps messages of one item together: Kafka's key; None where there is none
    handle     what the broker's side knows it by
    answered   whether it is known to be answered already, by a consumer that could not say so any more
    """

    place: str
    key: str
    content: bytes | None
    moment: int | None
    delivered: int
    subject: str
    routing: bytes | None
    handle: object
    answered: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Outgoing:
    """What goes out for one message: its decision, or itself as a dead letter.

    content  the record's bytes, or the message's own; None where a dead letter had none
    key      names it once and for all, for brokers that drop what comes twice
    headers  plain ASCII, without ends of lines
    routing  keeps messages of one item together
    dead     whether it is a dead letter
    """

    content: bytes | None
    key: str
    headers: Mapping[str, str]
    routing: bytes | None
    dead: bool = False


class OutletUnready(Exception):
    """A broker did not confirm what was sent; carries a slug and words for operators. It may be sent again."""

    def __init__(self, slug: str, words: str) -> None:
        self.slug, self.words = slug, words
        super().__init__(f"{slug}: {words}")


class Inlet(Protocol):
    """Hands messages over in order. One task calls it, but for `hold`, which may be called beside it."""

    name: str
    heartbeat_seconds: float

    async def take(self) -> list[Arrived]:
        """The next messages, in order; none where none came for about a second."""
        ...

    async def hold(self, batch: Sequence[Arrived]) -> None:
        """Tell the broker that these are still being worked on."""
        ...

    def is_ours(self, arrived: Arrived) -> bool:
        """Whether a message is still ours to answer; another consumer has it else."""
        ...

    async def settle(self, batch: Sequence[Arrived]) -> None:
        """Tell the broker that these are done. What it does not hear of comes again."""
        ...

    async def give_back(self, batch: Sequence[Arrived]) -> None:
        """Tell the broker that these were not worked on, and may come again at once."""
        ...

    async def waiting(self) -> Mapping[str, int]:
        """How many messages wait behind those handed over, by subject or partition."""
        ...

    def fault(self) -> Fault | None:
        """Why nothing can be taken just now."""
        ...

    async def close(self) -> None:
        """Leave; what was taken and not settled comes again."""
        ...


class Outlet(Protocol):
    """Sends answers, in the order given."""

    async def send(self, batch: Sequence[Outgoing]) -> list[tuple[Outgoing, Fault]]:
        """Return once the broker has confirmed all of them, but for those that it will never take, with why.

        raises  OutletUnready where they are not confirmed; the same batch may be sent again
        """
        ...

    async def close(self) -> None:
        """Wait for what is under way, and leave."""
        ...


class Broker(Protocol):
    """One broker.

    prefix     what the keys of its messages begin with
    in_flight  how many messages may be handed over and not yet settled, in all lanes together
    """

    prefix: str
    in_flight: int

    async def open(self) -> list[tuple[Inlet, Outlet]] | list[Fault]:
        """Connect; a pair for each lane, or everything that keeps us from beginning."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...
