package io.lb4j.http3;

/** When clients have to prove, before anything is kept for them, that they are where they say (RFC 9000 §8.1.2). */
public enum RetryMode {
    /** Never: a handshake takes one round trip less, and at most three times what a client sends goes to an address unproven. */
    NEVER,
    /** While many handshakes are under way. */
    UNDER_LOAD,
    /** Always. */
    ALWAYS
}
