package io.lb4j.internal.tls;

import io.lb4j.spi.Certificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Set;

/** Makes the TLS handlers of a listener, out of whatever contexts its engine needs for that. Thread-safe. */
interface ServerContexts {
    /**
     * Makes ready for these certificates, and forgets what was made for others. Handlers made before go on as they are.
     *
     * @throws IllegalArgumentException if the engine does not take one of them; the others are ready
     */
    void prepare(Set<Certificate> certificates);

    /** Makes the handler of a connection that is shown this certificate. */
    SslHandler handler(Certificate certificate, ByteBufAllocator allocator);

    /** Gives back what was made; handlers made before go on as they are. */
    void close();
}
