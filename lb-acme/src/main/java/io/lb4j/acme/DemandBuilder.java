package io.lb4j.acme;

import io.lb4j.acme.model.DemandDecision;
import io.lb4j.acme.model.DemandOptions;
import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;

/** Says for which names certificates are obtained on demand. Refuses nothing; the balancer's start names all faults. Confined to one thread. */
public final class DemandBuilder {
    private final Draft draft;
    private final Origin origin;

    DemandBuilder(Draft draft, Origin origin) {
        this.draft = draft;
        this.origin = origin;
    }

    /** Sets code that decides. This, or an address to ask, is required. */
    public DemandBuilder decision(DemandDecision decision) {
        draft.set(DemandOptions.DECISION, Part.of(decision.getClass().getSimpleName(), decision), origin);
        return this;
    }

    /** Sets an address that is asked with {@code ?domain=} and the name; an answer of 2xx is a yes. */
    public DemandBuilder ask(String address) {
        draft.setText(DemandOptions.ASK, address, origin);
        return this;
    }

    /** Sets how many names may be new in a minute. Default: 10. */
    public DemandBuilder rate(int perMinute) {
        draft.set(DemandOptions.RATE, perMinute, origin);
        return this;
    }

    /** Sets how many names there may be on demand in all. Default: 1,000. */
    public DemandBuilder maxNames(int names) {
        draft.set(DemandOptions.MAX_NAMES, names, origin);
        return this;
    }
}
