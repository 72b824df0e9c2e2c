package io.lb4j.internal.tls;

import io.lb4j.spi.Certificate;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows each connection the certificate that was chosen for it, however often certificates are swapped meanwhile. The choice travels as
 * the name of the engine's peer, which a server has no other use for. Thread-safe.
 */
final class ChosenCertificates extends X509ExtendedKeyManager {
    private final Map<String, Certificate> byAlias = new ConcurrentHashMap<>();
    private final AtomicLong lastAlias = new AtomicLong();

    /** Adds the choice for one connection. */
    String add(Certificate certificate) {
        String alias = Long.toString(lastAlias.incrementAndGet());
        byAlias.put(alias, certificate);
        return alias;
    }

    /** Takes a choice back when its handshake is over. */
    void remove(String alias) {
        byAlias.remove(alias);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String alias = engine == null ? null : engine.getPeerHost();
        Certificate certificate = alias == null ? null : byAlias.get(alias);
        return certificate != null && isOfType(certificate, keyType) ? alias : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Certificate certificate = byAlias.get(alias);
        return certificate == null ? null : certificate.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Certificate certificate = byAlias.get(alias);
        return certificate == null ? null : certificate.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // each connection has one of its own
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null; // there are engines only
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // a server's
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null; // a server's
    }

    private static boolean isOfType(Certificate certificate, String keyType) {
        return certificate.chain().get(0).getPublicKey().getAlgorithm().equals(keyType);
    }
}
