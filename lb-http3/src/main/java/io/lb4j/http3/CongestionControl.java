package io.lb4j.http3;

/** How fast a QUIC connection sends. */
public enum CongestionControl {
    /** CUBIC (RFC 9438). */
    CUBIC,
    /** BBR, which goes by bandwidth and round trip rather than by loss. */
    BBR,
    /** NewReno (RFC 9002 §7). */
    RENO
}
