package io.lb4j.stats;

/**
 * An exchange that a tap has sampled. Immutable.
 *
 * @param access how it went
 * @param requestFields the request's header fields as they were sent on, a line for each, the values of credentials left out
 * @param responseFields those of the response; empty if there was none
 */
public record ExchangeSample(AccessRecord access, String requestFields, String responseFields) {}
