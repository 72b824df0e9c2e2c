package io.lb4j.server.admin;

import io.lb4j.config.Fault;
import io.lb4j.config.Origin;
import io.lb4j.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request that is answered with a problem (RFC 9457). */
final class Problem extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST_TOLD = 1_000;

    private final int status;
    private final transient List<Fault> faults;
    private final transient Map<String, String> fields;

    private Problem(int status, String detail, List<Fault> faults, Map<String, String> fields) {
        super(detail, null, false, false);
        this.status = status;
        this.faults = List.copyOf(faults);
        this.fields = Map.copyOf(fields);
    }

    Problem(int status, String detail, List<Fault> faults) {
        this(status, detail, faults, status == 401 ? Map.of("www-authenticate", "Bearer") : Map.of());
    }

    Problem(int status, String detail) {
        this(status, detail, List.of());
    }

    /** Returns what tells that a path has other methods: all of them, and HEAD beside GET. */
    static Problem method(List<String> methods) {
        String allowed = String.join(", ", methods).replace("GET", "GET, HEAD");
        return new Problem(
                405,
                "there is nothing of this path by this method (expected: " + allowed + "); see /openapi.json",
                List.of(),
                Map.of("allow", allowed));
    }

    int status() {
        return status;
    }

    AdminResponse response(String title) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("type", "about:blank");
        tree.put("title", title);
        tree.put("status", status);
        tree.put("detail", String.valueOf(getMessage()));
        if (!faults.isEmpty()) {
            putFaults(tree, faults);
        }
        byte[] body = Json.write(tree).getBytes(StandardCharsets.UTF_8);
        return new AdminResponse(status, "application/problem+json", body, fields);
    }

    /** Puts faults into an answer, and how many there are beyond the first thousand. */
    static void putFaults(Map<String, Object> tree, List<Fault> faults) {
        tree.put("faults", faults.stream().limit(MOST_TOLD).map(Problem::tree).toList());
        if (faults.size() > MOST_TOLD) {
            tree.put("faults_left_out", faults.size() - MOST_TOLD);
        }
    }

    /** Returns a fault as JSON has it. */
    static Map<String, Object> tree(Fault fault) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("path", fault.path());
        tree.put("code", fault.code().name());
        tree.put("seen", fault.seen());
        tree.put("expected", fault.expected());
        if (fault.origin() instanceof Origin.Place place) {
            tree.put("file", place.file());
            tree.put("line", place.line());
            tree.put("column", place.column());
        }
        fault.nearest().ifPresent(name -> tree.put("nearest", name));
        return tree;
    }
}
