package io.lb4j.internal.snapshot;

/** Holds the snapshot in force. Written by the control thread alone, read by all event loops. */
public final class SnapshotHolder {
    private volatile Snapshot current;

    /** Holds a first snapshot. */
    public SnapshotHolder(Snapshot first) {
        current = first;
    }

    /** Returns the snapshot in force. */
    public Snapshot current() {
        return current;
    }

    /** Puts a new snapshot in force: exchanges that begin from now on read it. */
    public void publish(Snapshot next) {
        current = next;
    }
}
