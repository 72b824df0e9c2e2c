package io.lb4j.plugins.kit;

import io.lb4j.config.Option;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.model.ModelTypes;
import io.lb4j.spi.FilterExchange;

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

    /** Keeps an identity with the exchange, and tells endpoints of it. */
    public void tell(FilterExchange exchange, Identity identity) {
        exchange.attribute(Identity.KEY, identity);
        removeFrom(exchange.request().fields());
        exchange.request().fields().add(name, identity.name());
    }

    /** Removes what a client says of itself, unless another plugin of this exchange has told who it is. */
    public void forget(FilterExchange exchange) {
        if (exchange.attribute(Identity.KEY).isEmpty()) {
            removeFrom(exchange.request().fields());
        }
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
