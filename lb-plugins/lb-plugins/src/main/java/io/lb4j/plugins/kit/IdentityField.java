package io.lb4j.plugins.kit;

import io.lb4j.config.Option;
import io.lb4j.exchange.AttributeKey;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.model.ModelTypes;
import io.lb4j.spi.FilterExchange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The field that tells endpoints whom a request comes from. What a client says in it itself is removed, in trailers too, and also where an
 * underscore stands for a hyphen, for many servers take the two for one. Immutable.
 */
public final class IdentityField {
    /** The field's name. */
    public static final Option<String> OPTION = Option.of(
                    "identity_field",
                    ModelTypes.fieldName(),
                    "Field that tells endpoints who the client is; the client's own is removed.")
            .defaultsTo("x-authenticated-user")
            .build();

    private final FieldName name;

    /** Creates a field of this name. */
    public IdentityField(String name) {
        this.name = FieldName.of(name);
    }

    /** Returns the field's name. */
    public FieldName name() {
        return name;
    }

    /** Keeps an identity with the exchange, and tells endpoints of it. */
    public void tell(FilterExchange exchange, Identity identity) {
        exchange.attribute(Identity.KEY, identity);
        tell(exchange, List.of(identity.name()));
    }

    /** Tells endpoints something else of the client, in place of whatever was said. */
    public void tell(FilterExchange exchange, List<String> values) {
        Fields fields = exchange.request().fields();
        removeFrom(fields);
        values.forEach(value -> fields.add(name, value));
        Told told = exchange.attribute(Told.KEY).orElseGet(Told::new);
        told.names.add(withHyphens());
        exchange.attribute(Told.KEY, told);
    }

    /** Removes what a client says of itself, unless a plugin of this exchange has told something in this field. */
    public void forget(FilterExchange exchange) {
        boolean isTold = exchange.attribute(Told.KEY)
                .filter(told -> told.names.contains(withHyphens()))
                .isPresent();
        if (!isTold) {
            removeFrom(exchange.request().fields());
        }
    }

    private String withHyphens() {
        return name.toString().replace('_', '-');
    }

    /** The fields that plugins have told something in, whose word the next plugin is not to take away. Confined to the exchange's event loop. */
    private static final class Told {
        static final AttributeKey<Told> KEY = AttributeKey.of("told fields", Told.class);

        final Set<String> names = new HashSet<>();
    }

    /** Removes what a client says of itself. */
    public void removeFrom(Fields fields) {
        for (int i = fields.size() - 1; i >= 0; i--) {
            if (looksAlike(fields, i)) {
                fields.removeAt(i);
            }
        }
    }

    private boolean looksAlike(Fields fields, int index) {
        String wanted = name.toString();
        if (fields.nameLengthAt(index) != wanted.length()) {
            return false;
        }
        for (int i = 0; i < wanted.length(); i++) {
            if (hyphened((char) fields.nameOctetAt(index, i)) != hyphened(wanted.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char hyphened(char c) {
        return c == '_' ? '-' : c;
    }
}
