package io.lb4j.testkit.junit;

import io.lb4j.spi.Observer;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.net.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keeps the records of exchanges that have ended. Thread-safe. */
final class AccessLog implements Observer {
    private final List<AccessRecord> records = new ArrayList<>(); // guarded by itself
    private final Changes changes = new Changes();

    @Override
    public void onAccess(AccessRecord access) {
        synchronized (records) {
            records.add(access);
        }
        changes.happened();
    }

    List<AccessRecord> records() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    AccessRecord await(Predicate<? super AccessRecord> wanted) {
        return changes.await(
                "a matching access record",
                () -> records().stream().filter(wanted).findFirst());
    }

    void forget() {
        synchronized (records) {
            records.clear();
        }
    }
}
