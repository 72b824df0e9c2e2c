package io.lb4j.internal.snapshot;

import io.lb4j.model.ClientCertificateField;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is said of the client to endpoints, and of the balancer to clients. Immutable.
 *
 * @param xForwarded whether the {@code X-Forwarded-…} fields are sent
 * @param forwarded whether {@code Forwarded} (RFC 7239) is sent
 * @param via the pseudonym for {@code Via} (RFC 9110 §7.6.3), if it is to be sent
 * @param trustedProxies tells whose own forwarding fields are believed and kept
 * @param reasonHeader whether answers made here say why
 * @param server the {@code Server} field of answers made here, if they are to have one
 * @param clientCertificate how endpoints are told of the client's certificate
 */
public record ForwardingRules(
        boolean xForwarded,
        boolean forwarded,
        Optional<String> via,
        Predicate<InetAddress> trustedProxies,
        boolean reasonHeader,
        Optional<String> server,
        ClientCertificateField clientCertificate) {
    /** The rules of a listener that names none: {@code X-Forwarded-…} is sent, nobody is trusted, answers say why. */
    public static ForwardingRules defaults() {
        return new ForwardingRules(
                true, false, Optional.empty(), address -> false, true, Optional.empty(), ClientCertificateField.NONE);
    }
}
