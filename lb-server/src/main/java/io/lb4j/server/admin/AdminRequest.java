package io.lb4j.server.admin;

import java.util.Map;
import java.util.Optional;

/**
 * A request that has been let in. Immutable but for its body, which nobody changes.
 *
 * @param path without the query, decoded
 * @param variables of the path's template
 * @param query the first value of each parameter
 * @param contentType in lower case, without parameters; empty if there is none
 * @param accept what is accepted in answer; empty if it is not said
 * @param body empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record AdminRequest(
        String path,
        Map<String, String> variables,
        Map<String, String> query,
        String contentType,
        String accept,
        byte[] body) {
    String variable(String name) {
        return Optional.ofNullable(variables.get(name)).orElseThrow();
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    AdminRequest withBody(byte[] octets) {
        return new AdminRequest(path, variables, query, contentType, accept, octets);
    }
}
