package io.lb4j.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.model.Endpoint;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EndpointJsonTest {
    @Test
    void readsAllThatIsDocumented() {
        assertThat(EndpointJson.parse("""
                {"host": "10.0.0.7", "port": 8080, "weight": 20, "zone": "a", "version": "1.4", "tags": ["blue", "x"],
                 "healthy": true, "name": "api.internal", "metadata": {"team": "search", "rank": 3}, "other": [1]}
                """))
                .contains(new Endpoint(
                        "10.0.0.7",
                        8080,
                        20,
                        Map.of("zone", "a", "version", "1.4", "tags", "blue,x", "team", "search", "rank", "3"),
                        "api.internal"));
    }

    @Test
    void takesAnAddressForTheShortForm() {
        assertThat(EndpointJson.parse("10.0.0.7:8080")).contains(Endpoint.of("10.0.0.7", 8080));
        assertThat(EndpointJson.parse("\"api.internal:80\"")).contains(Endpoint.of("api.internal", 80));
        assertThat(EndpointJson.parse(" [2001:db8::1]:80\n")).contains(Endpoint.of("2001:db8::1", 80));
    }

    @Test
    void takesNumbersThatAreWholeHoweverTheyAreWrittenAndNothingForWhatIsNull() {
        assertThat(EndpointJson.parse("""
                {"host": "[2001:db8::1]", "port": 8080.0, "weight": "5e1", "zone": null, "tags": ["x", null],
                 "metadata": {"team": null}}
                """)).contains(new Endpoint("2001:db8::1", 8080, 50, Map.of("tags", "x")));
    }

    @Test
    void leavesOutWhatIsNotHealthy() {
        assertThat(EndpointJson.parse("{\"host\":\"a\",\"port\":80,\"healthy\":false}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"port\":80} | host: missing",
                "{\"host\":\"a\"} | port: missing",
                "{\"host\":\"a\",\"port\":\"http\"} | port: http",
                "{\"host\":\"a\",\"port\":70000} | port: 70000",
                "{\"host\":\"a\",\"port\":80.5} | port: 80.5",
                "{\"host\":[\"a\"],\"port\":80} | host: array",
                "{\"host\":\"a\",\"port\":80,\"weight\":-1} | weight: -1",
                "{\"host\":\"a\",\"port\":80,\"healthy\":\"DOWN\"} | healthy: DOWN",
                "{\"host\":\"a\",\"port\":80,\"metadata\":[]} | metadata: array",
                "{\"host\":\"a\",\"port\":80,\"metadata\":{\"k\":{}}} | k: object",
                "{\"host\": | not JSON",
                "{\"host\":\"a\",\"port\":80} {\"host\":\"b\" | not JSON",
                "{\"host\":\"a\",\"port\":\"111111111111111111111111111111111111111111111\"} | 1111…",
                "2001:db8::1 | expected: JSON, or host:port",
                "nothing | expected: JSON, or host:port",
                "`` | expected: JSON, or host:port"
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> EndpointJson.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void writesWhatItReads() {
        Endpoint endpoint = new Endpoint("10.0.0.7", 80, 5, Map.of("zone", "a", "tags", "x,y"), "api.internal");

        assertThat(EndpointJson.parse(EndpointJson.write(endpoint))).contains(endpoint);
    }
}
