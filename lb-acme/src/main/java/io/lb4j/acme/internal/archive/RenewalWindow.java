package io.lb4j.acme.internal.archive;

import java.time.Instant;

/**
 * When an authority wants a certificate to be renewed (RFC 9773 §4.2). Immutable.
 *
 * @param start the earliest time
 * @param end the latest; after it, renewal is overdue
 * @param askAgain when the authority wants to be asked again
 */
public record RenewalWindow(Instant start, Instant end, Instant askAgain) {}
