package io.lb4j.internal.proxy;

import io.lb4j.exchange.Stage;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.ExchangeRecorder;
import io.lb4j.internal.snapshot.FinishedExchange;
import io.lb4j.internal.snapshot.SnapshotHolder;
import io.lb4j.internal.upstream.LoopPools;

/** What the exchanges of one event loop share. Confined to that loop. */
public final class LoopRuntime {
    /** Leaves room for the loop's number above a counter that cannot wrap within a process's life. */
    private static final int INDEX_SHIFT = 48;

    private final LoopContext loop;
    private final LoopPools pools;
    private final SnapshotHolder snapshots;
    private final ExchangeRecorder recorder;
    private final boolean wantsStages;
    private long nextId;

    /** Creates the runtime of a loop. */
    public LoopRuntime(LoopContext loop, SnapshotHolder snapshots, ExchangeRecorder recorder) {
        this.loop = loop;
        this.pools = new LoopPools(loop);
        this.snapshots = snapshots;
        this.recorder = recorder;
        wantsStages = recorder.wantsStages();
        nextId = (long) loop.index() << INDEX_SHIFT;
    }

    /** Returns the loop. */
    public LoopContext loop() {
        return loop;
    }

    /** Returns the loop's connections to endpoints. */
    public LoopPools pools() {
        return pools;
    }

    SnapshotHolder snapshots() {
        return snapshots;
    }

    /** Tells the observers that want to know of an exchange's stage. */
    void reached(FinishedExchange exchange, Stage stage) {
        if (wantsStages) {
            recorder.reached(exchange, stage);
        }
    }

    ExchangeRecorder recorder() {
        return recorder;
    }

    long newId() {
        return ++nextId;
    }
}
