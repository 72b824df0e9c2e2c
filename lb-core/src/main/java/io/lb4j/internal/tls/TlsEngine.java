package io.lb4j.internal.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.Optional;

/** What does the cryptography. */
public enum TlsEngine {
    /** BoringSSL (or another OpenSSL) through netty-tcnative, where its native library is on the class path. */
    NATIVE {
        @Override
        public Optional<Throwable> unavailabilityCause() {
            return Optional.ofNullable(OpenSsl.unavailabilityCause());
        }

        @Override
        public String description() {
            return OpenSsl.isAvailable() ? OpenSsl.versionString() + " (netty-tcnative)" : "netty-tcnative (absent)";
        }

        @Override
        SslProvider provider() {
            return SslProvider.OPENSSL_REFCNT;
        }
    },

    /** The JDK's own. */
    JDK {
        @Override
        public Optional<Throwable> unavailabilityCause() {
            return Optional.empty();
        }

        @Override
        public String description() {
            return "the JDK " + Runtime.version().feature();
        }

        @Override
        SslProvider provider() {
            return SslProvider.JDK;
        }
    };

    /** Returns why this engine cannot be used here; empty if it can. */
    public abstract Optional<Throwable> unavailabilityCause();

    /** Returns name and version, for people. */
    public abstract String description();

    abstract SslProvider provider();

    /** Returns the best engine that works here. */
    public static TlsEngine automatic() {
        return NATIVE.unavailabilityCause().isEmpty() ? NATIVE : JDK;
    }

    /**
     * Checks that this engine works here.
     *
     * @return this
     * @throws IllegalStateException if it does not; the cause says why
     */
    public TlsEngine requireAvailable() {
        unavailabilityCause().ifPresent(cause -> {
            throw new IllegalStateException(
                    "TLS engine: netty-tcnative is not available here: " + cause.getMessage()
                            + " (expected: netty-tcnative-boringssl-static for this platform on the class path)",
                    cause);
        });
        return this;
    }
}
