package io.lb4j.testkit.tls;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The one place where the kit makes an {@link SSLContext}. */
final class Engines {
    private Engines() {}

    static SSLContext context(Optional<TestCertificate> identity, List<TrustManager> trust) {
        try {
            KeyManager[] keys = new KeyManager[0];
            if (identity.isPresent()) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(identity.get().keyStore(), TestCertificate.KEY_STORE_PASSWORD.toCharArray());
                keys = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.toArray(TrustManager[]::new), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refuses the test's certificates", e);
        }
    }
}
