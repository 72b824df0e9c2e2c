package io.lb4j.internal.control;

import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.internal.tls.TlsParameters;
import io.lb4j.model.ProcessOptions;
import io.lb4j.model.TlsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says in the TLS stage's own terms what a configuration says of either side. */
public final class TlsMapping {
    private TlsMapping() {}

    /**
     * Returns engine, versions and cipher suites.
     *
     * @param engine what must do the cryptography; empty for the best there is
     * @param ciphers the suites that are allowed; none for the defaults
     */
    public static TlsParameters parameters(
            Optional<TlsEngine> engine, TlsVersion lowest, TlsVersion highest, List<String> ciphers) {
        List<String> names = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            if (version.compareTo(lowest) >= 0 && version.compareTo(highest) <= 0) {
                names.add(version.protocol());
            }
        }
        TlsParameters defaults = TlsParameters.defaults();
        return new TlsParameters(engine, names, ciphers.isEmpty() ? defaults.cipherSuites() : ciphers);
    }

    /** Returns what must do the cryptography; empty for the best there is. */
    public static Optional<TlsEngine> engine(ProcessOptions options) {
        return switch (options.tlsEngine()) {
            case AUTO -> Optional.empty();
            case BORINGSSL -> Optional.of(TlsEngine.NATIVE);
            case JDK -> Optional.of(TlsEngine.JDK);
        };
    }
}
