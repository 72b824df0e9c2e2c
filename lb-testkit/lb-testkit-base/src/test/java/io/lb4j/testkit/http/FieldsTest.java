package io.lb4j.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FieldsTest {
    private final Fields fields = Fields.of("A", "1", "b", "x, Close", "a", "2");

    @Test
    void areLookedUpWithoutRegardToCase() {
        assertThat(fields.first("a")).contains("1");
        assertThat(fields.all("a")).containsExactly("1", "2");
        assertThat(fields.contains("B")).isTrue();
        assertThat(fields.contains("c")).isFalse();
        assertThat(fields.first("c")).isEmpty();
    }

    @Test
    void keepOrderAndSpelling() {
        assertThat(fields.names()).containsExactly("A", "b", "a");
        assertThat(fields.and("C", "3").toString()).isEqualTo("A: 1\nb: x, Close\na: 2\nC: 3");
    }

    @Test
    void findTokensInLists() {
        assertThat(fields.lists("B", "close")).isTrue();
        assertThat(fields.lists("b", "clos")).isFalse();
    }

    @Test
    void refuseANameWithoutValue() {
        assertThatThrownBy(() -> Fields.of("a", "b", "c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: an even number");
    }
}
