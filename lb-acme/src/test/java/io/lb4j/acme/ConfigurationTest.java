package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.KeyType;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.model.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a configuration file may say, by the names that lb4j's users know from before. */
final class ConfigurationTest {
    private static final Origin FILE = new Origin.Place("lb.yaml", 1, 1);

    private static Node node(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<Node.Entry> entries = new ArrayList<>();
            map.forEach((key, each) -> entries.add(new Node.Entry((String) key, FILE, node(each))));
            return new Node.Entries(entries, FILE);
        }
        if (value instanceof Collection<?> items) {
            return new Node.Items(items.stream().map(ConfigurationTest::node).toList(), FILE);
        }
        return new Node.Scalar(value.toString(), FILE, false);
    }

    private static AcmeOptions read(Map<String, Object> section) {
        Faults faults = new Faults();
        Scope scope = Scope.root(faults, PartCatalog.installed());
        Draft draft = new Draft(AcmeOptions.SECTION);
        draft.read((Node.Entries) node(section), scope);
        AcmeOptions options = new AcmeOptions(draft.complete(scope));
        faults.throwIfAny();
        return options;
    }

    @Test
    void theNamesFromBeforeAreUnderstood() {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("enabled", true);
        section.put("email", "admin@example.com");
        section.put("domains", List.of("api.example.com", "*.example.com"));
        section.put("challenge_type", "dns");
        section.put("dns_provider", Map.of("type", "exec", "program", "/bin/sh"));
        section.put("storage_path", "./certs");
        section.put("key_type", "rsa4096");
        section.put("renewal_days", 30);
        section.put("test_mode", false);

        AcmeOptions options = read(section);
        assertThat(options.isEnabled()).isTrue();
        assertThat(options.email()).contains("admin@example.com");
        assertThat(options.certificates()).hasSize(2);
        assertThat(options.challengeTypes()).containsExactly(ChallengeType.DNS);
        assertThat(options.dnsProvider())
                .hasValueSatisfying(part -> assertThat(part.name()).isEqualTo("exec"));
        assertThat(options.storagePath()).isEqualTo(Path.of("./certs"));
        assertThat(options.keyType()).isEqualTo(KeyType.RSA4096);
        assertThat(options.renewalDays()).isEqualTo(30);
        assertThat(options.isTest()).isFalse();
    }

    @Test
    void aSectionNeedsNoType() {
        Map<String, Object> tree = Map.of(
                "listeners", List.of(Map.of("name", "main", "port", 0)), "acme", Map.of("domains", "api.example.com"));
        assertThat(Configuration.read(node(tree), PartCatalog.installed()).acme())
                .hasValueSatisfying(part -> {
                    assertThat(part.name()).isEqualTo("acme");
                    assertThat(part.settings())
                            .hasValueSatisfying(
                                    settings -> assertThat(settings.toTree()).containsKey("domains"));
                });
    }

    @Test
    void whereNoAuthorityIsNamedItIsLetsEncrypt() {
        AcmeOptions options = read(Map.of("domains", "api.example.com", "challenge_type", "tls-alpn"));
        assertThat(options.authorities())
                .singleElement()
                .extracting(AuthorityOptions::directory)
                .satisfies(directory -> assertThat(directory.address()).hasHost("acme-v02.api.letsencrypt.org"));
        assertThat(options.acceptsTerms()).as("that is up to the owner").isFalse();
        assertThat(options.renewalDays()).isEqualTo(30);
    }

    @Test
    void copiesAreKeptOfAStorageThatIsSharedAndNotOfAFolder() {
        AcmeOptions options =
                read(Map.of("domains", "a.example.com", "copy_path", "copies", "storage_required", "true"));
        assertThat(options.copyPath()).contains(Path.of("copies"));
        assertThat(options.requiresStorage()).isTrue();
        assertThat(read(Map.of("domains", "a.example.com")).requiresStorage()).isFalse();
        assertThatThrownBy(
                        () -> read(Map.of("domains", "a.example.com", "copy_path", "copies", "storage_path", "certs")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("copy_path");
    }
}
