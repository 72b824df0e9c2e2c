package io.lb4j.http3;

import io.lb4j.spi.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** HTTP/3 that a configuration has switched off: nothing is bound, and nothing advertised. Immutable. */
record Disabled() implements Transport.Binding {
    @Override
    public String altSvc() {
        return "";
    }

    @Override
    public CompletionStage<?> drain() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> close() {
        return CompletableFuture.completedStage(null);
    }
}
