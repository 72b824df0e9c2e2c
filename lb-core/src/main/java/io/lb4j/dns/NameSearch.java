package io.lb4j.dns;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a name and its completions, one after the other, until one is there; as glibc does, past servers that fail on a completion (SERVFAIL), and
 * past any failure of the name as it stands. Not so where that completion was there the last time: a failure says nothing of a name, and must not
 * lead to another. If none is there the first failure is the outcome. One question at a time; for one use.
 */
final class NameSearch<R> {
    private final String name;
    private final List<String> names;
    private final Map<String, String> found;
    private final Function<String, CompletionStage<DnsAnswer<R>>> question;
    private @Nullable Throwable passedOver; // of one question at a time

    /**
     * Prepares a search.
     *
     * @param found by name, which completion was there last; kept up to date. Safe for several threads
     */
    NameSearch(
            String name,
            DnsSettings.Search search,
            Map<String, String> found,
            Function<String, CompletionStage<DnsAnswer<R>>> question) {
        this.name = name;
        names = SearchList.of(name, search);
        this.found = found;
        this.question = question;
    }

    /** Asks. */
    CompletionStage<DnsAnswer<R>> ask() {
        return ask(0);
    }

    private CompletionStage<DnsAnswer<R>> ask(int index) {
        CompletionStage<DnsAnswer<R>> asked = question.apply(names.get(index));
        return names.size() == 1
                ? asked
                : asked.handle((answer, failure) ->
                                failure == null ? answered(index, answer) : failed(index, DnsClient.unwrapped(failure)))
                        .thenCompose(Function.identity());
    }

    private CompletionStage<DnsAnswer<R>> answered(int index, DnsAnswer<R> answer) {
        if (answer.status() == DnsAnswer.Status.FOUND) {
            found.put(name, names.get(index));
            return CompletableFuture.completedStage(answer);
        }
        return index < names.size() - 1 ? ask(index + 1) : end(answer);
    }

    private CompletionStage<DnsAnswer<R>> end(DnsAnswer<R> last) {
        return passedOver == null ? CompletableFuture.completedStage(last) : CompletableFuture.failedStage(passedOver);
    }

    private CompletionStage<DnsAnswer<R>> failed(int index, Throwable failure) {
        Throwable first = passedOver == null ? failure : passedOver;
        if (!mayPassOver(names.get(index), failure)) {
            return CompletableFuture.failedStage(failure);
        }
        passedOver = first;
        return index < names.size() - 1 ? ask(index + 1) : CompletableFuture.failedStage(first);
    }

    private boolean mayPassOver(String asked, Throwable failure) {
        if (asked.equals(found.get(name))) {
            return false;
        }
        return asked.equals(name)
                || (failure instanceof DnsFailure told && told.kind() == DnsFailure.Kind.SERVER_FAILURE);
    }
}
