package io.lb4j.server.life;

import io.lb4j.config.Fault;
import io.lb4j.model.Cluster;
import io.lb4j.model.Configuration;
import io.lb4j.model.KeyPair;
import io.lb4j.model.Listener;
import io.lb4j.spi.Certificates;
import io.lb4j.spi.PemFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with the certificates and keys that a configuration names. Whoever asks for a check is told; where a configuration is put in force, files that are being
 * exchanged keep nothing from it that has been read before.
 */
public final class KeyPairFaults {
    private static final Pattern MESSAGE = Pattern.compile("(.*) \\(expected: (.*)\\)", Pattern.DOTALL);

    private final List<Fault> faults = new ArrayList<>();

    private KeyPairFaults() {}

    /** Reads all of them, once. */
    public static List<Fault> of(Configuration configuration) {
        KeyPairFaults found = new KeyPairFaults();
        configuration.listeners().forEach(found::ofListener);
        configuration.clusters().forEach(found::ofCluster);
        return List.copyOf(found.faults);
    }

    private void ofListener(Listener listener) {
        List<KeyPair> pairs = listener.tls().map(tls -> tls.certificates()).orElse(List.of());
        for (int i = 0; i < pairs.size(); i++) {
            read("listeners." + listener.name() + ".tls.certificates[" + i + "]", pairs.get(i));
        }
    }

    private void ofCluster(Cluster cluster) {
        Optional<KeyPair> pair = cluster.tls().flatMap(tls -> tls.clientCertificate());
        pair.ifPresent(files -> read("clusters." + cluster.name() + ".tls.client_certificate", files));
    }

    private void read(String path, KeyPair pair) {
        PemFiles files = PemFiles.of(pair.chain(), pair.key());
        try {
            Certificates.readPem(pair.password()
                    .map(secret -> files.withPassword(secret.toCharArray()))
                    .orElse(files));
        } catch (IOException | IllegalArgumentException e) {
            Matcher parts = MESSAGE.matcher(String.valueOf(e.getMessage()));
            boolean isWhole = parts.matches();
            faults.add(Fault.of(
                    path,
                    Fault.Code.INVALID,
                    isWhole ? parts.group(1) : String.valueOf(e.getMessage()),
                    isWhole ? parts.group(2) : "files that can be read",
                    pair.settings().origin(KeyPair.CHAIN)));
        }
    }
}
