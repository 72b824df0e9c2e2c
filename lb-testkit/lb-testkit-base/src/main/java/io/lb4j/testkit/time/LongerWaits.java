package io.lb4j.testkit.time;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that has Awaitility wait longer than its ten seconds where a test does not say how long: a machine that stands still for a
 * while is to fail no test.
 *
 * <p>Registered for every test by {@code META-INF/services} where {@code junit.jupiter.extensions.autodetection.enabled} is true. It does
 * nothing unless the configuration parameter {@code io.lb4j.testkit.patience} says how long to wait, as {@link Duration#parse} reads it, and
 * Awaitility is on the class path.
 */
public final class LongerWaits implements BeforeAllCallback {
    private static final String PARAMETER = "io.lb4j.testkit.patience";

    /** Called by JUnit. */
    public LongerWaits() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getConfigurationParameter(PARAMETER, Duration::parse)
                .filter(patience -> hasAwaitility())
                .ifPresent(patience -> Awaitility.setDefaultTimeout(patience));
    }

    private static boolean hasAwaitility() {
        return LongerWaits.class.getResource("/org/awaitility/Awaitility.class") != null;
    }
}
