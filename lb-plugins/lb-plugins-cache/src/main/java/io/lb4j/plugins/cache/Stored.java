package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.Optional;

/** A response that is kept. Immutable: nobody changes the fields or the body. */
final class Stored {
    /** What an entry takes up beside its octets: objects and their places in the index. */
    private static final int OVERHEAD = 512;

    private static final byte[] NOTHING = new byte[0];

    private final int status;
    private final Fields fields;
    private final byte[] body;
    private final Freshness freshness;
    private final Directives control;
    private final Selection selection;
    private final Resource resource;

    /**
     * Creates a response yet without its body.
     *
     * @param fields handed over
     */
    Stored(int status, Fields fields, Freshness freshness, Use use) {
        this.status = status;
        this.fields = fields;
        this.body = NOTHING;
        this.freshness = freshness;
        this.control = use.control();
        this.selection = use.selection();
        this.resource = use.resource();
    }

    private Stored(Stored other, Fields fields, byte[] body) {
        this.status = other.status;
        this.fields = fields;
        this.body = body;
        this.freshness = other.freshness;
        this.control = other.control;
        this.selection = other.selection;
        this.resource = other.resource;
    }

    /**
     * For what a response may be used.
     *
     * @param control what it says of its use
     * @param selection for which requests it was chosen
     * @param resource what it is a response of
     */
    record Use(Directives control, Selection selection, Resource resource) {}

    /** Returns its status. */
    int status() {
        return status;
    }

    /** Returns the fields that are kept; not to be changed. */
    Fields fields() {
        return fields;
    }

    /** Returns the whole of its body; not to be changed. */
    byte[] body() {
        return body;
    }

    /** Returns how long it may be used. */
    Freshness freshness() {
        return freshness;
    }

    /** Returns what it says of its use. */
    Directives control() {
        return control;
    }

    /** Returns for which requests it was chosen. */
    Selection selection() {
        return selection;
    }

    /** Returns what it is a response of. */
    Resource resource() {
        return resource;
    }

    Stored withBody(byte[] octets) {
        return new Stored(this, fields, octets);
    }

    Stored withFields(Fields others) {
        return new Stored(this, others, body);
    }

    Optional<String> etag() {
        return fields.value(FieldName.ETAG);
    }

    Optional<String> lastModified() {
        return fields.value(Names.LAST_MODIFIED);
    }

    boolean hasValidator() {
        return fields.contains(FieldName.ETAG) || fields.contains(Names.LAST_MODIFIED);
    }

    /** Returns whether it must not be used without asking, however fresh it is (RFC 9111 §5.2.2.4). */
    boolean isAlwaysValidated() {
        return control.hasForAll(Directives.NO_CACHE);
    }

    /**
     * Returns whether it may be used when it is stale (RFC 9111 §4.2.4). {@code s-maxage} forbids that as {@code proxy-revalidate} does
     * (§5.2.2.10), unless the response says itself when it may: then that is what is meant.
     *
     * @param permission the directive that lets it
     */
    boolean mayBeStale(String permission) {
        boolean isForbidden = control.has(Directives.MUST_REVALIDATE)
                || control.has(Directives.PROXY_REVALIDATE)
                || isAlwaysValidated();
        return !isForbidden && (control.has(permission) || !control.has(Directives.S_MAXAGE));
    }

    /** Returns the octets that it takes up, about. */
    int weight() {
        return body.length + fields.listSize() + selection.weight() + OVERHEAD;
    }
}
