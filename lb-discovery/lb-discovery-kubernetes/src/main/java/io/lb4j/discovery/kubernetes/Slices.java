package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import io.lb4j.discovery.Entries;
import io.lb4j.discovery.EntryReader;
import io.lb4j.model.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What EndpointSlices come to as endpoints: those that are ready; where none is, those that serve while they end, as kube-proxy has it. Fields
 * that a slice leaves open are as Kubernetes says: ready if unknown, serving as ready.
 */
final class Slices {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

    private final Optional<String> port;
    private final boolean allowsTerminating;
    private final EntryReader reader;

    /** Whether an endpoint gets requests. */
    private enum State {
        READY,
        ENDING,
        NOT_READY
    }

    Slices(Optional<String> port, boolean allowsTerminating, EntryReader reader) {
        this.port = port;
        this.allowsTerminating = allowsTerminating;
        this.reader = reader;
    }

    Entries entries(Collection<EndpointSlice> slices) {
        List<Entries> ready = new ArrayList<>();
        List<Entries> ending = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            for (io.fabric8.kubernetes.api.model.discovery.v1.Endpoint pod : orEmpty(slice.getEndpoints())) {
                State state = stateOf(pod.getConditions());
                if (state == State.NOT_READY || orEmpty(pod.getAddresses()).isEmpty()) {
                    continue;
                }
                // The addresses of one entry are of one pod: the first will do.
                String address = pod.getAddresses().get(0);
                String key = slice.getMetadata().getNamespace() + "/"
                        + slice.getMetadata().getName() + " " + address;
                Entries read = reader.read(key, () -> endpoint(slice, pod, address));
                (state == State.READY ? ready : ending).add(read);
            }
        }
        boolean isNoneReady = ready.stream().allMatch(read -> read.endpoints().isEmpty());
        if (isNoneReady && allowsTerminating) {
            ready.addAll(ending); // beside those that are left out, which are counted
        }
        return Entries.join(ready);
    }

    private static State stateOf(@Nullable EndpointConditions conditions) {
        if (conditions == null || conditions.getReady() == null || conditions.getReady()) {
            return State.READY;
        }
        boolean isServing = Boolean.TRUE.equals(conditions.getServing());
        return isServing && Boolean.TRUE.equals(conditions.getTerminating()) ? State.ENDING : State.NOT_READY;
    }

    private Optional<Endpoint> endpoint(
            EndpointSlice slice, io.fabric8.kubernetes.api.model.discovery.v1.Endpoint pod, String address) {
        Map<String, String> metadata = new HashMap<>();
        put(metadata, "zone", pod.getZone());
        put(metadata, "node", pod.getNodeName());
        put(metadata, "hostname", pod.getHostname());
        put(metadata, "namespace", slice.getMetadata().getNamespace());
        if (pod.getTargetRef() != null) {
            put(metadata, "pod", pod.getTargetRef().getName());
        }
        if (pod.getHints() != null && !orEmpty(pod.getHints().getForZones()).isEmpty()) {
            metadata.put(
                    "zone_hints",
                    pod.getHints().getForZones().stream().map(ForZone::getName).collect(Collectors.joining(",")));
        }
        return Optional.of(new Endpoint(address, portOf(slice), Endpoint.DEFAULT_WEIGHT, metadata));
    }

    private static void put(Map<String, String> metadata, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            metadata.put(key, value);
        }
    }

    private int portOf(EndpointSlice slice) {
        List<EndpointPort> ports = orEmpty(slice.getPorts());
        if (ports.isEmpty() && port.isPresent() && NUMBER.matcher(port.get()).matches()) {
            return Integer.parseInt(port.get()); // of a headless service that names no ports
        }
        return ports.stream()
                .filter(candidate -> candidate.getPort() != null && fits(candidate))
                .min(Comparator.comparing(Slices::isOtherThanTcp)) // of equals the first
                .orElseThrow(() -> new IllegalArgumentException("port: " + port.orElse("any") + " (expected: one of "
                        + ports.stream()
                                .map(known -> known.getName() + " " + known.getPort())
                                .toList() + ")"))
                .getPort();
    }

    private boolean fits(EndpointPort candidate) {
        return port.isEmpty()
                || port.get().equals(candidate.getName())
                || port.get().equals(String.valueOf(candidate.getPort()));
    }

    /** The API's default is TCP. */
    private static boolean isOtherThanTcp(EndpointPort candidate) {
        return candidate.getProtocol() != null && !candidate.getProtocol().equals("TCP");
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
