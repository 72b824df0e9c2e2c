package io.lb4j.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.nio.charset.StandardCharsets;

/** Asks the administration, one connection for each request. */
record AdminDeskClient(int port) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    RawResponse get(String path, String... fields) {
        return send("GET", path, "", fields);
    }

    RawResponse post(String path, String body) {
        return send("POST", path, body, "content-type: application/json");
    }

    RawResponse send(String method, String path, String body, String... fields) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        boolean namesHost = false;
        for (String field : fields) {
            head.append(field).append("\r\n");
            namesHost |= field.startsWith("host:");
        }
        head.append(namesHost ? "" : "host: localhost:" + port + "\r\n");
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        head.append("content-length: ").append(octets.length).append("\r\n\r\n");
        try (RawClient client = RawClient.connect(port)) {
            return client.send(head.toString()).send(octets).readResponse(method);
        }
    }

    JsonNode json(String path) {
        return json(get(path));
    }

    static JsonNode json(RawResponse response) {
        try {
            return MAPPER.readTree(response.text());
        } catch (JsonProcessingException e) {
            throw new AssertionError(response.text(), e);
        }
    }
}
