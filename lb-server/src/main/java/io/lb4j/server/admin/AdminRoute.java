package io.lb4j.server.admin;

import io.lb4j.config.Section;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One thing that can be asked for. Immutable.
 *
 * @param method GET, POST or PUT
 * @param template the path, with names in braces for segments that differ
 * @param summary one sentence
 * @param access who may
 * @param body what the body says; empty if there is none, or it is of another kind
 * @param query the names of the parameters that may stand in the query, each with what it says
 * @param action answers
 */
record AdminRoute(
        String method,
        String template,
        String summary,
        Access access,
        Optional<Section> body,
        SortedMap<String, String> query,
        Action action) {
    /** Copies the parameters. */
    AdminRoute {
        query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
    }

    private AdminRoute(
            String method, String template, String summary, Access access, Optional<Section> body, Action action) {
        this(method, template, summary, access, body, Collections.emptySortedMap(), action);
    }

    /** Who may. */
    enum Access {
        /** Everybody who can connect: it tells next to nothing. */
        OPEN,
        /** Whoever is let in. */
        GUARDED
    }

    /** Answers a request; may block. */
    @FunctionalInterface
    interface Action {
        AdminResponse answer(AdminRequest request) throws Problem;
    }

    static AdminRoute get(String template, String summary, Action action) {
        return new AdminRoute("GET", template, summary, Access.GUARDED, Optional.empty(), action);
    }

    static AdminRoute open(String template, String summary, Action action) {
        return new AdminRoute("GET", template, summary, Access.OPEN, Optional.empty(), action);
    }

    static AdminRoute post(String template, String summary, Action action) {
        return new AdminRoute("POST", template, summary, Access.GUARDED, Optional.empty(), action);
    }

    static AdminRoute post(String template, String summary, Section body, Action action) {
        return new AdminRoute("POST", template, summary, Access.GUARDED, Optional.of(body), action);
    }

    /** Returns the same with a parameter that may stand in the query. */
    AdminRoute taking(String parameter, String says) {
        SortedMap<String, String> more = new TreeMap<>(query);
        more.put(parameter, says);
        return new AdminRoute(method, template, summary, access, body, more, action);
    }

    /** Returns whether nothing is read that a body says, where one may be expected to count. */
    boolean takesNoBody() {
        return method.equals("POST") && body.isEmpty() && !takesConfiguration();
    }

    /** Returns whether the body is a configuration. */
    boolean takesConfiguration() {
        return method.equals("POST") && template.equals("/config");
    }

    /**
     * Has a parameter that nobody knows be a fault, for what was meant by it would not be done. Those who only look whether the process lives may say what they want.
     */
    void requireKnown(Set<String> parameters) throws Problem {
        for (String parameter : parameters) {
            if (access == Access.GUARDED && !query.containsKey(parameter)) {
                String expected = query.isEmpty() ? "no parameters" : "one of " + String.join(", ", query.keySet());
                throw new Problem(400, Gate.quoted(parameter) + ": unknown parameter (expected: " + expected + ")");
            }
        }
    }

    /** Returns the variables if a path fits the template. */
    Optional<Map<String, String>> match(String path) {
        String[] wanted = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            boolean isVariable = wanted[i].startsWith("{");
            if (isVariable && !given[i].isEmpty()) {
                variables.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
            } else if (!wanted[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
