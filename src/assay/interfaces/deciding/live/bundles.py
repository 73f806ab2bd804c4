"""The bundles that decide, kept up with their source. It never puts one in use that it could not prove to load."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib.metadata import version
from threading import Lock

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.garbage import settle
from assay.interfaces.deciding.lineup import Hold, Lineup, Loaded
from assay.interfaces.deciding.live.brakes import Brakes
from assay.interfaces.deciding.live.keeping import MOST_FORMER, UNWRITABLE, Good, Keeping
from assay.interfaces.deciding.live.making import make_loaded
from assay.interfaces.deciding.live.polling import Polling
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.live.sources.offers import Offer, Offered, Refusal, Source
from assay.interfaces.deciding.live.status import BundleFacts, BundleStatus, Pin
from assay.interfaces.deciding.live.trial import Limits, run_trial

# Bundles that are dropped leave a little garbage, and looking for it takes longer than a swap may hold requests up.
_SWAPS_UNTIL_SETTLED = 16


class LiveBundles:
    """Which bundles decide. `lineup` is read by every request, once; whatever changes it puts another in its place."""

    lineup: Lineup

    def __init__(
        self, source: Source, settings: BundleSettings, events: EventLog, keeping: Keeping, brakes: Brakes
    ) -> None:
        self._source, self._settings, self._events = source, settings, events
        self._keeping, self._brakes = keeping, brakes
        # One thread at a time looks at the source, which may take minutes; changing the lineup takes a moment, so that
        # a rollback waits for no download and no trial.
        self._looking, self._changing = Lock(), Lock()
        self._bare: Lineup | None = None
        self._former: dict[str, Loaded] = {}
        self._refusal: Fault | None = None
        self._trouble: Fault | None = None
        self._trouble_before = ""
        self._swaps = self._refused = 0
        self._polled: int | None = None
        self._from_state = False
        self._polling = Polling(self.poll, settings.poll, settings.jitter, self._poll_failed)

    def begin(self) -> list[Fault]:
        """Find the first bundle: the one that a person rolled back to, else the source's, else the last good one."""
        pinned = self._keeping.notes.pinned
        if pinned is not None:
            found = self._restored(Good(pinned.digest))
            if isinstance(found, Lineup):
                self._put(found, "bundle-from-state", f"a rollback by {pinned.by} still stands")
                return []
        self.poll()
        if self._bare is not None:
            return []
        good = self._keeping.notes.good
        missing = self._trouble or self._refusal or Fault("no-bundle", "the source offers no bundle")
        found = missing if good is None else self._restored(good)
        if isinstance(found, Fault):
            return [missing] if found == missing else [missing, found]
        self._from_state = True
        self._put(found, "bundle-from-state", f"deciding by the last good bundle that was kept: {missing.words}")
        return []

    def start(self) -> None:
        """Look at the source again and again, in a thread, until closed."""
        self._polling.start()

    def close(self) -> None:
        """Stop looking."""
        self._polling.close()
        self._source.close()

    def poll(self) -> Fault | None:
        """Look at the source once, and take what is new and good. What is wrong now, or None."""
        with self._looking:
            seen = self._source.look()
            self._polled = _now()
            # Said once, and not again at every look, until it is another.
            self._trouble_before = "" if self._trouble is None else self._trouble.slug
            self._trouble = None
            if isinstance(seen, Refusal) and not seen.lasting:
                self._trouble = seen.fault
                if self._trouble_before != seen.fault.slug:
                    self._tell("source-unreachable", seen.fault)
            elif isinstance(seen, Refusal):
                self._refuse(seen.fault)
            elif seen is not None:
                self._adopt(seen)
            return self._trouble or self._refusal

    def status(self) -> BundleStatus:
        """How it stands."""
        lineup, notes = self.lineup, self._keeping.notes
        staged, shadow = lineup.staged, lineup.shadow
        return BundleStatus(
            source=self._source.title,
            current=BundleFacts.of(lineup.current),
            staged=None if staged is None else BundleFacts.of(staged, lineup.staged_share),
            shadow=None if shadow is None else BundleFacts.of(shadow, lineup.shadow_share),
            sequence=lineup.current.sequence,
            swaps=self._swaps,
            refused=self._refused,
            last_fault=self._trouble or self._refusal,
            last_polled=self._polled,
            pinned=notes.pinned,
            from_state=self._from_state,
        )

    def rollback(self, by: str) -> Fault | None:
        """Let the former bundle decide at once, until somebody unpins it or a newer release comes."""
        with self._changing:
            notes, bare = self._keeping.notes, self._bare
            now = None if bare is None else bare.current.digest
            former = next((digest for digest in notes.former if digest != now), None)
            if bare is None or former is None:
                return Fault("no-former-bundle", "no other bundle has decided before this one")
            loaded = self._former.get(former) or self._kept(former)
            if isinstance(loaded, Fault):
                return loaded
            # Rolled back twice, it is still the release first left that must not come back by itself.
            used = bare.current
            sequence = notes.highest if used.sequence is None else used.sequence
            left = notes.pinned or Pin("", used.digest, sequence, "", 0)
            pin = Pin(former, left.over, left.sequence, by[:200], _now())
            lineup = self._brakes.on(Lineup(loaded))
            if isinstance(lineup, Fault):
                return lineup
            self._remember(used)
            rest = tuple(digest for digest in notes.former if digest not in {former, now})
            fault = self._keeping.change(pinned=pin, former=rest)
            self._put_both(Lineup(loaded), lineup)
        words = f"{by} rolled back to {loaded.pack.name} {loaded.pack.version}"
        self._events.write("rolled-back", words, digest=former, over=used.digest, by=by)
        return fault

    def unpin(self, by: str) -> Fault | None:
        """End a rollback: the source's own release decides again as soon as it is found good."""
        with self._changing:
            if self._keeping.notes.pinned is None:
                return Fault("not-pinned", "no rollback stands")
            fault = self._keeping.change(pinned=None)
        self._events.write("unpinned", f"{by} ended the rollback", by=by)
        self._source_again()
        return fault

    def set_holds(self, holds: tuple[Hold, ...], instead: str = "") -> Fault | None:
        """Put these brakes on and no others; where one cannot be, everything stays as it was.

        instead  the measure to which held ones fall back; empty leaves it as it was
        """
        with self._changing:
            brakes, bare = self._brakes, self._bare
            before = brakes.holds, brakes.instead
            brakes.holds, brakes.instead = holds, instead or brakes.instead
            lineup = brakes.on(bare) if bare is not None else None
            if isinstance(lineup, Fault):
                brakes.holds, brakes.instead = before
                return lineup
            if bare is not None and lineup is not None:
                self._put_both(bare, lineup)
        return None

    def _adopt(self, offer: Offer) -> None:
        fault = self._too_old(offer)
        if fault is not None:
            self._not_taken(fault)
        elif self._is_left(offer):
            self._refusal = None
        else:
            self._take(offer)

    def _too_old(self, offer: Offer) -> Fault | None:
        """Whether a newer release was seen before; if not, this one is from now on the newest."""
        notes = self._keeping.notes
        if offer.sequence is None:
            return None
        if notes.highest is not None and offer.sequence < notes.highest:
            words = f"the release {offer.sequence} is older than {notes.highest}, which was seen here before"
            return Fault("older-release", words)
        if offer.sequence == notes.highest and offer.mark != notes.mark:
            return Fault("forked-release", f"the release {offer.sequence} is another one than was seen here before")
        return self._keeping.change(highest=offer.sequence, mark=offer.mark)

    def _is_left(self, offer: Offer) -> bool:
        """Whether a rollback left this very release, so that it waits until somebody unpins or a newer one comes."""
        pin = self._keeping.notes.pinned
        if pin is None:
            return False
        if offer.sequence is not None and pin.sequence is not None:
            return offer.sequence <= pin.sequence
        return offer.current.digest == pin.over

    def _take(self, offer: Offer) -> None:
        ready: list[Loaded | None] = []
        for offered in (offer.current, offer.staged, offer.shadow):
            found = None if offered is None else self._ready(offered, offer.sequence)
            if isinstance(found, Fault):
                self._refuse(found)
                return
            ready.append(found)
        current, staged, shadow = ready
        if current is None:
            raise RuntimeError("an offer without a current bundle")
        bare = Lineup(current, staged, offer.staged_share, shadow, offer.shadow_share)
        kept = [self._keeping.keep_bundle(one.digest, one.content) for one in _parts(offer)]
        fault = next((one for one in kept if one is not None), None)
        if fault is None:
            fault = self._swap(bare, offer)
        if fault is not None:
            self._not_taken(fault)

    def _swap(self, bare: Lineup, offer: Offer) -> Fault | None:
        with self._changing:
            if self._is_left(offer):
                return None
            lineup = self._brakes.on(bare)
            if isinstance(lineup, Fault):
                return lineup
            notes, old = self._keeping.notes, self._bare
            former = notes.former
            if old is not None and old.current.digest != bare.current.digest:
                self._remember(old.current)
                former = (old.current.digest, *(one for one in former if one != old.current.digest))[:MOST_FORMER]
            fault = self._keeping.change(good=_good(bare, offer), former=former, pinned=None, program=_program())
            if fault is not None:
                return fault
            self._put_both(bare, lineup)
            self._refusal, self._from_state = None, False
        if self._swaps % _SWAPS_UNTIL_SETTLED == _SWAPS_UNTIL_SETTLED - 1:
            settle()
        current = bare.current
        self._events.write(
            "bundle-swapped",
            f"{current.pack.name} {current.pack.version} decides",
            digest=current.digest,
            sequence=offer.sequence,
            signer=current.signer,
            staged=None if bare.staged is None else bare.staged.digest,
            shadow=None if bare.shadow is None else bare.shadow.digest,
        )
        return None

    def _put(self, bare: Lineup, kind: str, words: str) -> None:
        with self._changing:
            self._put_both(bare, bare)
        self._events.write(kind, words, digest=bare.current.digest)

    def _put_both(self, bare: Lineup, lineup: Lineup) -> None:
        number = self._swaps + 1 if self._bare is not None else 0
        self._bare, self._swaps = bare, number
        # The one place where requests see a change: an attribute, set at once.
        self.lineup = replace(lineup, number=number)

    def _ready(self, offered: Offered, sequence: int | None) -> Loaded | Fault:
        """A bundle ready to decide: one that is already, or a new one that has passed its trial."""
        asked = self._settings.prove
        if asked == "signed" and offered.signer is not None and not offered.proved:
            words = f"{offered.signer} signed it without a proof that holds, and `prove` is `signed`"
            return Fault("unproved-bundle", words)
        known = self._loaded(offered.digest)
        if known is not None:
            return replace(known, signer=offered.signer, sequence=sequence)
        notes = self._keeping.notes
        # What decided here before, under this very program, has passed its trial: a restart need not wait for it.
        decided = notes.good is not None and offered.digest in {notes.good.current, notes.good.staged}
        if not (decided and notes.program == _program() and asked != "always"):
            fault = self._tried(offered, prove=asked == "always")
            if fault is not None:
                return fault
        return make_loaded(offered.texts, signer=offered.signer, sequence=sequence)

    def _tried(self, offered: Offered, *, prove: bool) -> Fault | None:
        settings, today = self._settings, _now() // DAY * DAY
        seconds = settings.trial_timeout + (settings.prove_timeout if prove else 0.0)
        limits = Limits(seconds, settings.trial_memory)
        return run_trial(offered.texts.files, limits, prove_from=today if prove else None)

    def _loaded(self, digest: str) -> Loaded | None:
        bare = self._bare
        used = () if bare is None else (bare.current, bare.staged, bare.shadow)
        return next((one for one in used if one is not None and one.digest == digest), self._former.get(digest))

    def _remember(self, bundle: Loaded) -> None:
        self._former.pop(bundle.digest, None)
        self._former[bundle.digest] = bundle
        while len(self._former) > 2:
            del self._former[next(iter(self._former))]

    def _restored(self, good: Good) -> Lineup | Fault:
        current = self._kept(good.current, good.sequence)
        if isinstance(current, Fault):
            return current
        staged = None if good.staged is None else self._kept(good.staged, good.sequence)
        if isinstance(staged, Fault):
            return staged
        share = good.staged_share if staged is not None else 0.0
        # The shadow decides nothing, so nobody misses it until the source is back.
        return Lineup(current, staged=staged, staged_share=share)

    def _kept(self, digest: str, sequence: int | None = None) -> Loaded | Fault:
        """A bundle from the state folder, held again to what is asked of one: its key may have been revoked since."""
        content = self._keeping.bundle(digest)
        if isinstance(content, Fault):
            return content
        offered = self._source.vet(content, f"the bundle {digest} that was kept")
        if isinstance(offered, Fault):
            return offered
        if offered.digest != digest:
            return Fault("damaged-bundle", f"what was kept as `{digest}` is another bundle")
        return make_loaded(offered.texts, signer=offered.signer, sequence=sequence)

    def _not_taken(self, fault: Fault) -> None:
        if fault.slug != UNWRITABLE:
            self._refuse(fault)
            return
        # No fault of the release: a full disk is emptied some day, and then it should come.
        self._source.forget()
        if self._trouble_before != fault.slug:
            self._tell(UNWRITABLE, fault)
        self._trouble = fault

    def _refuse(self, fault: Fault) -> None:
        self._refused += 1
        self._refusal = fault
        self._tell("bundle-refused", fault)

    def _tell(self, kind: str, fault: Fault) -> None:
        self._events.write(kind, fault.words, slug=fault.slug, source=self._source.title)

    def _poll_failed(self, error: Exception) -> None:
        self._trouble = Fault("poll-failed", f"looking at the source failed by a fault of ours: {type(error).__name__}")
        self._tell("poll-failed", self._trouble)

    def _source_again(self) -> None:
        with self._looking:
            self._source.forget()
        self._polling.wake()


def _parts(offer: Offer) -> tuple[Offered, ...]:
    return tuple(one for one in (offer.current, offer.staged, offer.shadow) if one is not None)


def _good(bare: Lineup, offer: Offer) -> Good:
    staged = None if bare.staged is None else bare.staged.digest
    shadow = None if bare.shadow is None else bare.shadow.digest
    return Good(bare.current.digest, staged, bare.staged_share, shadow, bare.shadow_share, offer.sequence)


def _program() -> str:
    return f"assay {version('assay')}"


def _now() -> int:
    return time.time_ns() // 1_000
