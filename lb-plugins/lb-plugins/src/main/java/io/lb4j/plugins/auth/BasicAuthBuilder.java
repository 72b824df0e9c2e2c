package io.lb4j.plugins.auth;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.IdentityField;
import io.lb4j.plugins.kit.PartBuilder;
import java.nio.file.Path;
import java.time.Duration;

/** Describes who has which password. */
public final class BasicAuthBuilder extends PartBuilder<BasicAuthBuilder> {
    /** Begins with nobody. */
    public BasicAuthBuilder() {
        super(new Draft(BasicAuthOptions.SECTION));
    }

    @Override
    protected BasicAuthBuilder self() {
        return this;
    }

    /** Sets what browsers show when they ask for a password. Default: {@code restricted}. */
    public BasicAuthBuilder realm(String realm) {
        return set(BasicAuthOptions.REALM, realm, "realm");
    }

    /**
     * Adds a user. Default: none.
     *
     * @param hash of the password, by bcrypt
     */
    public BasicAuthBuilder user(String name, String hash) {
        return putText(BasicAuthOptions.USERS, name, hash, "user");
    }

    /** Adds the users of a file, as {@code htpasswd -B} writes it, and follows its changes. Default: none. */
    public BasicAuthBuilder htpasswd(Path file) {
        return set(BasicAuthOptions.HTPASSWD, file, "htpasswd");
    }

    /** Sets whether endpoints see the password. Default: they do not. */
    public BasicAuthBuilder forward(boolean forward) {
        return set(BasicAuthOptions.FORWARD, forward, "forward");
    }

    /** Sets how long a password that was right is not hashed again. Default: 5 minutes. */
    public BasicAuthBuilder remember(Duration time) {
        return set(BasicAuthOptions.REMEMBER, time, "remember");
    }

    /** Sets how many passwords may wait to be hashed. Default: 32. */
    public BasicAuthBuilder maxPending(int count) {
        return set(BasicAuthOptions.MAX_PENDING, count, "maxPending");
    }

    /** Lets requests without a password go on, without an identity. Default: they are refused. */
    public BasicAuthBuilder optional() {
        return set(AuthOptions.REQUIRED, false, "optional");
    }

    /** Sets the field that tells endpoints who the client is. Default: {@code x-authenticated-user}. */
    public BasicAuthBuilder identityField(String name) {
        return setText(IdentityField.OPTION, name, "identityField");
    }
}
