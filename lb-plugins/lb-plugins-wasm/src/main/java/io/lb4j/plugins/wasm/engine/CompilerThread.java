package io.lb4j.plugins.wasm.engine;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Compiles one module on a thread with a stack for nested code, with a bound on the processor's time. A compilation that is over the bound is given up; its thread
 * ends when it can.
 */
final class CompilerThread {
    private static final long STACK_OCTETS = 16L << 20;
    private static final long LOOK_MILLIS = 20;

    /** What is to be done. */
    interface Compilation {
        CompiledModule run() throws UnfitModuleException;
    }

    private CompilerThread() {}

    static CompiledModule run(Compilation compilation, Duration bound) throws UnfitModuleException {
        FutureTask<CompiledModule> task = new FutureTask<>(compilation::run);
        Thread thread = new Thread(null, task, "lb4j-wasm-compiler", STACK_OCTETS);
        thread.setDaemon(true);
        thread.start();
        long begunNanos = Watchdog.computedNanos(thread);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    CompiledModule module = task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    thread.join();
                    return module;
                } catch (TimeoutException e) {
                    requireTime(thread, begunNanos, bound);
                } catch (InterruptedException e) {
                    interrupted = true; // noted again when the compilation is over, which is bounded
                }
            }
        } catch (ExecutionException e) {
            throw refusal(e.getCause() == null ? e : e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void requireTime(Thread thread, long begunNanos, Duration bound) throws UnfitModuleException {
        long nanos = Watchdog.computedNanos(thread) - begunNanos;
        if (thread.isAlive() && nanos > bound.toNanos()) {
            throw new UnfitModuleException("module: not compiled within " + bound.toMillis() + " ms (the limit)");
        }
    }

    private static UnfitModuleException refusal(Throwable cause) {
        if (cause instanceof UnfitModuleException unfit) {
            return unfit;
        }
        if (cause instanceof StackOverflowError) {
            return new UnfitModuleException("module: nested too deeply to be compiled", cause);
        }
        if (cause instanceof OutOfMemoryError) {
            return new UnfitModuleException("module: takes too much memory to be compiled", cause);
        }
        String message = String.valueOf(cause.getMessage());
        return new UnfitModuleException("module: not fit to be compiled: " + firstLine(message), cause);
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
