package io.lb4j.internal.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/**
 * What an engine says at the end of a handshake. Immutable.
 *
 * @param applicationProtocol agreed by ALPN
 * @param resumed whether an earlier session was resumed
 */
record EngineFacts(SSLSession session, Optional<String> applicationProtocol, boolean resumed) {
    /**
     * Asks the engine.
     *
     * @param startMillis when the handshake began, by the system's clock
     */
    static EngineFacts of(SslHandler handler, long startMillis) {
        SSLEngine engine = handler.engine();
        return new EngineFacts(
                engine.getSession(),
                Optional.ofNullable(handler.applicationProtocol()),
                isResumed(engine, startMillis));
    }

    private static boolean isResumed(SSLEngine engine, long startMillis) {
        if (engine instanceof ReferenceCountedOpenSslEngine counted) {
            return SSL.isSessionReused(counted.sslPointer());
        }
        // The JDK does not say, but a session that it resumes keeps the time at which it was made.
        return engine.getSession().getCreationTime() < startMillis;
    }
}
