package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.lb4j.config.Settings;
import io.lb4j.discovery.TimeLimit;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
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

    /** What an API server is asked. */
    interface Question<T> {
        T ask() throws IOException;
    }

    /**
     * Asks, and waits for the whole answer: the library itself waits for its head in time, and for the rest of it for good.
     *
     * @throws SocketTimeoutException if it has not come by then
     */
    static <T> T within(Duration limit, Question<T> question) throws IOException {
        TimeLimit time = TimeLimit.of(limit);
        try (time) {
            return question.ask();
        } catch (IOException | RuntimeException e) {
            if (isUnsendable(e)) {
                throw unsendable();
            }
            if (!time.isExceeded()) {
                throw e;
            }
            IOException late = new SocketTimeoutException(OURS + "no whole answer in time");
            late.initCause(e);
            throw late;
        }
    }

    /**
     * Opens a client.
     *
     * @throws IOException if the kubeconfig does not know the context, or names a file for a token that holds none
     */
    static KubernetesClient open(Settings settings) throws IOException {
        return builder(settings)
                .withHttpClientBuilderConsumer(http -> bound(http, settings))
                .build();
    }

    private static void bound(HttpClient.Builder http, Settings settings) {
        http.addOrReplaceInterceptor(AnswerLimit.NAME, new AnswerLimit(settings.value(KubernetesOptions.MAX_SIZE)));
    }

    /** As {@link #open(Settings)}, for one who wants to hear how long the API server wants to be left alone. */
    static KubernetesClient open(Settings settings, RetryAfter heard) throws IOException {
        return builder(settings)
                .withHttpClientBuilderConsumer(http -> {
                    bound(http, settings);
                    http.addOrReplaceInterceptor(RetryAfter.NAME, heard);
                })
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
        requireCluster(config);
        Credentials.complete(config);
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

    /** The library takes the API server to be the pod's where it does not find the cluster. */
    private static void requireCluster(Config config) throws IOException {
        if (config.getCurrentContext() == null || config.getFileWithCluster() != null) {
            return;
        }
        NamedContext context = config.getCurrentContext();
        String cluster = context.getContext().getCluster();
        throw new IOException(OURS + "cluster: \"" + (cluster == null ? "" : cluster)
                + "\" (expected: one of the kubeconfig, which context \"" + context.getName() + "\" names)");
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
        if (isUnsendable(reason)) {
            return unsendable();
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

    /** The JDK's client shows what it refuses to send, of which a token is the only thing that is not written here. */
    private static boolean isUnsendable(Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("invalid header value")) {
                return true;
            }
        }
        return false;
    }

    private static IOException unsendable() {
        return new IOException(OURS + "the token cannot be sent (expected: one line of ASCII)");
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
        String said = String.valueOf(innermost.getMessage());
        if (said.startsWith(AnswerLimit.SAID)) {
            return said;
        }
        return innermost instanceof ConnectException ? "no connection to the API server" : innermost.toString();
    }
}
