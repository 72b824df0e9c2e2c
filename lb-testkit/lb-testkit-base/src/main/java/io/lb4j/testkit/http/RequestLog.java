package io.lb4j.testkit.http;

import io.lb4j.testkit.net.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What all connections of one upstream have seen. Thread-safe. */
final class RequestLog {
    /** Keeps a run of hours under load within bounds; what comes later is counted only. */
    private static final int BOUND = 100_000;

    private static final int WHOLE_BODIES = 1_000;
    private static final int LATE_BODY_BYTES = 1_024;

    private final Changes changes = new Changes();
    private final List<RecordedRequest> requests = new ArrayList<>(); // guarded by this
    private final List<String> violations = new ArrayList<>(); // guarded by this
    private long count; // guarded by this
    private long upgradedBytes; // guarded by this

    RecordedRequest record(RequestHead head, RecordedRequest.Origin origin, int keptBodyBytes) {
        int bound = count() < WHOLE_BODIES ? keptBodyBytes : Math.min(keptBodyBytes, LATE_BODY_BYTES);
        RecordedRequest request = new RecordedRequest(head, origin, new BodyCapture(bound), changes);
        synchronized (this) {
            count++;
            if (requests.size() < BOUND) {
                requests.add(request);
            }
        }
        changes.happened();
        return request;
    }

    void violation(String what) {
        synchronized (this) {
            if (violations.size() < BOUND) {
                violations.add(what);
            }
        }
        changes.happened();
    }

    void upgradedBytes(int more) {
        synchronized (this) {
            upgradedBytes += more;
        }
        changes.happened();
    }

    synchronized List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized long count() {
        return count;
    }

    synchronized long upgradedBytes() {
        return upgradedBytes;
    }

    synchronized void forget() {
        requests.clear();
        violations.clear();
        count = 0;
        upgradedBytes = 0;
    }

    RecordedRequest await(Predicate<RecordedRequest> wanted) {
        return changes.await(
                "a matching request", () -> requests().stream().filter(wanted).findFirst());
    }

    List<RecordedRequest> await(int wanted) {
        return changes.await(wanted + " requests", () -> Optional.of(requests()).filter(all -> all.size() >= wanted));
    }
}
