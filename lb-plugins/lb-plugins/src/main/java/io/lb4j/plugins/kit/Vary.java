package io.lb4j.plugins.kit;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;

/** What a response depends on (RFC 9110 §12.5.5). */
public final class Vary {
    private Vary() {}

    /** Adds the name of a request field, unless it, or {@code *}, is there. */
    public static void add(Fields response, String name) {
        for (String value : response.values(FieldName.VARY)) {
            for (String known : value.split(",", -1)) {
                if (known.strip().equalsIgnoreCase(name) || known.strip().equals("*")) {
                    return;
                }
            }
        }
        response.add(FieldName.VARY, name);
    }
}
