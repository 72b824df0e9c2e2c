package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.lb4j.config.Settings;
import io.lb4j.discovery.Entries;
import io.lb4j.discovery.EntryReader;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Endpoints from EndpointSlices, or from a service that stands for an external name. Thread-safe; one watch at a time. */
final class KubernetesDiscovery implements Discovery {
    static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String EXTERNAL = "ExternalName";

    private final Settings settings;
    private final Slices slices;
    private final RetryAfter retryAfter = new RetryAfter(System::nanoTime);
    private @Nullable KubernetesClient client; // guarded by this, as all below
    private @Nullable KubernetesWatch watch;
    private boolean isClosed;

    KubernetesDiscovery(Settings settings) {
        this.settings = settings;
        slices = new Slices(settings, new EntryReader("kubernetes"));
    }

    Settings settings() {
        return settings;
    }

    /** Returns for how long the API server wants to be left alone. */
    Duration pause() {
        return retryAfter.left();
    }

    synchronized KubernetesClient client() throws IOException {
        if (isClosed) {
            throw new IOException("kubernetes: closed");
        }
        KubernetesClient known = client;
        if (known == null) {
            known = ApiClients.open(settings, retryAfter);
            client = known;
        }
        return known;
    }

    /** Has whoever asks next do so by another client than this one. */
    void letGo(@Nullable KubernetesClient former) {
        synchronized (this) {
            if (former == null || client != former) {
                return;
            }
            client = null;
        }
        former.close();
    }

    /** Returns the slices that are asked for. */
    FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> slices() throws IOException {
        var all = client().discovery().v1().endpointSlices();
        FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> chosen;
        if (settings.value(KubernetesOptions.ALL_NAMESPACES)) {
            chosen = all.inAnyNamespace();
        } else {
            Optional<String> namespace = settings.find(KubernetesOptions.NAMESPACE);
            chosen = namespace.isPresent() ? all.inNamespace(namespace.get()) : all;
        }
        Optional<String> labels = settings.find(KubernetesOptions.LABELS);
        if (labels.isPresent()) {
            chosen = chosen.withLabelSelector(labels.get());
        }
        Optional<String> service = settings.find(KubernetesOptions.SERVICE);
        if (service.isPresent()) {
            chosen = chosen.withLabel(SERVICE_LABEL, service.get());
        }
        Map<String, String> fields = settings.value(KubernetesOptions.FIELDS);
        return fields.isEmpty() ? chosen : chosen.withFields(fields);
    }

    /**
     * Asks for the versions of the slices that are asked for, by namespace and name.
     *
     * @throws IOException if there is no answer
     */
    Map<String, String> versions() throws IOException {
        KubernetesClient asked = client();
        String namespace = settings.value(KubernetesOptions.ALL_NAMESPACES)
                ? ""
                : "namespaces/" + settings.find(KubernetesOptions.NAMESPACE).orElse(asked.getNamespace()) + "/";
        String service = settings.find(KubernetesOptions.SERVICE)
                .map(name -> SERVICE_LABEL + "=" + name)
                .orElse("");
        String labels = settings.find(KubernetesOptions.LABELS).orElse("");
        MetadataList list = new MetadataList(
                "apis/discovery.k8s.io/v1/" + namespace + "endpointslices",
                labels + (labels.isEmpty() || service.isEmpty() ? "" : ",") + service,
                MetadataList.selector(settings.value(KubernetesOptions.FIELDS)));
        return versions(list.ask(asked));
    }

    /**
     * Asks whether the API server is there, and for next to nothing.
     *
     * @throws IOException if there is no answer
     */
    void requireAnswer() throws IOException {
        var asked = slices();
        ask(() -> asked.list(new ListOptionsBuilder().withLimit(1L).build()));
    }

    private <T> T ask(ApiClients.Question<T> question) throws IOException {
        Duration timeout = settings.value(KubernetesOptions.TIMEOUT); // for the head of the answer
        return ApiClients.within(timeout.multipliedBy(2), question);
    }

    static Map<String, String> versions(List<ObjectMeta> objects) {
        Map<String, String> versions = new HashMap<>();
        objects.forEach(
                object -> versions.put(object.getNamespace() + "/" + object.getName(), object.getResourceVersion()));
        return versions;
    }

    /** Returns what slices come to. */
    Entries entries(List<EndpointSlice> found) {
        return slices.entries(found);
    }

    /** Asks for the one endpoint of a service that stands for an external name; empty if it does not. */
    Optional<Entries> external() throws IOException {
        Optional<String> name = settings.find(KubernetesOptions.SERVICE);
        if (name.isEmpty() || settings.value(KubernetesOptions.ALL_NAMESPACES)) {
            return Optional.empty();
        }
        var services = client().services();
        Optional<String> namespace = settings.find(KubernetesOptions.NAMESPACE);
        var named = (namespace.isPresent() ? services.inNamespace(namespace.get()) : services).withName(name.get());
        Service service = ask(() -> named.get());
        if (service == null
                || service.getSpec() == null
                || !EXTERNAL.equals(service.getSpec().getType())) {
            return Optional.empty();
        }
        return Optional.of(Entries.of(Endpoint.of(service.getSpec().getExternalName(), portOf(service))));
    }

    private int portOf(Service service) throws IOException {
        Optional<String> wanted = settings.find(KubernetesOptions.PORT);
        for (var port : service.getSpec().getPorts()) {
            if (wanted.isEmpty() || wanted.get().equals(port.getName())) {
                return port.getPort();
            }
        }
        return wanted.filter(text -> text.matches("[0-9]{1,5}"))
                .map(Integer::valueOf)
                .orElseThrow(() -> new IOException(
                        "kubernetes: service " + service.getMetadata().getName()
                                + " is an external name without a port (expected: port, a number)"));
    }

    /** Returns what a failure comes to, with what to do about it where that is known. */
    static IOException failure(Throwable reason) {
        return ApiClients.failure(
                reason, "get, list and watch on endpointslices of discovery.k8s.io, and get on services");
    }

    @Override
    public List<Endpoint> discover() throws IOException {
        try {
            var asked = slices();
            List<EndpointSlice> found = ask(() -> asked.list().getItems());
            Optional<Entries> external = found.isEmpty() ? external() : Optional.empty();
            return external.orElseGet(() -> entries(found)).endpoints();
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    @Override
    public void watch(DiscoveryContext context, Listener listener) {
        KubernetesWatch next = new KubernetesWatch(this, context, listener);
        KubernetesWatch former;
        synchronized (this) {
            former = watch;
            watch = next;
            if (isClosed) {
                return;
            }
        }
        if (former != null) {
            former.close();
        }
        Duration pause = pause();
        if (pause.isZero()) {
            next.begin();
            return;
        }
        context.schedule(pause, next::begin);
    }

    @Override
    public void close() {
        KubernetesWatch last;
        KubernetesClient open;
        synchronized (this) {
            isClosed = true;
            last = watch;
            open = client;
            client = null;
        }
        if (last != null) {
            last.close();
        }
        if (open != null) {
            open.close();
        }
    }
}
