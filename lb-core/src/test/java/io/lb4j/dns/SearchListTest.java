package io.lb4j.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.dns.DnsSettings.Search;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchListTest {
    @Test
    void readsWhatTheSystemSays() {
        Search search = ResolverConfiguration.parse(List.of(
                "# of a pod",
                "nameserver 10.96.0.10",
                "search shop.svc.cluster.local svc.cluster.local cluster.local.",
                "options ndots:5 timeout:1"));

        assertThat(search)
                .isEqualTo(new Search(List.of("shop.svc.cluster.local", "svc.cluster.local", "cluster.local"), 5));
        assertThat(ResolverConfiguration.parse(List.of("", "options ndots:x"))).isEqualTo(Search.NONE);
    }

    @Test
    void triesANameOfFewDotsWithTheDomainsFirst() {
        Search search = new Search(List.of("a.test", "b.test"), 2);

        assertThat(SearchList.of("api", search)).containsExactly("api.a.test", "api.b.test", "api");
        assertThat(SearchList.of("api.x.y", search)).containsExactly("api.x.y", "api.x.y.a.test", "api.x.y.b.test");
        assertThat(SearchList.of("api.", search)).containsExactly("api");
    }

    @Test
    void keepsTheTimeToLiveWithinBounds() {
        DnsSettings.Times times =
                new DnsSettings.Times(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60));

        assertThat(times.holding(Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
        assertThat(times.holding(Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(20));
        assertThat(times.holding(Duration.ofDays(1))).isEqualTo(Duration.ofSeconds(60));
    }
}
