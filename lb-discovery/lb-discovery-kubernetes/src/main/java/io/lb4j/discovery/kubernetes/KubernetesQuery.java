package io.lb4j.discovery.kubernetes;

import io.lb4j.config.Settings;
import io.lb4j.discovery.RegistrySettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Which pods are wanted. Immutable: each setter returns a changed copy. */
public final class KubernetesQuery extends RegistrySettings<KubernetesQuery> {
    KubernetesQuery(Settings settings) {
        super(settings);
    }

    @Override
    protected KubernetesQuery with(Settings changed) {
        return new KubernetesQuery(changed);
    }

    /** Takes the port of a name, or of a number, at the pods. Default: the first. */
    public KubernetesQuery port(String nameOrNumber) {
        return set(KubernetesOptions.PORT, nameOrNumber, "port");
    }

    /** Looks in all namespaces. Default: in one. */
    public KubernetesQuery allNamespaces() {
        return set(KubernetesOptions.ALL_NAMESPACES, true, "allNamespaces");
    }

    /** Asks for EndpointSlices that a label selector fits. Default: none. */
    public KubernetesQuery labels(String selector) {
        return set(KubernetesOptions.LABELS, selector, "labels");
    }

    /** Asks for EndpointSlices with a field, beside those asked for already. Default: none. */
    public KubernetesQuery field(String name, String value) {
        Map<String, String> more = new HashMap<>(settings().value(KubernetesOptions.FIELDS));
        more.put(name, value);
        return set(KubernetesOptions.FIELDS, more, "field");
    }

    /** Takes the IPv6 address of pods that have some of both families. Default: the IPv4 address; a pod is one endpoint. */
    public KubernetesQuery preferIpv6() {
        return set(KubernetesOptions.ADDRESSES, KubernetesOptions.Addresses.PREFER_IPV6, "preferIpv6");
    }

    /** Takes IPv4 addresses alone. Default: those of IPv6 too, of pods that have no other. */
    public KubernetesQuery ipv4Only() {
        return set(KubernetesOptions.ADDRESSES, KubernetesOptions.Addresses.IPV4, "ipv4Only");
    }

    /** Takes IPv6 addresses alone. Default: those of pods that have no other. */
    public KubernetesQuery ipv6Only() {
        return set(KubernetesOptions.ADDRESSES, KubernetesOptions.Addresses.IPV6, "ipv6Only");
    }

    /** Takes all addresses: a pod with one of each family is two endpoints. Default: it is one. */
    public KubernetesQuery bothFamilies() {
        return set(KubernetesOptions.ADDRESSES, KubernetesOptions.Addresses.BOTH, "bothFamilies");
    }

    /** Gives pods that end no requests, even while no other is ready. Default: those that serve still get them then. */
    public KubernetesQuery neverTerminating() {
        return set(KubernetesOptions.TERMINATING, false, "neverTerminating");
    }

    /** Sets how often the API server is asked whether it is there, and what the watch has missed. Default: every 4 seconds. */
    public KubernetesQuery probe(Duration interval) {
        return set(KubernetesOptions.PROBE, interval, "probe");
    }
}
