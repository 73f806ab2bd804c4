"""Features of the product are registered, changed, imported, taken out; each change is kept with who made it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.policies.life.editions import hold_room, in_force
from assay.governance.policies.readiness.events import FeatureRetired, FeatureSaved, FeaturesBegun, FeaturesImported
from assay.governance.policies.readiness.models import Feature, FeatureState, FeatureVersion
from assay.governance.policies.readiness.queries.features import wish_of
from assay.governance.policies.readiness.queries.needs import needs_of_edition
from assay.governance.policies.readiness.rules.dependencies import Dependency
from assay.governance.policies.readiness.rules.registering import FEATURES_MOST, Wish, faults_of
from assay.governance.policies.readiness.rules.standing import EVERYWHERE, State

EDITORS = frozenset({Role.PRODUCT, Role.POLICY_LEAD})
FAULTS_MOST = 50


@command("policies.save-feature", words="say what the product can do", roles=EDITORS)
def save_feature(*, wish: Wish, seen: int, by: Actor, at: datetime) -> Feature | list[Fault]:
    """A new feature, or what holds of one from now on.

    seen   the version that whoever writes saw, 0 for a new one: nobody writes over what they have not read
    owner  of the wish is the key of a person, or empty
    """
    hold_room()
    feature = Feature.objects.select_for_update().filter(name=wish.name).first()
    faults = faults_of(wish)
    if feature is not None and feature.versions != seen:
        said = "this name is taken" if not seen else "somebody changed it since you read it"
        faults.append(Fault("changed", f"{said}; read it again, then change it", "name"))
    if feature is not None and feature.versions == seen and _same(feature, wish):
        faults.append(Fault("nothing-new", "this is how it stands already; nothing was changed"))
    if faults:
        return faults
    kept = _keep(feature, wish, by, at)
    digest = Digest(sha256_of(canonical_json(wish.content())))
    append(FeatureSaved(wish.kind, kept.versions, digest), subject=kept.reference, by=by, at=at)
    return kept


@command("policies.retire-feature", words="take a feature out of the register", roles=EDITORS)
def retire_feature(*, feature: Feature, by: Actor, at: datetime) -> Feature | list[Fault]:
    """It provides nothing from now on; its history stays."""
    feature = Feature.objects.select_for_update().get(pk=feature.pk)
    if feature.retired_at is not None:
        return [Fault("retired-already", "it is out of the register already; nothing is to be done")]
    feature.retired_at, feature.changed_at = at, at
    feature.save(update_fields=["retired_at", "changed_at"])
    append(FeatureRetired(feature.versions), subject=feature.reference, by=by, at=at)
    return feature


@command("policies.import-features", words="take features over from a file", roles=EDITORS)
def import_features(*, wishes: Sequence[Wish], by: Actor, at: datetime) -> tuple[int, int] | list[Fault]:
    """How many are new, and how many changed; what the file does not name stays as it is.

    owner  of each wish is an address, or empty
    """
    hold_room()
    people = {one.email: one for one in Person.objects.filter(email__in={wish.owner.lower() for wish in wishes})}
    held = {each.name: each for each in Feature.objects.select_for_update().filter(name__in={w.name for w in wishes})}
    faults = [Fault(each.slug, f"`{wish.name[:60]}`: {each.words}") for wish in wishes for each in faults_of(wish)]
    faults += [
        Fault("nobody", f"`{wish.name[:60]}`: nobody here has the address `{wish.owner[:80]}`", "file")
        for wish in wishes
        if wish.owner and wish.owner.lower() not in people
    ]
    if len(wishes) > FEATURES_MOST:
        faults.append(Fault("too-many", f"{FEATURES_MOST} features are the most that one file brings", "file"))
    if faults:
        return faults[:FAULTS_MOST]
    made = changed = 0
    for wish in wishes:
        owner = people.get(wish.owner.lower()) if wish.owner else None
        named = _with_owner(wish, "" if owner is None else str(owner.key))
        feature = held.get(wish.name)
        if feature is not None and _same(feature, named):
            continue
        made, changed = (made + 1, changed) if feature is None else (made, changed + 1)
        _keep(feature, named, by, at)
    if not made and not changed:
        return [Fault("nothing-new", "everything in the file stands so already; nothing was changed", "file")]
    content = Digest(sha256_of(canonical_json([wish.content() | {"owner": ""} for wish in wishes])))
    append(FeaturesImported(made, changed, content), subject=Reference("features", "register"), by=by, at=at)
    return made, changed


@command("policies.begin-features", words="register what already decides as ready", roles=EDITORS)
def begin_features(*, by: Actor, at: datetime) -> int | list[Fault]:
    """Everything that the edition in force needs and nobody has registered yet; how many these were."""
    hold_room()
    edition = in_force()
    if edition is None:
        words = "no edition is in force yet; begin with what decides today, on the page of changes"
        return [Fault("no-edition", words)]
    needs = needs_of_edition(edition)
    if needs.faults:
        return [Fault("not-readable", f"the edition in force has {needs.faults} errors; mend it first")]
    provided = {(one.kind, name) for one in Feature.objects.filter(retired_at=None) for name in one.provides}
    taken = set(Feature.objects.values_list("name", flat=True))
    wanted = [each for each in needs.dependencies if (each.kind, each.name) not in provided]
    wanted = [each for each in wanted if _name_of(each) not in taken]
    if not wanted:
        return [Fault("nothing-new", "everything that the edition in force needs is registered already")]
    for each in wanted:
        wish = Wish(
            _name_of(each), each.title[:160] or each.name, each.kind, (each.name,), {EVERYWHERE: (State.READY, None)}
        )
        _keep(None, wish, by, at)
    append(FeaturesBegun(len(wanted)), subject=edition.reference, by=by, at=at)
    return len(wanted)


def _name_of(each: Dependency) -> str:
    """A name of the register: `label:ai` is `label.label.ai`, `person.consent` is `signal.person.consent`."""
    plain = each.name.lower().replace("_", "-").replace(":", ".")
    return f"{each.kind}.{plain}"[:80]


def _same(feature: Feature, wish: Wish) -> bool:
    return feature.retired_at is None and wish_of(feature).content() == wish.content()


def _with_owner(wish: Wish, owner: str) -> Wish:
    return Wish(wish.name, wish.title, wish.kind, wish.provides, wish.states, owner, wish.team, wish.note, wish.link)


def _keep(feature: Feature | None, wish: Wish, by: Actor, at: datetime) -> Feature:
    feature = feature or Feature(name=wish.name)
    feature.title, feature.kind, feature.provides = wish.title.strip(), wish.kind, sorted(set(wish.provides))
    feature.needs = f" {' '.join(feature.provides)} "
    feature.owner = Person.objects.filter(key=wish.owner).first() if wish.owner else None
    feature.team, feature.note, feature.link = wish.team.strip(), wish.note.strip(), wish.link.strip()
    feature.worst, feature.changed_at, feature.retired_at = wish.worst.value, at, None
    feature.versions += 1
    feature.save()
    feature.states.all().delete()
    FeatureState.objects.bulk_create(
        FeatureState(feature=feature, market=market, state=state.value, ready_on=day)
        for market, (state, day) in wish.states.items()
    )
    FeatureVersion.objects.create(
        feature=feature, number=feature.versions, content=wish.content(), by=Person.of(by.who), at=at
    )
    return feature
