package io.lb4j.internal.control;

import io.lb4j.internal.tls.TlsParameters;
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
     * @param engine what does the cryptography
     * @param ciphers the suites that are allowed; none for the defaults
     */
    public static TlsParameters parameters(
            EngineChoice engine, TlsVersion lowest, TlsVersion highest, List<String> ciphers) {
        List<String> names = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            if (version.compareTo(lowest) >= 0 && version.compareTo(highest) <= 0) {
                names.add(version.protocol());
            }
        }
        TlsParameters defaults = TlsParameters.defaults();
        return new TlsParameters(
                Optional.of(engine.get()), names, ciphers.isEmpty() ? defaults.cipherSuites() : ciphers);
    }
}
