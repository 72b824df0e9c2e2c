package io.lb4j.internal.accept;

import io.lb4j.internal.tls.HandshakeFailure;
import java.util.Map;

/**
 * What a listener had counted at one moment. Immutable.
 *
 * @param accepted connections taken
 * @param active connections open
 * @param refusedByListener connections closed at once, because the listener had as many as it may
 * @param refusedByClient connections closed at once, because their client had as many as it may
 * @param pauses how often accepting was interrupted because the system would not give a descriptor
 * @param handshakes TLS handshakes that succeeded, resumptions among them
 * @param resumptions TLS handshakes that resumed an earlier session, as far as the engine tells
 * @param handshakeFailures TLS handshakes that failed; a reason that never occurred is absent
 * @param bytesRead octets read from sockets, with what TLS adds
 * @param bytesWritten octets handed to sockets, with what TLS adds
 */
public record AcceptStatistics(
        long accepted,
        long active,
        long refusedByListener,
        long refusedByClient,
        long pauses,
        long handshakes,
        long resumptions,
        Map<HandshakeFailure, Long> handshakeFailures,
        long bytesRead,
        long bytesWritten) {
    /** Copies what it is given. */
    public AcceptStatistics {
        handshakeFailures = Map.copyOf(handshakeFailures);
    }
}
