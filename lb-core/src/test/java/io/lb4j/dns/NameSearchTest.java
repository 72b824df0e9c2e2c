package io.lb4j.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Which completion of a name counts, and what failures on the way come to. */
class NameSearchTest {
    private static final DnsSettings.Search SEARCH = new DnsSettings.Search(List.of("first", "second"), 1);

    private final Map<String, DnsFailure.Kind> failures = new HashMap<>();
    private final Map<String, String> records = new HashMap<>();
    private final Map<String, String> found = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    private CompletionStage<DnsAnswer<String>> answer(String name) {
        asked.add(name);
        DnsFailure.Kind failure = failures.get(name);
        if (failure != null) {
            return CompletableFuture.failedStage(new DnsFailure(failure, name));
        }
        String record = records.get(name);
        return CompletableFuture.completedStage(
                record == null
                        ? new DnsAnswer<>(DnsAnswer.Status.NO_SUCH_NAME, List.of(), Duration.ofSeconds(1), false)
                        : DnsAnswer.of(List.of(record), Duration.ofSeconds(1)));
    }

    private DnsAnswer<String> search(String name) {
        return new NameSearch<>(name, SEARCH, found, this::answer)
                .ask()
                .toCompletableFuture()
                .join();
    }

    @Test
    void goesOnWhereTheServersFailOnACompletion() {
        failures.put("api.first", DnsFailure.Kind.SERVER_FAILURE);
        records.put("api.second", "right");

        assertThat(search("api").records()).containsExactly("right");
        assertThat(search("api").records()).containsExactly("right");
    }

    @Test
    void goesOnAfterAnyFailureOfTheNameAsItStands() {
        failures.put("api.x", DnsFailure.Kind.REFUSED);
        records.put("api.x.first", "right");

        assertThat(search("api.x").records()).containsExactly("right");
    }

    @Test
    void endsWhereACompletionIsRefused() {
        failures.put("api.first", DnsFailure.Kind.REFUSED);
        records.put("api.second", "right");

        assertThatThrownBy(() -> search("api")).hasRootCauseMessage("api.first");
        assertThat(asked).containsExactly("api.first");
    }

    @Test
    void isNotLedToAnotherNameByAFailureOfTheOneThatWasThere() {
        records.put("api.first", "right");
        records.put("api.second", "wrong");
        assertThat(search("api").records()).containsExactly("right");

        failures.put("api.first", DnsFailure.Kind.SERVER_FAILURE);
        assertThatThrownBy(() -> search("api")).hasRootCauseMessage("api.first");

        failures.remove("api.first");
        records.remove("api.first");
        assertThat(search("api").records()).containsExactly("wrong"); // it is said to be gone: so this is the one
    }

    @Test
    void doesNotTakeANameForAbsentOfWhichACompletionFailed() {
        failures.put("api.first", DnsFailure.Kind.SERVER_FAILURE);
        failures.put("api", DnsFailure.Kind.REFUSED);

        assertThatThrownBy(() -> search("api")).hasRootCauseMessage("api.first");
        assertThat(asked).containsExactly("api.first", "api.second", "api");
    }
}
