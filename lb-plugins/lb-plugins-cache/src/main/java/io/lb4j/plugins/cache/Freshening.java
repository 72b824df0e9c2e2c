package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import java.util.Optional;
import java.util.Set;

/** Brings what is kept up to date by what an endpoint says of it (RFC 9111 §4.3.4, §4.3.5). */
final class Freshening {
    /** They belong to the body that is kept (RFC 9111 §3.2), or to the client that was answered. */
    private static final Set<String> NEVER_UPDATED =
            Set.of("content-length", "content-encoding", "content-range", "set-cookie", Names.CACHE_STATUS.toString());

    private Freshening() {}

    /** The endpoint says that nothing has changed; returns the response to answer with. */
    static Stored byNotModified(Storing storing, Shelf shelf, Storing.Pair pair, Stored found) {
        String key = pair.asked().key();
        if (isOfAnother(found, pair.response().fields())) {
            shelf.remove(key, found); // RFC 9111 §4.3.4: it says nothing of this one
            return found;
        }
        Fields merged = merged(found.fields(), pair.response().fields());
        Optional<Stored> fresh = judge(storing, pair, found, merged);
        if (fresh.isPresent()) {
            shelf.put(key, fresh.get());
            return fresh.get();
        }
        if (!pair.asked().isPersonal()) {
            shelf.remove(key, found);
        }
        return found.withFields(merged);
    }

    /** The endpoint has answered HEAD: what it says of the same representation is taken over, and of another one makes this one outdated. */
    static void byHead(Storing storing, Shelf shelf, Storing.Pair pair, Stored found) {
        int status = pair.response().status();
        String key = pair.asked().key();
        Fields said = pair.response().fields();
        if (status != found.status() || isOfAnother(found, said) || isOtherLength(found, said)) {
            shelf.remove(key, found);
            return;
        }
        judge(storing, pair, found, merged(found.fields(), said))
                .ifPresentOrElse(fresh -> shelf.put(key, fresh), () -> shelf.remove(key, found));
    }

    private static Optional<Stored> judge(Storing storing, Storing.Pair pair, Stored found, Fields merged) {
        ResponseHead head = new ResponseHead().status(found.status());
        head.fields().addAll(merged);
        Storing.Pair as = new Storing.Pair(pair.asked(), pair.request(), pair.sent(), head, pair.delayNanos());
        return storing.judge(as, found.resource()).map(fresh -> fresh.withBody(found.body()));
    }

    private static boolean isOfAnother(Stored found, Fields said) {
        return differs(found.etag(), said.value(FieldName.ETAG))
                || (found.etag().isEmpty() && differs(found.lastModified(), said.value(Names.LAST_MODIFIED)));
    }

    private static boolean isOtherLength(Stored found, Fields said) {
        return said.value(FieldName.CONTENT_LENGTH)
                .filter(length -> !length.equals(Integer.toString(found.body().length)))
                .isPresent();
    }

    private static boolean differs(Optional<String> known, Optional<String> said) {
        return known.isPresent() && said.isPresent() && !known.equals(said);
    }

    private static Fields merged(Fields stored, Fields said) {
        Fields merged = stored.copy();
        merged.remove(FieldName.DATE); // without one it is as old as what is said (RFC 9110 §6.6.1)
        for (int i = 0; i < said.size(); i++) {
            if (!NEVER_UPDATED.contains(said.nameAt(i))) {
                merged.remove(said.nameAt(i));
            }
        }
        for (int i = 0; i < said.size(); i++) {
            if (!NEVER_UPDATED.contains(said.nameAt(i))) {
                merged.copyAt(said, i);
            }
        }
        return merged;
    }
}
