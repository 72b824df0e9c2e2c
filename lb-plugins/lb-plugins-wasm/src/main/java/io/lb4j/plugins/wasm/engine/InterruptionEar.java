package io.lb4j.plugins.wasm.engine;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ExecutionListener;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.wasm.types.Instruction;

/** Ends interpreted code whose thread is interrupted: the interpreter looks at some branches only, and would go round a loop of others for ever. Confined to its guest's thread. */
final class InterruptionEar implements ExecutionListener {
    private static final int EACH = 256; // instructions; they take some microseconds

    private int count;

    @Override
    public void onExecution(Instruction instruction, MStack stack) {
        if (++count % EACH == 0 && Thread.currentThread().isInterrupted()) {
            throw new ChicoryInterruptedException("interrupted");
        }
    }
}
