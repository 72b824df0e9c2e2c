package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * For which requests a response was chosen: the request fields that Vary names, with the values they had (RFC 9111 §4.1). Values that mean the
 * same are taken for the same: spaces and the division into lines do not count, nor does case in languages and codings. Immutable.
 */
final class Selection {
    static final Selection ANY = new Selection(List.of(), List.of());

    private static final String ABSENT = "\0"; // stands in no field
    private static final FieldName ACCEPT_LANGUAGE = FieldName.of("accept-language");
    private static final int MAX_NAMES = 16;
    /** They tell of what the key holds anyhow. */
    private static final Set<FieldName> IN_THE_KEY =
            Set.of(FieldName.X_FORWARDED_PROTO, FieldName.X_FORWARDED_HOST, FieldName.HOST);

    private final List<FieldName> names;
    private final List<String> values;

    private Selection(List<FieldName> names, List<String> values) {
        this.names = names;
        this.values = values;
    }

    /**
     * Returns the selection that a response makes; empty if it suits no other request, or names more fields than are looked at, or one that has
     * been changed on the way to the endpoint: who the client is, for example, is told to endpoints only.
     *
     * @param request the fields as they came here
     * @param sent the fields as they went to the endpoint
     */
    static Optional<Selection> of(Fields request, Fields sent, Fields response) {
        if (!response.contains(FieldName.VARY)) {
            return Optional.of(ANY);
        }
        Set<FieldName> names = new LinkedHashSet<>();
        for (String line : response.values(FieldName.VARY)) {
            for (String member : line.split(",", -1)) {
                String name = member.strip();
                if (name.equals("*") || (!name.isEmpty() && !Names.isToken(name))) {
                    return Optional.empty();
                }
                if (!name.isEmpty()) {
                    names.add(FieldName.of(name));
                }
            }
        }
        if (names.size() > MAX_NAMES) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        for (FieldName name : names) {
            String value = valueOf(request, name);
            if (!IN_THE_KEY.contains(name) && !valueOf(sent, name).equals(value)) {
                return Optional.empty();
            }
            values.add(value);
        }
        return Optional.of(new Selection(List.copyOf(names), values));
    }

    /** Returns whether the response may be used for this request too. */
    boolean matches(Fields request) {
        for (int i = 0; i < names.size(); i++) {
            if (!valueOf(request, names.get(i)).equals(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the octets that it takes up, about. */
    int weight() {
        int weight = 0;
        for (String value : values) {
            weight += value.length();
        }
        return weight + 64 * names.size();
    }

    private static String valueOf(Fields request, FieldName name) {
        int at = request.indexOf(name);
        if (at < 0) {
            return ABSENT;
        }
        String first = request.valueAt(at);
        boolean isOne = request.indexOf(name, at + 1) < 0;
        String whole = isOne ? first : String.join(",", request.values(name));
        String compact = whole.indexOf(',') < 0 ? whole : withoutBlanks(whole);
        if (name.equals(ACCEPT_LANGUAGE)) {
            return compact.toLowerCase(Locale.ROOT); // RFC 4647 §2: not sorted, for servers may prefer what comes first
        }
        return name.equals(FieldName.ACCEPT_ENCODING) ? sorted(compact) : compact;
    }

    /** Takes away what stands around commas outside of quotes, and members that are empty. */
    private static String withoutBlanks(String list) {
        if (list.indexOf('"') >= 0) {
            return list;
        }
        StringBuilder compact = new StringBuilder(list.length());
        for (String member : list.split(",", -1)) {
            if (!member.isBlank()) {
                compact.append(compact.isEmpty() ? "" : ",").append(member.strip());
            }
        }
        return compact.toString();
    }

    private static String sorted(String codings) {
        String lower = codings.toLowerCase(Locale.ROOT);
        if (lower.indexOf(',') < 0) {
            return lower;
        }
        String[] members = lower.split(",", -1);
        Arrays.sort(members);
        return String.join(",", members);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Selection selection && selection.names.equals(names) && selection.values.equals(values);
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + values.hashCode();
    }
}
