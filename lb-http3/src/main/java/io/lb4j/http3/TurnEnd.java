package io.lb4j.http3;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/** The streams of a connection that have written something in the present turn, which is sent when the turn is over. Confined to the event loop. */
final class TurnEnd {
    private final Executor afterTurn;
    private final Set<StreamOutput> waiting = new LinkedHashSet<>();

    /**
     * Creates it, with nothing waiting.
     *
     * @param afterTurn runs an action when the present turn is over
     */
    TurnEnd(Executor afterTurn) {
        this.afterTurn = afterTurn;
    }

    /** Sends what a stream has written when the turn is over. */
    void flush(StreamOutput output) {
        if (waiting.isEmpty()) {
            afterTurn.execute(this::flushAll);
        }
        waiting.add(output);
    }

    private void flushAll() {
        List<StreamOutput> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(StreamOutput::flushNow);
    }
}
