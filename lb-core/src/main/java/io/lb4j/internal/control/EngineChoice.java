package io.lb4j.internal.control;

import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.model.ProcessOptions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What does the cryptography of a balancer. It is looked for, and logged, when TLS is first asked for: to load a native library takes as long as a tenth of the
 * start of a server, which one that does no TLS need not wait for. Thread-safe.
 */
public final class EngineChoice {
    private static final Logger LOGGER = LoggerFactory.getLogger(EngineChoice.class);

    private final ProcessOptions.TlsEngine asked;
    private final AtomicBoolean isTold = new AtomicBoolean();

    /**
     * Makes a choice.
     *
     * @param asked what must do it, or that the best there is does
     */
    public EngineChoice(ProcessOptions.TlsEngine asked) {
        this.asked = asked;
    }

    /**
     * Returns what does the cryptography.
     *
     * @throws IllegalStateException if it must be one that is not there
     */
    TlsEngine get() {
        TlsEngine engine = switch (asked) {
            case AUTO -> TlsEngine.automatic();
            case BORINGSSL -> TlsEngine.NATIVE.requireAvailable();
            case JDK -> TlsEngine.JDK;
        };
        if (isTold.compareAndSet(false, true)) {
            LOGGER.info("TLS by {}", engine.description());
        }
        return engine;
    }
}
