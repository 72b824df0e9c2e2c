package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.api.model.PartialObjectMetadataList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lists objects without what is in them: names, versions, labels and annotations alone, which is all that is needed to see whether anything has
 * changed, and leaves values where they are. In pages, at one version. Immutable.
 *
 * @param path of the collection: {@code api/v1/namespaces/a/secrets}
 * @param labels selector; empty for all
 * @param fields selector; empty for all
 */
record MetadataList(String path, String labels, String fields) {
    // A server that cannot leave the rest out sends all of it.
    private static final String ACCEPT =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    private static final int PAGE = 500;
    private static final int GONE = 410;

    /** Returns a selector of what has all of these. */
    static String selector(Map<String, String> values) {
        StringJoiner joined = new StringJoiner(",");
        values.forEach((name, value) -> joined.add(name + "=" + value));
        return joined.toString();
    }

    /**
     * Asks the API server.
     *
     * @throws KubernetesClientException if it refuses
     * @throws IOException if there is no answer in time
     */
    List<ObjectMeta> ask(KubernetesClient client) throws IOException {
        try {
            return ask(client, PAGE);
        } catch (KubernetesClientException e) {
            if (e.getCode() != GONE) {
                throw e;
            }
            return ask(client, 0); // the version of the first page was compacted before the last was asked for
        }
    }

    private List<ObjectMeta> ask(KubernetesClient client, int limit) throws IOException {
        List<ObjectMeta> all = new ArrayList<>();
        String next = "";
        do {
            PartialObjectMetadataList page = page(client, limit, next);
            if (page.getItems() != null) { // of an empty list it may be null
                page.getItems().stream().map(PartialObjectMetadata::getMetadata).forEach(all::add);
            }
            next = page.getMetadata() == null ? "" : orEmpty(page.getMetadata().getContinue());
        } while (!next.isEmpty());
        return all;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private String address(KubernetesClient client, int limit, String next) {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        if (limit > 0) {
            query.add("limit=" + limit);
        }
        for (Map.Entry<String, String> part : Map.of("labelSelector", labels, "fieldSelector", fields, "continue", next)
                .entrySet()) {
            if (!part.getValue().isEmpty()) {
                query.add(part.getKey() + "=" + URLEncoder.encode(part.getValue(), StandardCharsets.UTF_8));
            }
        }
        String base = client.getMasterUrl().toString();
        return (base.endsWith("/") ? base : base + "/") + path + query;
    }

    private PartialObjectMetadataList page(KubernetesClient client, int limit, String next) throws IOException {
        int timeoutMillis = client.getConfiguration().getRequestTimeout();
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(address(client, limit, next))
                .setHeader("Accept", ACCEPT)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .build();
        try {
            HttpResponse<String> response =
                    client.getHttpClient().sendAsync(request, String.class).get(timeoutMillis, TimeUnit.MILLISECONDS);
            if (!response.isSuccessful()) {
                throw new KubernetesClientException(status(client, response));
            }
            return client.getKubernetesSerialization().unmarshal(response.body(), PartialObjectMetadataList.class);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KubernetesClientException known
                    ? known
                    : new KubernetesClientException("the API server cannot be asked", e.getCause());
        } catch (TimeoutException e) {
            throw new KubernetesClientException("no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("kubernetes: interrupted");
        }
    }

    private static Status status(KubernetesClient client, HttpResponse<String> response) {
        Status bare = new StatusBuilder()
                .withCode(response.code())
                .withMessage(response.message())
                .build();
        try {
            Status told = client.getKubernetesSerialization().unmarshal(response.body(), Status.class);
            return told == null || told.getCode() == null ? bare : told;
        } catch (RuntimeException e) {
            return bare; // what stands before an API server answers in its own way
        }
    }
}
