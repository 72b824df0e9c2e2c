package io.lb4j.discovery.kubernetes;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What can be configured of Kubernetes. */
final class KubernetesOptions {
    static final String STORE_KEYS = "lb4j/";
    private static final long DEFAULT_SIZE = 64 * 1024 * 1024; // slices of some 100,000 pods
    private static final long LARGEST_SIZE = 1024 * 1024 * 1024;

    static final Option<Path> KUBECONFIG = Option.of(
                    "kubeconfig", OptionTypes.file(), "File with clusters, users and contexts.")
            .absentMeans("the pod's service account, or what KUBECONFIG names, or ~/.kube/config")
            .build();

    static final Option<String> CONTEXT = Option.of(
                    "context", OptionTypes.string("a name"), "The context of the kubeconfig: which cluster, as whom.")
            .absentMeans("the kubeconfig's current one")
            .build();

    static final Option<String> NAMESPACE = Option.of("namespace", OptionTypes.string("a name"), "The namespace.")
            .absentMeans("the context's, or the pod's")
            .build();

    static final Option<Duration> TIMEOUT = Option.of(
                    "timeout", OptionTypes.duration(Duration.ofMillis(1)), "How long a question may take.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    static final Option<Long> MAX_SIZE = Option.of(
                    "max_size",
                    OptionTypes.size(1, LARGEST_SIZE),
                    "How large an answer, or an event of a watch, may be.")
            .defaultsTo(DEFAULT_SIZE)
            .build();

    static final Option<String> SERVICE = Option.of(
                    "service", OptionTypes.string("a name"), "The service whose pods are the endpoints.")
            .absentMeans("those of all services that the selectors fit")
            .build();

    static final Option<Boolean> ALL_NAMESPACES = Option.of(
                    "all_namespaces", OptionTypes.bool(), "Whether services of all namespaces count.")
            .defaultsTo(false)
            .build();

    static final Option<String> LABELS = Option.of(
                    "labels",
                    OptionTypes.string("a selector such as app=api,tier in (a,b)"),
                    "Label selector for EndpointSlices, which have the labels of their services.")
            .absentMeans("none")
            .build();

    static final Option<Map<String, String>> FIELDS = Option.of(
                    "fields",
                    OptionTypes.map("names", OptionTypes.string("a value")),
                    "Fields that an EndpointSlice must have.")
            .defaultsTo(Map.of())
            .build();

    static final Option<String> PORT = Option.of(
                    "port", OptionTypes.string("a name or a number"), "Name, or number, of the port at the pods.")
            .absentMeans("the first")
            .build();

    static final Option<Boolean> TERMINATING = Option.of(
                    "terminating",
                    OptionTypes.bool(),
                    "Whether pods that end, and serve still, get requests while no other is ready.")
            .defaultsTo(true)
            .build();

    /** Which of a pod's addresses are endpoints, where it has some of both families. */
    enum Addresses {
        /** One for each pod: that of IPv4 if it has one. */
        PREFER_IPV4,
        /** One for each pod: that of IPv6 if it has one. */
        PREFER_IPV6,
        /** Those of IPv4 alone. */
        IPV4,
        /** Those of IPv6 alone. */
        IPV6,
        /** All: a pod may be two endpoints. */
        BOTH
    }

    static final Option<Addresses> ADDRESSES = Option.of(
                    "addresses",
                    OptionTypes.oneOf(Addresses.class),
                    "Which addresses count of a pod that has some of both families: one, those of one family, or both.")
            .defaultsTo(Addresses.PREFER_IPV4)
            .build();

    static final Option<Duration> PROBE = Option.of(
                    "probe",
                    OptionTypes.duration(Duration.ofMillis(10)),
                    "How often the API server is asked whether it is there and what watches have missed.")
            .defaultsTo(Duration.ofSeconds(4))
            .build();

    static final Option<String> PREFIX = Option.of(
                    "prefix",
                    OptionTypes.string("a prefix of keys"),
                    "What tells the store's keys from those of other stores.")
            .defaultsTo(STORE_KEYS)
            .build();

    static final Section STORE = Section.of("kubernetes", "A store on Kubernetes' Secrets, with Leases for locks.")
            .options(PREFIX, KUBECONFIG, CONTEXT, NAMESPACE, TIMEOUT, MAX_SIZE)
            .build();

    static final Section CONNECTION = Section.of("kubernetes", "A Kubernetes cluster.")
            .options(KUBECONFIG, CONTEXT, NAMESPACE, TIMEOUT, MAX_SIZE)
            .build();

    static final Section DISCOVERY = Section.of("kubernetes", "Endpoints from Kubernetes.")
            .options(SERVICE, PORT, ALL_NAMESPACES, LABELS, FIELDS, ADDRESSES, TERMINATING, PROBE)
            .options(KUBECONFIG, CONTEXT, NAMESPACE, TIMEOUT, MAX_SIZE)
            .atMostOneOf(NAMESPACE, ALL_NAMESPACES)
            .rule(KubernetesOptions::requireSelection)
            .build();

    private KubernetesOptions() {}

    private static void requireSelection(Settings settings, Scope scope) {
        if (!settings.isSet(SERVICE) && !settings.isSet(LABELS) && !settings.isSet(FIELDS)) {
            scope.at(SERVICE.name())
                    .report(Fault.Code.MISSING, "missing", "service, labels or fields", settings.origin(SERVICE));
        }
    }
}
