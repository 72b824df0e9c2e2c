package io.lb4j.model;

/** What becomes of {@code Alt-Svc} (RFC 7838) in answers of a listener that has further transports. */
public enum AltSvcPolicy {
    /** The transports are advertised in answers that have no such field; an endpoint's own is kept. */
    ADD,
    /** The transports are advertised in every answer, in place of an endpoint's own field. */
    REPLACE,
    /** Nothing is advertised; an endpoint's own field is kept. */
    OFF
}
