package io.lb4j.discovery.consul;

import io.lb4j.config.Settings;
import io.lb4j.model.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kiwiproject.consul.model.health.HealthCheck;
import org.kiwiproject.consul.model.health.Service;
import org.kiwiproject.consul.model.health.ServiceHealth;

/** What Consul's instances come to as endpoints. Immutable. */
final class ConsulInstances {
    private static final String PASSING = "passing";
    private static final String WARNING = "warning";
    private static final String WEIGHT = "weight";
    private static final int LARGEST_WEIGHT = 1_000_000;

    private final ConsulOptions.Health health;
    private final Map<String, String> metadata;

    ConsulInstances(Settings settings) {
        health = settings.value(ConsulOptions.HEALTH);
        metadata = settings.value(ConsulOptions.METADATA);
    }

    /** Returns whether an instance is what is asked for, by its checks and its metadata. */
    boolean isWanted(ServiceHealth instance) {
        if (!instance.getService().getMeta().entrySet().containsAll(metadata.entrySet())) {
            return false;
        }
        return switch (health) {
            case PASSING -> hasOnly(instance, List.of(PASSING));
            case WARNING -> hasOnly(instance, List.of(PASSING, WARNING));
            case ANY -> true;
        };
    }

    private static boolean hasOnly(ServiceHealth instance, List<String> states) {
        return instance.getChecks().stream().map(HealthCheck::getStatus).allMatch(states::contains);
    }

    /**
     * Returns the endpoint of an instance: the service's address, or else its node's; metadata as the service has them, and its tags. The
     * weight is what the metadata say under {@code weight}, or else a hundred times Consul's, which is 1 by default.
     *
     * @throws IllegalArgumentException if it has no port, or a weight that is none
     */
    Optional<Endpoint> endpoint(ServiceHealth instance) {
        Service service = instance.getService();
        String address = service.getAddress().isBlank() ? instance.getNode().getAddress() : service.getAddress();
        Map<String, String> more = new HashMap<>(service.getMeta());
        instance.getNode().getDatacenter().ifPresent(name -> more.putIfAbsent("datacenter", name));
        if (!service.getTags().isEmpty()) {
            more.put("tags", String.join(",", service.getTags()));
        }
        String weight = more.remove(WEIGHT);
        return Optional.of(new Endpoint(
                address, service.getPort(), weight == null ? weightOf(instance) : parseWeight(weight), more));
    }

    private static int parseWeight(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("weight: " + text + " (expected: a whole number)", e);
        }
    }

    private static int weightOf(ServiceHealth instance) {
        boolean warns = !hasOnly(instance, List.of(PASSING));
        int weight = instance.getService()
                .getWeights()
                .map(weights -> warns ? weights.getWarning() : weights.getPassing())
                .orElse(1);
        return (int) Math.min(LARGEST_WEIGHT, (long) weight * Endpoint.DEFAULT_WEIGHT);
    }

    /** Returns Consul's weights for an endpoint, for those who read these: not below 1, which is its least. */
    static int weightFor(Endpoint endpoint) {
        return Math.max(1, endpoint.weight() / Endpoint.DEFAULT_WEIGHT);
    }

    /** Returns the metadata that say of an endpoint what Consul has no place for. */
    static Map<String, String> metadataFor(Endpoint endpoint) {
        Map<String, String> more = new HashMap<>(endpoint.metadata());
        more.remove("tags");
        more.put(WEIGHT, Integer.toString(endpoint.weight()));
        return more;
    }
}
