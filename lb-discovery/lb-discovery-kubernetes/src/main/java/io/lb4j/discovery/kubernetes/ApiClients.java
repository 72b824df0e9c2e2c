package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lb4j.config.Settings;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clients of API servers, and what their failures come to. */
final class ApiClients {
    private static final String OURS = "kubernetes: ";
    private static final int FORBIDDEN = 403;
    static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int RECONNECT_MILLIS = 100; // fabric8 doubles it up to 32 times as much
    // Time for one packet that is lost, and little more: with the longest wait after it, an outage is over within 5
    // seconds.
    private static final int CONNECT_MILLIS = 1500;

    private static final String DEFAULT_NAMESPACE = "default"; // where a context names none, as kubectl has it

    private ApiClients() {}

    /**
     * Opens a client.
     *
     * @throws IOException if the kubeconfig does not know the context, or names a file for a token that holds none
     */
    static KubernetesClient open(Settings settings) throws IOException {
        return builder(settings).build();
    }

    /** As {@link #open(Settings)}, for one who wants to hear how long the API server wants to be left alone. */
    static KubernetesClient open(Settings settings, RetryAfter heard) throws IOException {
        return builder(settings)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor(RetryAfter.NAME, heard))
                .build();
    }

    private static KubernetesClientBuilder builder(Settings settings) throws IOException {
        String context = settings.find(KubernetesOptions.CONTEXT).orElse(null);
        Config config = settings.find(KubernetesOptions.KUBECONFIG)
                .map(file -> Config.fromKubeconfig(context, file.toFile()))
                .orElseGet(() -> Config.autoConfigure(context));
        if (context != null) {
            requireContext(config, context);
        }
        TokenFile.follow(config);
        if (config.getNamespace() == null) {
            config.setNamespace(DEFAULT_NAMESPACE); // the library would look in all of them
        }
        int timeout = (int) settings.value(KubernetesOptions.TIMEOUT).toMillis();
        config.setRequestTimeout(timeout);
        config.setConnectionTimeout(Math.min(timeout, CONNECT_MILLIS));
        config.setRequestRetryBackoffLimit(0); // when to ask again is for core to say
        // API servers end a connection of HTTP/2 (GOAWAY) on which credentials came that they do not know, and the
        // JDK's
        // client tells of that end alone. Watches are WebSockets, which it speaks over HTTP/1.1 only.
        config.setHttp2Disable(true);
        config.setWatchReconnectInterval(RECONNECT_MILLIS);
        return new KubernetesClientBuilder().withConfig(config);
    }

    /** The library takes the current context in place of one that it does not find. */
    private static void requireContext(Config config, String context) throws IOException {
        List<String> known = config.getContexts().stream()
                .map(NamedContext::getName)
                .sorted()
                .toList();
        if (!known.contains(context)) {
            throw new IOException("kubernetes: context: \"" + context + "\" (expected: one of the kubeconfig, "
                    + String.join(", ", known) + ")");
        }
    }

    /**
     * Returns what a failure comes to, with what to do about it where that is known.
     *
     * @param needed what the role has to allow
     */
    static IOException failure(Throwable reason, String needed) {
        if (reason instanceof IOException told
                && String.valueOf(told.getMessage()).startsWith(OURS)) {
            return told;
        }
        KubernetesClientException refusal = refusal(reason);
        if (refusal == null) {
            return new IOException(OURS + told(reason), reason);
        }
        Status status = refusal.getStatus();
        String said = String.valueOf(status == null ? refusal.getMessage() : status.getMessage());
        String advice = switch (refusal.getCode()) {
            case UNAUTHORIZED -> " (expected: credentials that the API server knows)";
            case FORBIDDEN -> " (expected: a role with " + needed + ")";
            default -> "";
        };
        return new IOException(OURS + refusal.getCode() + ", " + said + advice, reason);
    }

    /** Returns whether an API server refuses to be asked now, and may be later. */
    static boolean isAskedTooMuch(Throwable reason) {
        KubernetesClientException refusal = refusal(reason);
        return refusal != null && refusal.getCode() == TOO_MANY_REQUESTS;
    }

    /** A watch that is refused says so now by one exception, now by another around it. */
    private static @Nullable KubernetesClientException refusal(Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException known && known.getCode() > 0) {
                return known;
            }
        }
        return null;
    }

    /** The JDK's client says nothing of where it could not connect, and what it tried after that. */
    private static String told(Throwable reason) {
        Throwable innermost = reason;
        while (innermost.getCause() != null && !(innermost instanceof ConnectException)) {
            innermost = innermost.getCause();
        }
        return innermost instanceof ConnectException ? "no connection to the API server" : innermost.toString();
    }
}
