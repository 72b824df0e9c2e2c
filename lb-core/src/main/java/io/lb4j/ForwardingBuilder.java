package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.ClientCertificateField;
import io.lb4j.model.Forwarding;
import java.util.List;

/** What endpoints are told of the client, and whom that is believed of. */
public final class ForwardingBuilder extends SectionBuilder<ForwardingBuilder> {
    ForwardingBuilder(Draft draft) {
        super(draft);
    }

    @Override
    ForwardingBuilder self() {
        return this;
    }

    /** Adds peers whose forwarding fields are kept and extended, as {@code 10.0.0.0/8}. Default: none. */
    public ForwardingBuilder trustedProxies(String... blocks) {
        return addTexts(Forwarding.TRUSTED_PROXIES, List.of(blocks), "trustedProxies");
    }

    /** Sets whether X-Forwarded-For, -Proto, -Host and -Port are sent. Default: they are. */
    public ForwardingBuilder xForwarded(boolean sent) {
        return set(Forwarding.X_FORWARDED, sent, "xForwarded");
    }

    /** Sets whether Forwarded (RFC 7239) is sent. Default: it is not. */
    public ForwardingBuilder forwarded(boolean sent) {
        return set(Forwarding.FORWARDED, sent, "forwarded");
    }

    /** Sets the name to add to Via. Default: none is added. */
    public ForwardingBuilder via(String name) {
        return set(Forwarding.VIA, name, "via");
    }

    /** Sets how endpoints are told of the certificate that a client has shown. Default: they are not. */
    public ForwardingBuilder clientCertificate(ClientCertificateField field) {
        return set(Forwarding.CLIENT_CERTIFICATE, field, "clientCertificate");
    }
}
