package io.lb4j.discovery;

/** How a document that names endpoints is built. */
public enum DocumentShape {
    /** A list of entries as {@link EndpointJson} has them, or an object with such a list under {@code endpoints}. */
    ENDPOINTS,
    /** What Consul answers to {@code /v1/health/service/…} or {@code /v1/catalog/service/…}: instances whose checks all pass. */
    CONSUL,
    /** What Eureka answers to {@code /eureka/apps/…} or {@code /eureka/apps}: instances that are {@code UP}. */
    EUREKA
}
