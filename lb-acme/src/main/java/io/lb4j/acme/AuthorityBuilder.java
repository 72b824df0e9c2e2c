package io.lb4j.acme;

import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.Directory;
import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import java.nio.file.Path;

/** Says which certificate authority is asked, and how. Refuses nothing; the balancer's start names all faults. Confined to one thread. */
public final class AuthorityBuilder {
    private final Draft draft;
    private final Origin origin;

    AuthorityBuilder(Draft draft, Origin origin) {
        this.draft = draft;
        this.origin = origin;
    }

    private <T> AuthorityBuilder set(Option<T> option, T value) {
        draft.set(option, value, origin);
        return this;
    }

    /**
     * Sets who it is. Required.
     *
     * @param authority as {@link Directory#of} has it: a name that is known, or the address of a directory
     */
    public AuthorityBuilder directory(String authority) {
        draft.setText(AuthorityOptions.DIRECTORY, authority, origin);
        return this;
    }

    /** Sets a file in PEM of those who vouch for the authority's own API. Default: those that the JDK trusts. */
    public AuthorityBuilder trust(Path caCertificates) {
        return set(AuthorityOptions.CA_CERTIFICATES, caCertificates);
    }

    /**
     * Binds a new account to one that the authority's owner has given out. Default: none.
     *
     * @param hmacKey in base64url
     */
    public AuthorityBuilder externalAccount(String keyId, String hmacKey) {
        return set(AuthorityOptions.EAB_KEY_ID, keyId).set(AuthorityOptions.EAB_HMAC_KEY, hmacKey);
    }

    /** Asks for one of the authority's profiles. Default: the authority's choice. */
    public AuthorityBuilder profile(String name) {
        return set(AuthorityOptions.PROFILE, name);
    }

    /** Takes the first chain in which an issuer has this common name. Default: the first that the authority gives. */
    public AuthorityBuilder preferredChain(String issuer) {
        return set(AuthorityOptions.PREFERRED_CHAIN, issuer);
    }

    /**
     * Reaches the authority by an HTTP proxy. Default: none.
     *
     * @param proxy {@code host:port}
     */
    public AuthorityBuilder httpProxy(String proxy) {
        draft.setText(AuthorityOptions.HTTP_PROXY, proxy, origin);
        return this;
    }
}
