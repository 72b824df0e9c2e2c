package io.lb4j.discovery.kubernetes;

import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.discovery.RegistrySettings;
import io.lb4j.spi.SharedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * A Kubernetes cluster, and the endpoints that its EndpointSlices name.
 *
 * <pre>{@code
 * builder.cluster("api", cluster -> cluster.discovery(Kubernetes.local().service("api", query -> query.port("http"))));
 * }</pre>
 *
 * <p>Immutable: each setter returns a changed copy.
 */
public final class Kubernetes extends RegistrySettings<Kubernetes> {
    private Kubernetes(Settings settings) {
        super(settings);
    }

    /** Returns the cluster that this pod is in, or that the kubeconfig's current context names. Default: 5 seconds for a question. */
    public static Kubernetes local() {
        return new Kubernetes(complete(new Draft(KubernetesOptions.CONNECTION)));
    }

    @Override
    protected Kubernetes with(Settings changed) {
        return new Kubernetes(changed);
    }

    /** Reads a kubeconfig. Default: the pod's service account, or what {@code KUBECONFIG} names, or {@code ~/.kube/config}. */
    public Kubernetes kubeconfig(Path file) {
        return set(KubernetesOptions.KUBECONFIG, file, "kubeconfig");
    }

    /** Takes another context of the kubeconfig: several clusters are several providers. Default: the current one. */
    public Kubernetes context(String name) {
        return set(KubernetesOptions.CONTEXT, name, "context");
    }

    /** Looks in another namespace. Default: the context's, or the pod's. */
    public Kubernetes namespace(String name) {
        return set(KubernetesOptions.NAMESPACE, name, "namespace");
    }

    /** Sets how long a question may take. Default: 5 seconds. */
    public Kubernetes timeout(Duration time) {
        return set(KubernetesOptions.TIMEOUT, time, "timeout");
    }

    /** Sets how many octets an answer, or an event of a watch, may have. Default: 64 MiB. */
    public Kubernetes maxSize(long octets) {
        return set(KubernetesOptions.MAX_SIZE, octets, "maxSize");
    }

    /** Returns the pods of a service at its first port: for {@code cluster.discovery(…)}. */
    public Part service(String name) {
        return service(name, UnaryOperator.identity());
    }

    /** Returns those pods of a service that a query asks for. */
    public Part service(String name, UnaryOperator<KubernetesQuery> query) {
        Draft draft = draft(KubernetesOptions.DISCOVERY, settings());
        Origin origin = Origin.setter("service", RegistrySettings.class::isAssignableFrom);
        draft.set(KubernetesOptions.SERVICE, name, origin);
        return part(query.apply(new KubernetesQuery(complete(draft))));
    }

    /**
     * Returns the pods of all services whose EndpointSlices a label selector fits.
     *
     * @param labels {@code app=api,tier in (a,b)}
     */
    public Part selected(String labels, UnaryOperator<KubernetesQuery> query) {
        Draft draft = draft(KubernetesOptions.DISCOVERY, settings());
        draft.set(
                KubernetesOptions.LABELS, labels, Origin.setter("selected", RegistrySettings.class::isAssignableFrom));
        return part(query.apply(new KubernetesQuery(complete(draft))));
    }

    /** Returns a shared store in the namespace, with the prefix {@code lb4j/}. */
    public SharedStore store() {
        return store(KubernetesOptions.STORE_KEYS);
    }

    /**
     * Returns a shared store of keys with a prefix, for whoever else uses it with the same: values are Secrets of the namespace, locks are Leases.
     * Whether a lease has run out is told by the clocks of those who look, which have to agree within a small part of its time.
     */
    public SharedStore store(String prefix) {
        Draft draft = draft(KubernetesOptions.STORE, settings());
        draft.set(KubernetesOptions.PREFIX, prefix, Origin.setter("store", RegistrySettings.class::isAssignableFrom));
        return new KubernetesStoreFactory().create(complete(draft));
    }

    private static Part part(KubernetesQuery query) {
        return Part.of(new KubernetesDiscoveryFactory(), query.settings());
    }
}
