package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import io.lb4j.config.Settings;
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
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What EndpointSlices come to as endpoints: those that are ready; where none is, those that serve while they end, as kube-proxy has it. Fields
 * that a slice leaves open are as Kubernetes says: ready if unknown, serving as ready. A pod with addresses of both families is in two slices, and
 * one endpoint unless both are asked for.
 */
final class Slices {
    private static final String IPV4 = "IPv4";
    private static final String IPV6 = "IPv6";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

    private final Optional<String> port;
    private final boolean allowsTerminating;
    private final KubernetesOptions.Addresses addresses;
    private final EntryReader reader;

    /** What one entry of a slice comes to, of which pod, by an address of which family. */
    private record Found(String pod, String family, Entries read) {}

    /** Whether an endpoint gets requests. */
    private enum State {
        READY,
        ENDING,
        NOT_READY
    }

    Slices(Settings settings, EntryReader reader) {
        this.port = settings.find(KubernetesOptions.PORT);
        this.allowsTerminating = settings.value(KubernetesOptions.TERMINATING);
        this.addresses = settings.value(KubernetesOptions.ADDRESSES);
        this.reader = reader;
    }

    Entries entries(Collection<EndpointSlice> slices) {
        List<Found> ready = new ArrayList<>();
        List<Found> ending = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            if (!isWanted(slice.getAddressType())) {
                continue;
            }
            for (io.fabric8.kubernetes.api.model.discovery.v1.Endpoint pod : orEmpty(slice.getEndpoints())) {
                State state = stateOf(pod.getConditions());
                if (state != State.NOT_READY && !orEmpty(pod.getAddresses()).isEmpty()) {
                    (state == State.READY ? ready : ending).add(found(slice, pod));
                }
            }
        }
        boolean isNoneReady =
                ready.stream().allMatch(one -> one.read.endpoints().isEmpty());
        if (isNoneReady && allowsTerminating) {
            ready.addAll(ending); // beside those that are left out, which are counted
        }
        return Entries.join(oneOfEach(ready));
    }

    private Found found(EndpointSlice slice, io.fabric8.kubernetes.api.model.discovery.v1.Endpoint pod) {
        // The addresses of one entry are of one pod: the first will do.
        String address = pod.getAddresses().get(0);
        String place =
                slice.getMetadata().getNamespace() + "/" + slice.getMetadata().getName();
        Entries read = reader.read(place + " " + address, () -> endpoint(slice, pod, address));
        return new Found(podOf(slice, pod, address), String.valueOf(slice.getAddressType()), read);
    }

    private boolean isWanted(@Nullable String family) {
        return switch (addresses) {
            case IPV4 -> !IPV6.equals(family);
            case IPV6 -> !IPV4.equals(family);
            default -> true;
        };
    }

    /** Returns what the entries of one pod of one service have in common. An entry that names no pod is one of its own. */
    private static String podOf(
            EndpointSlice slice, io.fabric8.kubernetes.api.model.discovery.v1.Endpoint pod, String address) {
        Map<String, String> labels =
                Optional.ofNullable(slice.getMetadata().getLabels()).orElse(Map.of());
        String name = pod.getTargetRef() == null ? null : pod.getTargetRef().getName();
        String service = labels.getOrDefault(KubernetesDiscovery.SERVICE_LABEL, "");
        return slice.getMetadata().getNamespace() + "/" + service + "/" + (name == null ? "/" + address : name);
    }

    /** Leaves out the addresses of the other family, of pods that have one of the family that is preferred. */
    private List<Entries> oneOfEach(List<Found> found) {
        if (addresses != KubernetesOptions.Addresses.PREFER_IPV4
                && addresses != KubernetesOptions.Addresses.PREFER_IPV6) {
            return found.stream().map(Found::read).toList();
        }
        String preferred = addresses == KubernetesOptions.Addresses.PREFER_IPV4 ? IPV4 : IPV6;
        Set<String> served = found.stream()
                .filter(one ->
                        one.family.equals(preferred) && !one.read.endpoints().isEmpty())
                .map(Found::pod)
                .collect(Collectors.toSet());
        return found.stream()
                .filter(one -> one.family.equals(preferred) || !served.contains(one.pod))
                .map(Found::read)
                .toList();
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
