package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import java.util.Optional;

/** Takes in what endpoints say. Thread-safe. */
final class Intake {
    private final CacheTime time;
    private final Storing storing;
    private final Shelf shelf;
    private final Figures figures;
    private final Filling.Budget budget;
    private final int maxEntry;

    Intake(CacheTime time, Storing storing, Shelf shelf, Figures figures, Limits limits) {
        this.time = time;
        this.storing = storing;
        this.shelf = shelf;
        this.figures = figures;
        this.maxEntry = limits.maxEntry();
        this.budget = new Filling.Budget(limits.maxFilling());
    }

    /**
     * How much may be taken in.
     *
     * @param maxEntry octets of one body
     * @param maxFilling octets of all bodies that are under way
     */
    record Limits(int maxEntry, long maxFilling) {}

    int maxEntry() {
        return maxEntry;
    }

    /** Returns what is to be kept of a response, yet without its body; what was kept and is outdated by the response is forgotten. */
    Optional<Stored> draft(Fetch fetch, Storing.Pair pair, boolean end) {
        ResponseHead head = pair.response();
        Optional<Stored> draft = storing.judge(pair, fetch.resource());
        Stored outdated = fetch.found();
        if (draft.isEmpty() && outdated != null && head.status() < 500) {
            shelf.remove(fetch.asked().key(), outdated);
        }
        if (draft.isPresent() && (isTooLarge(head) || (head.isUntilClose() && !end))) {
            figures.unstored();
            return Optional.empty();
        }
        return draft;
    }

    private boolean isTooLarge(ResponseHead head) {
        return head.fields()
                .value(FieldName.CONTENT_LENGTH)
                .filter(length -> Directives.number(length) > maxEntry)
                .isPresent();
    }

    Filling fill(Stored draft) {
        return new Filling(draft, budget, maxEntry);
    }

    /** Keeps a response. */
    void put(Fetch fetch, Stored whole) {
        shelf.put(fetch.asked().key(), whole);
        figures.stored();
    }

    /** The endpoint says that what is kept has not changed; returns the response to answer with. */
    Stored confirm(Fetch fetch, Stored found, Fields sent, ResponseHead head) {
        return Freshening.byNotModified(storing, shelf, fetch.pair(sent, head, time.nanos()), found);
    }

    /** The endpoint has said what the head is. */
    void learnHead(Fetch fetch, Fields sent, ResponseHead head) {
        Stored found = fetch.found();
        if (found != null && head.status() < 500) {
            Freshening.byHead(storing, shelf, fetch.pair(sent, head, time.nanos()), found);
        }
    }

    /** Takes in a response that is here as a whole. */
    void take(Fetch fetch, Fields sent, ResponseHead head, byte[] body) {
        Stored found = fetch.found();
        if (found != null && Validation.isConfirmed(found, head.status())) {
            confirm(fetch, found, sent, head);
            return;
        }
        draft(fetch, fetch.pair(sent, head, time.nanos()), false).ifPresent(draft -> put(fetch, draft.withBody(body)));
    }
}
