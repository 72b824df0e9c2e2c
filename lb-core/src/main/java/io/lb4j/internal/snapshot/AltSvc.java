package io.lb4j.internal.snapshot;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * What a listener's answers say of its further transports, in {@code Alt-Svc} (RFC 7838). It outlives configurations: once a transport has been
 * advertised, its end is told as well. Thread-safe; one value, one publication.
 */
public final class AltSvc {
    private static final String CLEAR = "clear"; // RFC 7838 §3: forget all alternatives
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int MISDIRECTED_REQUEST = 421; // RFC 7838 §6: to be ignored in it

    private volatile @Nullable Advertisement current;

    private record Advertisement(String value, boolean replaces) {}

    /** Creates one that says nothing. */
    public AltSvc() {}

    /**
     * Says this from now on.
     *
     * @param replaces whether it takes the place of what an endpoint says
     */
    public void advertise(String value, boolean replaces) {
        current = new Advertisement(value, replaces);
    }

    /** Says, where anything has been said so far, that it no longer holds. */
    public void withdraw() {
        Advertisement before = current;
        if (before != null) {
            current = new Advertisement(CLEAR, before.replaces());
        }
    }

    /** Returns what is said at present; null for nothing. */
    public @Nullable String value() {
        Advertisement now = current;
        return now == null ? null : now.value();
    }

    /** Adds the field to the head of an answer. */
    public void addTo(ResponseHead head) {
        Advertisement now = current;
        if (now == null || head.status() == SWITCHING_PROTOCOLS || head.status() == MISDIRECTED_REQUEST) {
            return;
        }
        Fields fields = head.fields();
        if (!fields.contains(FieldName.ALT_SVC)) {
            fields.add(FieldName.ALT_SVC, now.value());
        } else if (now.replaces()) {
            fields.set(FieldName.ALT_SVC, now.value());
        }
    }
}
