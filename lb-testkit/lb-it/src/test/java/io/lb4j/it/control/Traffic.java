package io.lb4j.it.control;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.util.Set;
import java.util.TreeSet;

/** Requests as these tests send them. */
final class Traffic {
    private Traffic() {}

    /** Sends one request. */
    static RawResponse get(LoadBalancer lb, String path, String... fields) {
        try (RawClient client = RawClient.connect(lb.port())) {
            StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
            for (String field : fields) {
                head.append(field).append("\r\n");
            }
            return client.send(head + "\r\n").readResponse();
        }
    }

    /** Sends some requests and returns what they were answered with: each body, or the status where that is not 200. */
    static Set<String> answers(LoadBalancer lb, int requests) {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < requests; i++) {
            RawResponse response = get(lb, "/");
            answers.add(response.status() == 200 ? response.text() : Integer.toString(response.status()));
        }
        return answers;
    }
}
