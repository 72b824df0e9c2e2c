package io.lb4j.internal.control;

import io.lb4j.internal.tls.TlsParameters;
import io.lb4j.model.TlsVersion;
import java.util.ArrayList;
import java.util.List;

/** Says in the TLS stage's own terms what a configuration says of either side. */
public final class TlsMapping {
    private TlsMapping() {}

    /**
     * Returns engine, versions and cipher suites.
     *
     * @param ciphers the suites that are allowed; none for the defaults
     */
    public static TlsParameters parameters(TlsVersion lowest, TlsVersion highest, List<String> ciphers) {
        List<String> names = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            if (version.compareTo(lowest) >= 0 && version.compareTo(highest) <= 0) {
                names.add(version.protocol());
            }
        }
        TlsParameters defaults = TlsParameters.defaults();
        return new TlsParameters(defaults.engine(), names, ciphers.isEmpty() ? defaults.cipherSuites() : ciphers);
    }
}
