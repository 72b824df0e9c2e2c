package io.lb4j.plugins.wasm;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import java.util.List;
import java.util.Optional;

/**
 * A map of fields as guests see it: a head has its pseudo-fields in front, named with a colon as in HTTP/2. Confined to the exchange's event loop. Methods that change it
 * throw {@link IllegalArgumentException} for what cannot be sent.
 */
abstract sealed class FieldMap {
    private static final int MOST_OCTETS = 1 << 20;

    private final Fields fields;
    private final List<String> pseudoNames;

    private FieldMap(Fields fields, List<String> pseudoNames) {
        this.fields = fields;
        this.pseudoNames = pseudoNames;
    }

    /** The head of a request. {@code host} is another name of {@code :authority}. */
    static final class OfRequest extends FieldMap {
        private static final List<String> NAMES = List.of(":authority", ":path", ":method", ":scheme");

        private final RequestHead head;

        OfRequest(RequestHead head) {
            super(head.fields(), NAMES);
            this.head = head;
        }

        @Override
        String pseudoValue(String name) {
            return switch (name) {
                case ":authority" -> head.authority();
                case ":path" -> head.target();
                case ":method" -> head.method().name();
                default -> head.scheme();
            };
        }

        @Override
        void setPseudo(String name, String value) {
            switch (name) {
                case ":authority" -> head.authority(value);
                case ":path" -> head.target(value);
                case ":method" -> head.method(Method.of(value));
                default -> head.scheme(value);
            }
        }

        @Override
        String canonical(String name) {
            return "host".equalsIgnoreCase(name) ? ":authority" : name;
        }
    }

    /** The head of a response. */
    static final class OfResponse extends FieldMap {
        private static final List<String> NAMES = List.of(":status");

        private final ResponseHead head;

        OfResponse(ResponseHead head) {
            super(head.fields(), NAMES);
            this.head = head;
        }

        @Override
        String pseudoValue(String name) {
            return Integer.toString(head.status());
        }

        @Override
        void setPseudo(String name, String value) {
            head.status(Integer.parseInt(value)); // whose exception is one of those promised
        }
    }

    /** Trailers, or metadata. */
    static final class Plain extends FieldMap {
        Plain(Fields fields) {
            super(fields, List.of());
        }

        @Override
        String pseudoValue(String name) {
            throw new IllegalArgumentException(name);
        }

        @Override
        void setPseudo(String name, String value) {
            throw new IllegalArgumentException(name);
        }
    }

    abstract String pseudoValue(String name);

    abstract void setPseudo(String name, String value);

    /** Returns the name that a guest means. */
    String canonical(String name) {
        return name;
    }

    Fields fields() {
        return fields;
    }

    List<String> pseudoNames() {
        return pseudoNames;
    }

    int size() {
        return pseudoNames.size() + fields.size();
    }

    private static boolean isPseudo(String name) {
        return name.startsWith(":");
    }

    /** Returns the first value of a name. */
    Optional<String> value(String guestName) {
        String name = canonical(guestName);
        if (isPseudo(name)) {
            return pseudoNames.contains(name) ? Optional.of(pseudoValue(name)) : Optional.empty();
        }
        return fields.value(FieldName.of(name));
    }

    /**
     * Makes sure that there is room for a further field.
     *
     * @throws IllegalArgumentException if the fields would take too much memory
     */
    static void requireRoom(Fields fields, String name, String value) {
        if (fields.listSize() + name.length() + value.length() > MOST_OCTETS) {
            throw new IllegalArgumentException("fields: more than " + MOST_OCTETS + " octets (the limit)");
        }
    }

    void add(String guestName, String value) {
        String name = canonical(guestName);
        requireRoom(fields, name, value);
        if (isPseudo(name)) {
            requirePseudo(name);
            setPseudo(name, value); // there is one of each
        } else {
            fields.add(name, value);
        }
    }

    void replace(String guestName, String value) {
        String name = canonical(guestName);
        requireRoom(fields, name, value);
        if (isPseudo(name)) {
            add(name, value);
        } else {
            fields.set(name, value);
        }
    }

    /** Removes a name; what has to be there stays. */
    void remove(String guestName) {
        String name = canonical(guestName);
        if (!isPseudo(name)) {
            fields.remove(name);
        }
    }

    private void requirePseudo(String name) {
        if (!pseudoNames.contains(name)) {
            throw new IllegalArgumentException(
                    "field: " + name + " (expected: a name without a colon, or one of " + pseudoNames + ")");
        }
    }

    /** Puts other fields in the place of all; pseudo-fields that are not among them stay. Nothing changes if one of them is unfit. */
    void replaceAll(List<Pairs.Pair> pairs) {
        Fields fresh = new Fields();
        for (Pairs.Pair pair : pairs) {
            String name = canonical(pair.name());
            if (isPseudo(name)) {
                requirePseudo(name);
            } else {
                requireRoom(fresh, name, pair.value());
                fresh.add(name, pair.value());
            }
        }
        for (Pairs.Pair pair : pairs) {
            String name = canonical(pair.name());
            if (isPseudo(name)) {
                setPseudo(name, pair.value());
            }
        }
        fields.clear();
        fields.addAll(fresh);
    }
}
