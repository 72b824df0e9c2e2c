package io.lb4j.acme.internal.life;

import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.Certificates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What handshakes are shown: what was obtained, and until then, for names that are waited for, certificates that vouch for themselves.
 * Thread-safe; readers see one whole state or the next.
 */
public final class Served {
    private final Map<CertificateNames, Certificate> obtained = new LinkedHashMap<>(); // guarded by this
    private final Map<CertificateNames, Certificate> standIns = new LinkedHashMap<>(); // guarded by this
    private volatile Shown shown = new Shown(Certificates.of(List.of()), Certificates.of(List.of()), List.of());
    private volatile CertificateSource.@Nullable Listener listener;

    private record Shown(CertificateSource obtained, CertificateSource standIns, List<Certificate> all) {}

    /** Creates a state with nothing in it. */
    public Served() {}

    /** Shows a certificate that vouches for itself for these names, until another one is put. */
    synchronized void putStandIn(CertificateNames names) {
        String[] texts = names.names().stream().map(DomainName::text).toArray(String[]::new);
        standIns.put(names, Certificates.selfSigned(texts).certificates().get(0));
        publish();
    }

    /** Shows a certificate from now on. */
    void put(CertificateNames names, Certificate certificate) {
        synchronized (this) {
            standIns.remove(names);
            if (certificate.equals(obtained.put(names, certificate))) {
                return;
            }
            publish();
        }
        changed();
    }

    /** Shows no certificate for these names any more. */
    void remove(CertificateNames names) {
        synchronized (this) {
            if (obtained.remove(names) == null) {
                return;
            }
            publish();
        }
        changed();
    }

    private void changed() {
        CertificateSource.Listener told = listener;
        if (told != null) {
            told.onChange();
        }
    }

    private void publish() {
        List<Certificate> real = List.copyOf(obtained.values());
        List<Certificate> own = List.copyOf(standIns.values());
        List<Certificate> all = new ArrayList<>(real);
        all.addAll(own);
        shown = new Shown(Certificates.of(real), Certificates.of(own), List.copyOf(all));
    }

    /** Tells somebody of changes from now on. */
    public void tell(CertificateSource.Listener told) {
        listener = told;
    }

    /** Returns the certificate for a name. */
    public Optional<Certificate> cached(String serverName) {
        return candidates(serverName).stream().findFirst();
    }

    /** Returns the certificates for a name. */
    public List<Certificate> candidates(String serverName) {
        Shown now = shown;
        List<Certificate> found = now.obtained.candidates(serverName);
        return found.isEmpty() ? now.standIns.candidates(serverName) : found;
    }

    /** Returns every certificate. */
    public List<Certificate> all() {
        return shown.all;
    }
}
