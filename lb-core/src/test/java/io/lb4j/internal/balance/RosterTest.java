package io.lb4j.internal.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.model.Endpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RosterTest {
    private final Roster<String> roster = new Roster<>();

    private static Endpoint endpoint(int number) {
        return Endpoint.of("10.0.0." + number, 80);
    }

    private static String address(int number) {
        return endpoint(number).address();
    }

    /** Makes a statement. Returns those that are new. */
    private List<String> call(int... numbers) {
        List<String> added = new ArrayList<>();
        roster.begin();
        for (int number : numbers) {
            Roster.Entry<String> known = roster.find(endpoint(number));
            if (known == null) {
                roster.add(endpoint(number), "known as " + number);
                added.add(address(number));
            } else {
                assertThat(known.value()).isEqualTo("known as " + number);
                roster.call(known);
            }
        }
        return added;
    }

    private Set<String> state(int... numbers) {
        call(numbers);
        return new HashSet<>(roster.end());
    }

    @Test
    void tellsWhoIsNewAndWhoIsNotNamedAnyMore() {
        assertThat(call(1, 2, 3)).containsExactly(address(1), address(2), address(3));
        assertThat(roster.end()).isEmpty();
        assertThat(call(2, 4, 3)).containsExactly(address(4));
        assertThat(roster.end()).containsExactly("known as 1");
        assertThat(roster.size()).isEqualTo(3);
        assertThat(roster.get(address(1))).isNull();
        assertThat(roster.get(address(4))).isEqualTo("known as 4");
    }

    @Test
    void countsTheFirstOfThoseThatAStatementNamesTwice() {
        state(1, 2);
        roster.begin();
        Roster.Entry<String> first = roster.find(endpoint(2));

        assertThat(first).isNotNull();
        assertThat(roster.call(first)).isTrue();
        assertThat(roster.find(endpoint(2))).isSameAs(first);
        assertThat(roster.call(first)).isFalse();
        assertThat(roster.isNamed(address(1))).isFalse();
        assertThat(roster.isNamed(address(2))).isTrue();
        assertThat(roster.end()).containsExactly("known as 1");
    }

    @Test
    void keepsThoseThatAStatementLeavesOutBehindTheOthersWhereItIsTold() {
        state(1, 2, 3);
        call(3);
        roster.endKeepingOthers();

        assertThat(roster.size()).isEqualTo(3);
        assertThat(state(3, 1, 2)).isEmpty();
        assertThat(state(1)).containsExactlyInAnyOrder("known as 2", "known as 3");
    }

    @Test
    void isRightInWhateverOrderStatementsNameWhom() {
        Random random = new Random(7);
        Set<Integer> present = new HashSet<>();
        for (int statement = 0; statement < 500; statement++) {
            List<Integer> next = new ArrayList<>(
                    IntStream.range(0, random.nextInt(40)).boxed().toList());
            if (statement % 3 == 0) {
                Collections.shuffle(next, random);
            }
            next.removeIf(number -> random.nextInt(4) == 0);
            if (!next.isEmpty() && statement % 5 == 0) {
                next.add(random.nextInt(next.size()), next.get(random.nextInt(next.size()))); // named twice
            }
            int[] numbers = next.stream().mapToInt(number -> number).toArray();

            Set<Integer> added = new HashSet<>(next);
            added.removeAll(present);
            assertThat(call(numbers))
                    .hasSize(added.size())
                    .containsExactlyInAnyOrderElementsOf(
                            added.stream().map(RosterTest::address).toList());
            Set<Integer> gone = new HashSet<>(present);
            gone.removeAll(next);
            assertThat(roster.end())
                    .containsExactlyInAnyOrderElementsOf(
                            gone.stream().map(number -> "known as " + number).toList());
            present = new HashSet<>(next);
            assertThat(roster.size()).isEqualTo(present.size());
            assertThat(present).allMatch(number -> roster.isNamed(address(number)));
        }
    }
}
