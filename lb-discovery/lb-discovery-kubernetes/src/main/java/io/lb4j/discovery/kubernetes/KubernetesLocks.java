package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.lb4j.discovery.StoreRules;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Locks as Leases (coordination.k8s.io), as controllers elect their leaders by: the holder's name, when it renewed last, and how often the holder
 * has changed, which is the fence. Each change is made to the version that was read. Thread-safe.
 */
final class KubernetesLocks {
    private final KubernetesStore store;

    /** A lock that is held. */
    record Held(String place, String holder, long fence) {}

    KubernetesLocks(KubernetesStore store) {
        this.store = store;
    }

    private Resource<Lease> at(String place) {
        return store.leases().withName(place);
    }

    Optional<Held> tryLock(String place, Duration timeToLive) {
        String holder = UUID.randomUUID().toString();
        int seconds = (int) StoreRules.seconds(timeToLive, 1);
        Lease present = at(place).get();
        if (present == null) {
            Lease first = new LeaseBuilder()
                    .withNewMetadata()
                    .withName(place)
                    .endMetadata()
                    .withNewSpec()
                    .withHolderIdentity(holder)
                    .withLeaseDurationSeconds(seconds)
                    .withAcquireTime(now())
                    .withRenewTime(now())
                    .withLeaseTransitions(1)
                    .endSpec()
                    .build();
            return KubernetesStore.hasCreated(
                            () -> store.leases().resource(first).create())
                    ? Optional.of(new Held(place, holder, 1))
                    : Optional.empty();
        }
        if (isHeld(present)) {
            return Optional.empty();
        }
        int fence = fenceOf(present) + 1;
        Lease next = new LeaseBuilder(present)
                .editSpec()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(seconds)
                .withAcquireTime(now())
                .withRenewTime(now())
                .withLeaseTransitions(fence)
                .endSpec()
                .build();
        return isReplaced(next) ? Optional.of(new Held(place, holder, fence)) : Optional.empty();
    }

    /** Kubernetes keeps microseconds. */
    private static ZonedDateTime now() {
        return ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }

    private boolean isReplaced(Lease next) {
        // Its resourceVersion is that of what was read: the server refuses if another has written since.
        return KubernetesStore.hasWritten(() -> store.leases().resource(next).update());
    }

    private static int fenceOf(Lease lease) {
        return Optional.ofNullable(lease.getSpec().getLeaseTransitions()).orElse(0);
    }

    private static boolean isHeld(Lease lease) {
        String holder = lease.getSpec().getHolderIdentity();
        ZonedDateTime renewed = lease.getSpec().getRenewTime();
        Integer seconds = lease.getSpec().getLeaseDurationSeconds();
        return holder != null
                && !holder.isEmpty()
                && renewed != null
                && seconds != null
                && ZonedDateTime.now(ZoneOffset.UTC).isBefore(renewed.plusSeconds(seconds));
    }

    /** Returns whether a lock is held by the holder of this number. */
    boolean isHeld(String place, long fence) {
        Lease present = at(place).get();
        return present != null && isHeld(present) && fenceOf(present) == fence;
    }

    boolean renew(Held held) {
        Lease present = at(held.place).get();
        if (present == null
                || !isHeld(present)
                || !held.holder.equals(present.getSpec().getHolderIdentity())) {
            return false;
        }
        return isReplaced(new LeaseBuilder(present)
                .editSpec()
                .withRenewTime(now())
                .endSpec()
                .build());
    }

    void release(Held held) {
        Lease present = at(held.place).get();
        if (present != null && held.holder.equals(present.getSpec().getHolderIdentity())) {
            isReplaced(new LeaseBuilder(present)
                    .editSpec()
                    .withHolderIdentity("")
                    .endSpec()
                    .build());
        }
    }
}
