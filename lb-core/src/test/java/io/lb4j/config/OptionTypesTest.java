package io.lb4j.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTypesTest {
    private final Faults faults = new Faults();

    @ParameterizedTest
    @CsvSource({
        "30s, 30s",
        "1h30m, 1h30m",
        "1h 30m, 1h30m",
        "90m, 1h30m",
        "250ms, 250ms",
        "1500ms, 1s500ms",
        "5us, 5us",
        "7ns, 7ns",
        "1d, 1d",
        "364d23h59m59s999ms999us999ns, 364d23h59m59s999ms999us999ns",
        "0, 0s",
    })
    void readsDurations(String text, String canonical) {
        ScalarType<Duration> type = OptionTypes.duration(Duration.ZERO);
        Duration value = type.complete(scalar(text), Origin.byDefault(), scope());

        assertThat(faults.all()).isEmpty();
        assertThat(value).isNotNull();
        assertThat(type.write(value)).isEqualTo(canonical);
        assertThat(type.complete(scalar(canonical), Origin.byDefault(), scope()))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5s", "30 seconds", "1e3s", "400d", "99999999999d", "1s1"})
    void refusesWhatIsNoDuration(String text) {
        OptionTypes.duration(Duration.ZERO).complete(scalar(text), Origin.byDefault(), scope());

        assertThat(faults.all()).singleElement().extracting(Fault::code).isEqualTo(Fault.Code.INVALID);
    }

    @Test
    void saysTheShortestDuration() {
        OptionTypes.duration(Duration.ofMillis(1)).complete(Duration.ZERO, Origin.byDefault(), scope());

        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly("x: \"0s\" (expected: a duration >= 1ms such as 30s or 1h30m)");
    }

    @ParameterizedTest
    @CsvSource({
        "PT-1.5S, -1s-500ms",
        "PT-0.000000001S, -1ns",
        "P-2DT-1S, -2d-1s",
        "PT2562047788015215H, 106751991167300d15h"
    })
    void writesDurationsThatNoOptionTakes(Duration duration, String text) {
        assertThat(OptionTypes.duration(Duration.ZERO).write(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "500, 500, 500B",
        "500B, 500, 500B",
        "64KiB, 65536, 64KiB",
        "16MiB, 16777216, 16MiB",
        "2kB, 2000, 2000B",
        "1 GiB, 1073741824, 1GiB",
        "1MB, 1000000, 1000000B",
        "0, 0, 0B"
    })
    void readsSizes(String text, long octets, String canonical) {
        ScalarType<Long> type = OptionTypes.size(0, Long.MAX_VALUE);
        Long value = type.complete(scalar(text), Origin.byDefault(), scope());

        assertThat(value).isEqualTo(octets);
        assertThat(type.write(octets)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KiB", "-1", "1.5MiB", "16mib", "1XB", "9999999999999TiB", "99999999999999999999"})
    void refusesWhatIsNoSize(String text) {
        OptionTypes.size(0, Long.MAX_VALUE).complete(scalar(text), Origin.byDefault(), scope());

        assertThat(faults.all()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0.2, 0.2, 20%", "20%, 0.2, 20%", "12.5 %, 0.125, 12.5%", "1, 1.0, 100%", "0, 0.0, 0%"})
    void readsShares(String text, double share, String canonical) {
        ScalarType<Double> type = OptionTypes.ratio();

        assertThat(type.complete(scalar(text), Origin.byDefault(), scope())).isEqualTo(share);
        assertThat(type.write(share)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "101%", "1.01", "-1%", "NaN", "half"})
    void refusesWhatIsNoShare(String text) {
        OptionTypes.ratio().complete(scalar(text), Origin.byDefault(), scope());

        assertThat(faults.all()).hasSize(1);
    }

    @Test
    void refusesNumbersThatAreNone() {
        OptionTypes.ratio().complete(Double.NaN, Origin.byDefault(), scope());
        OptionTypes.decimal().complete(Double.POSITIVE_INFINITY, Origin.byDefault(), scope());

        assertThat(faults.all()).hasSize(2);
    }

    @Test
    void allowsBothEndsOfARangeAndNothingBeyond() {
        ScalarType<Integer> type = OptionTypes.integer(1, 3);

        assertThat(type.complete(1, Origin.byDefault(), scope())).isEqualTo(1);
        assertThat(type.complete(3, Origin.byDefault(), scope())).isEqualTo(3);
        assertThat(faults.all()).isEmpty();
        type.complete(0, Origin.byDefault(), scope());
        type.complete(scalar("4"), Origin.byDefault(), scope());
        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly("x: 0 (expected: 1..3)", "x: 4 (expected: 1..3)");
    }

    @Test
    void namesTheNearestChoice() {
        OptionTypes.oneOf(Fault.Code.class).complete(scalar("mising"), Origin.byDefault(), scope());

        assertThat(faults.all())
                .extracting(Fault::message)
                .singleElement()
                .asString()
                .startsWith("x: \"mising\" (expected: one of invalid, missing, ")
                .endsWith("; did you mean \"missing\"?)");
    }

    @Test
    void readsABoundOrItsAbsence() {
        LimitType<Integer> type = OptionTypes.limit(OptionTypes.integer(1, 9));

        assertThat(type.complete(scalar("5"), Origin.byDefault(), scope())).isEqualTo(Limit.of(5));
        assertThat(type.complete(scalar("unlimited"), Origin.byDefault(), scope()))
                .isEqualTo(Limit.unlimited());
        assertThat(type.render(Limit.unlimited(), secret -> "***")).isEqualTo("unlimited");
        assertThat(type.render(Limit.of(5), secret -> "***")).isEqualTo(5L);
        type.complete(Limit.of(10), Origin.byDefault(), scope());
        assertThat(faults.all()).extracting(Fault::message).containsExactly("x: 10 (expected: 1..9)");
    }

    /** Written as its constants are, in capitals; somebody else's file may have it in others. */
    enum Algorithm {
        RS256,
        EDDSA
    }

    @ParameterizedTest
    @CsvSource({"RS256, RS256", "rs256, RS256", "EdDSA, EDDSA"})
    void readsChoicesWhateverTheirCase(String text, Algorithm expected) {
        ScalarType<Algorithm> type =
                OptionTypes.choice(Algorithm.class, each -> each == Algorithm.EDDSA ? "EdDSA" : "RS256");

        assertThat(type.complete(scalar(text), Origin.byDefault(), scope())).isEqualTo(expected);
        type.complete(scalar("none"), Origin.byDefault(), scope());
        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly("x: \"none\" (expected: one of RS256, EdDSA)");
    }

    @Test
    void readsFilesThatAreThere(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("a.pem"));

        assertThat(OptionTypes.file().complete(scalar(file.toString()), Origin.byDefault(), scope()))
                .isEqualTo(file);
        OptionTypes.file().complete(scalar(directory.toString()), Origin.byDefault(), scope());
        OptionTypes.file().complete(scalar("a\0b"), Origin.byDefault(), scope());
        assertThat(faults.all()).hasSize(2);
    }

    @Test
    void escapesAndCutsForeignText() {
        OptionTypes.bool().complete(scalar("\u001b[31m" + "x".repeat(100)), Origin.byDefault(), scope());

        assertThat(faults.all()).extracting(Fault::seen).containsExactly("\"\\u001b[31m" + "x".repeat(75) + "…\"");
    }

    @ParameterizedTest
    @CsvSource({"prot, port", "maxIdle, max_idle", "max-idel, max_idle", "hsot, host", "zzz, ", "h, "})
    void findsTheNearestName(String seen, String expected) {
        assertThat(NearestName.of(seen, List.of("host", "port", "max_idle")).orElse(null))
                .isEqualTo(expected);
    }

    private Scope scope() {
        return new Scope("x", faults, PartCatalog.of(List.of()));
    }

    private static Node.Scalar scalar(String text) {
        return new Node.Scalar(text, Origin.byDefault());
    }
}
