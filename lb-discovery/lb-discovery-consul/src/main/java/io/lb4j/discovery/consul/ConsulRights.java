package io.lb4j.discovery.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.lb4j.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;

/**
 * Whether a token may see what it asks for. Consul leaves out of an answer what a token may not read, in silence: to one who may read nothing, or
 * no longer, each service is empty. So whoever hears of no instance asks this too. Thread-safe.
 */
final class ConsulRights {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int OK = 200;
    private static final int MOST_NODES = 50; // Consul answers 64 such questions at once
    private static final int LARGEST_ANSWER = 64 * 1024;

    private final ConsulConnection connection;
    private final Settings settings;

    ConsulRights(ConsulConnection connection, Settings settings) {
        this.connection = connection;
        this.settings = settings;
    }

    /**
     * Asks whether the instances of the service may be read.
     *
     * @param nodes that are known to have had instances; where none are, all nodes are asked for
     * @throws IOException if they may not be. What cannot be found out, as where the server has no access control, passes for a yes
     */
    void requireToRead(String service, Collection<String> nodes) throws IOException {
        ArrayNode questions = MAPPER.createArrayNode();
        ask(questions, "service", service);
        (nodes.isEmpty() ? Set.of("") : nodes).stream().limit(MOST_NODES).forEach(node -> ask(questions, "node", node));
        JsonNode answers;
        try {
            answers = answers(questions);
        } catch (JsonProcessingException e) {
            return; // of one who does not know the question
        } catch (IOException e) {
            throw new IOException(
                    connection + ": cannot read the rights to service " + service + ": " + e.getMessage(), e);
        }
        for (JsonNode answer : answers) {
            if (answer.path("Allow").isBoolean() && !answer.path("Allow").booleanValue()) {
                String whose = settings.isSet(ConsulOptions.TOKEN) ? "the token may not" : "nobody without a token may";
                throw new IOException(connection + ": " + whose + " read "
                        + ("node".equals(answer.path("Resource").asText()) ? "the nodes of " : "") + "service "
                        + service + " (expected: a token whose policy has service:read on it, and node:read)");
            }
        }
    }

    private static void ask(ArrayNode questions, String resource, String segment) {
        questions.addObject().put("Resource", resource).put("Access", "read").put("Segment", segment);
    }

    private JsonNode answers(ArrayNode questions) throws IOException {
        URI url = URI.create(settings.value(ConsulOptions.URL).toString().replaceAll("/+$", "")
                + "/v1/internal/acl/authorize"
                + settings.find(ConsulOptions.DATACENTER)
                        .map(name -> "?dc=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .orElse(""));
        HttpURLConnection asked = (HttpURLConnection) url.toURL().openConnection();
        int timeoutMillis = (int) Math.min(
                Integer.MAX_VALUE, settings.value(ConsulOptions.TIMEOUT).toMillis());
        asked.setConnectTimeout(timeoutMillis);
        asked.setReadTimeout(timeoutMillis);
        asked.setInstanceFollowRedirects(false);
        asked.setDoOutput(true);
        asked.setRequestProperty("Content-Type", "application/json");
        settings.find(ConsulOptions.TOKEN).ifPresent(token -> asked.setRequestProperty("X-Consul-Token", token));
        if (asked instanceof HttpsURLConnection secured) {
            secured.setSSLSocketFactory(ConsulConnection.tls(settings).context().getSocketFactory());
        }
        try (OutputStream body = asked.getOutputStream()) {
            MAPPER.writeValue(body, questions);
        }
        if (asked.getResponseCode() != OK) {
            asked.disconnect();
            return MAPPER.createArrayNode();
        }
        try (InputStream body = asked.getInputStream()) {
            return MAPPER.readTree(read(body, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis)));
        }
    }

    private static byte[] read(InputStream body, long endNanos) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] chunk = new byte[1024];
        for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
            content.write(chunk, 0, read);
            if (content.size() > LARGEST_ANSWER || System.nanoTime() - endNanos >= 0) {
                throw new IOException("no whole answer in time");
            }
        }
        return content.toByteArray();
    }
}
