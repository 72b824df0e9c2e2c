package io.lb4j.plugins.auth;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.List;

/** Describes who may come, by address. */
public final class IpAccessBuilder extends PartBuilder<IpAccessBuilder> {
    /** Begins with nothing. */
    public IpAccessBuilder() {
        super(new Draft(IpAccessPlugin.SECTION));
    }

    @Override
    protected IpAccessBuilder self() {
        return this;
    }

    /** Lets these addresses in, {@code 10.0.0.0/8} or {@code ::1}, and no others. Default: all that are not denied. */
    public IpAccessBuilder allow(String... blocks) {
        return addTexts(IpAccessPlugin.ALLOW, List.of(blocks), "allow");
    }

    /** Keeps these addresses out, even if they are allowed. Default: none. */
    public IpAccessBuilder deny(String... blocks) {
        return addTexts(IpAccessPlugin.DENY, List.of(blocks), "deny");
    }

    /** Goes by the other end of the connection, even if that is a trusted proxy. Default: by the client behind it. */
    public IpAccessBuilder byConnection() {
        return set(IpAccessPlugin.ADDRESS, IpAccessPlugin.Address.CONNECTION, "byConnection");
    }
}
