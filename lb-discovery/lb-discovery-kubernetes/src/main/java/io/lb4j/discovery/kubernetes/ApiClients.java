package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lb4j.config.Settings;
import java.io.IOException;

/** Clients of API servers, and what their failures come to. */
final class ApiClients {
    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;
    private static final int RECONNECT_MILLIS = 100; // fabric8 doubles it up to 32 times as much
    private static final int CONNECT_MILLIS = 2000;

    private ApiClients() {}

    static KubernetesClient open(Settings settings) {
        String context = settings.find(KubernetesOptions.CONTEXT).orElse(null);
        Config config = settings.find(KubernetesOptions.KUBECONFIG)
                .map(file -> Config.fromKubeconfig(context, file.toFile()))
                .orElseGet(() -> Config.autoConfigure(context));
        int timeout = (int) settings.value(KubernetesOptions.TIMEOUT).toMillis();
        config.setRequestTimeout(timeout);
        config.setConnectionTimeout(Math.min(timeout, CONNECT_MILLIS));
        config.setRequestRetryBackoffLimit(0); // when to ask again is for core to say
        config.setWatchReconnectInterval(RECONNECT_MILLIS);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /**
     * Returns what a failure comes to, with what to do about it where that is known.
     *
     * @param needed what the role has to allow
     */
    static IOException failure(Throwable reason, String needed) {
        if (reason instanceof IOException told) {
            return told;
        }
        int code = reason instanceof KubernetesClientException known ? known.getCode() : 0;
        String advice = switch (code) {
            case UNAUTHORIZED -> " (expected: credentials that the API server knows)";
            case FORBIDDEN -> " (expected: a role with " + needed + ")";
            default -> "";
        };
        Throwable innermost = reason;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String text = code == 0 ? innermost.toString() : String.valueOf(reason.getMessage());
        return new IOException("kubernetes: " + text + advice, reason);
    }
}
