package io.lb4j;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control thread: runs one task at a time, and logs what a task throws, which nobody else would see. */
final class ControlThread extends ScheduledThreadPoolExecutor {
    private static final Logger LOGGER = LoggerFactory.getLogger(ControlThread.class);

    ControlThread() {
        super(1, task -> new Thread(task, "lb4j-control"));
        setRemoveOnCancelPolicy(true);
        setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        super.afterExecute(task, thrown);
        Throwable fault = thrown;
        if (fault == null && task instanceof Future<?> done && done.isDone()) {
            try {
                done.get();
            } catch (ExecutionException e) {
                fault = e.getCause();
            } catch (CancellationException e) {
                return; // whoever cancelled it knows
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (fault != null) {
            LOGGER.error("a task of the control thread failed", fault);
        }
    }
}
