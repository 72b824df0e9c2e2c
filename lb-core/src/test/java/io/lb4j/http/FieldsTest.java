package io.lb4j.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    private final Fields fields = new Fields();

    @Test
    void keepsTheOrderInWhichFieldsWereAdded() {
        fields.add("b", "1").add("a", "2").add("b", "3");

        assertThat(lines(fields)).containsExactly("b: 1", "a: 2", "b: 3");
    }

    @Test
    void lowerCasesNamesAndFindsThemWithoutRegardToCase() {
        fields.add("X-Custom", "1").add("Content-LENGTH", "5");

        assertThat(fields.nameAt(0)).isEqualTo("x-custom");
        assertThat(fields.value("x-CUSTOM")).contains("1");
        assertThat(fields.value(FieldName.CONTENT_LENGTH)).contains("5");
    }

    @Test
    void setReplacesEveryFieldOfTheName() {
        fields.add("a", "1").add("host", "x").add("a", "2");

        fields.set("a", "3");

        assertThat(lines(fields)).containsExactly("host: x", "a: 3");
    }

    @Test
    void setLeavesTheFieldsAsTheyWereIfTheValueIsRefused() {
        fields.add("a", "1");

        assertThatThrownBy(() -> fields.set("a", "2\r\nevil: 1")).isInstanceOf(IllegalArgumentException.class);

        assertThat(lines(fields)).containsExactly("a: 1");
    }

    @Test
    void containsAWellKnownFieldOnlyWhileOneIsLeft() {
        fields.add(FieldName.COOKIE, "a").add(FieldName.COOKIE, "b");

        fields.removeAt(0);
        assertThat(fields.contains(FieldName.COOKIE)).isTrue();
        fields.removeAt(0);
        assertThat(fields.contains(FieldName.COOKIE)).isFalse();
        assertThat(fields.indexOf(FieldName.COOKIE)).isNegative();
    }

    @Test
    void removesEveryFieldOfANameAndSaysWhetherThereWasOne() {
        fields.add("a", "1").add("b", "2").add("a", "3");

        assertThat(fields.remove("a")).isTrue();
        assertThat(fields.remove("a")).isFalse();
        assertThat(lines(fields)).containsExactly("b: 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r", "a\n", "a\r\nb: c", "\u0000", "a\u0007b", "\u007f", "\u0100"})
    void refusesValuesThatCouldEndTheLineOrHideSomething(String value) {
        assertThatThrownBy(() -> fields.add("a", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("value of a");
        assertThat(fields.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a b", "a:", "ä", "a\n", "\u0000"})
    void refusesNamesThatAreNoTokens(String name) {
        assertThatThrownBy(() -> fields.add(name, "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a token");
    }

    @Test
    void stripsWhiteSpaceAroundValuesAndKeepsItInside() {
        fields.add("a", " \tb \t c\t ");

        assertThat(fields.valueAt(0)).isEqualTo("b \t c");
    }

    @Test
    void keepsEveryOctetOfAValue() {
        byte[] value = {'a', (byte) 0x80, (byte) 0xff};

        fields.addValidated(new byte[] {'n', 'a', (byte) 0x80, (byte) 0xff}, 0, 1, 1, 3, false);

        ByteBuf out = Unpooled.buffer();
        fields.writeValueAt(0, out);
        assertThat(out).isEqualTo(Unpooled.wrappedBuffer(value));
    }

    @Test
    void remembersThatAFieldIsSensitiveAndKeepsItsValueOutOfText() {
        byte[] octets = "x-keysecret".getBytes(StandardCharsets.US_ASCII);
        fields.addValidated(octets, 0, 5, 5, 6, true);
        fields.add("authorization", "Bearer secret");

        Fields copy = new Fields().addAll(fields);

        assertThat(copy.isSensitiveAt(0)).isTrue();
        assertThat(copy.isSensitiveAt(1)).isFalse();
        assertThat(copy.toString()).doesNotContain("secret").contains("x-key");
    }

    @Test
    void aCopyDoesNotChangeWithItsOriginal() {
        fields.add("a", "1");
        Fields copy = fields.copy();

        fields.clear();
        fields.add("b", "2");

        assertThat(lines(copy)).containsExactly("a: 1");
        copy.add("c", "x".repeat(5000));
        assertThat(copy.value("c"))
                .hasValueSatisfying(value -> assertThat(value).hasSize(5000));
    }

    @Test
    void countsItsSizeAsHttp2Does() {
        fields.add("abc", "de").add("f", "");

        assertThat(fields.listSize()).isEqualTo(3 + 2 + 32 + 1 + 32);
    }

    @Test
    void refusesAnIndexThatIsNotThere() {
        fields.add("a", "1");

        assertThatThrownBy(() -> fields.valueAt(1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("index: 1 (expected: 0..0)");
    }

    @Test
    void everyWellKnownNameIsFoundByItsOctets() {
        for (FieldName name : List.of(FieldName.CONNECTION, FieldName.MAX_FORWARDS, FieldName.TE, FieldName.ETAG)) {
            assertThat(FieldName.of(name.toString().toUpperCase(java.util.Locale.ROOT)))
                    .isSameAs(name);
        }
        assertThat(FieldName.of("x-unknown"))
                .isEqualTo(FieldName.of("X-Unknown"))
                .isNotSameAs(FieldName.of("x-unknown"));
    }

    @Test
    void behavesLikeAListOfPairsUnderRandomChanges() {
        Random random = new Random(7);
        List<String[]> model = new ArrayList<>();
        String[] names = {"host", "a", "cookie", "x-b", "content-length"};
        for (int step = 0; step < 20_000; step++) {
            String name = names[random.nextInt(names.length)];
            String value = Integer.toString(random.nextInt(1000));
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    fields.add(name, value);
                    model.add(new String[] {name, value});
                }
                case 3 -> {
                    fields.set(name, value);
                    model.removeIf(pair -> pair[0].equals(name));
                    model.add(new String[] {name, value});
                }
                case 4 -> {
                    fields.remove(name);
                    model.removeIf(pair -> pair[0].equals(name));
                }
                default -> {
                    if (!model.isEmpty()) {
                        int at = random.nextInt(model.size());
                        fields.removeAt(at);
                        model.remove(at);
                    }
                }
            }
            if (random.nextInt(200) == 0) {
                fields.clear();
                model.clear();
            }
            assertThat(fields.size()).isEqualTo(model.size());
            assertThat(fields.contains(FieldName.of(name)))
                    .isEqualTo(model.stream().anyMatch(pair -> pair[0].equals(name)));
        }
        assertThat(lines(fields))
                .isEqualTo(model.stream().map(pair -> pair[0] + ": " + pair[1]).toList());
    }

    private static List<String> lines(Fields fields) {
        List<String> lines = new ArrayList<>();
        fields.forEach((name, value) -> lines.add(name + ": " + value));
        return lines;
    }
}
