package io.lb4j.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.config.PartCatalog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What DNS services are asked. The services are not the real ones: they answer with what their documentation says that they answer with.
 */
final class DnsServicesTest {
    private static final TxtRecord RECORD = new TxtRecord("_acme-challenge.www.a.test", "the-value_1");

    @TempDir
    Path folder;

    private RecordedService service;

    @BeforeEach
    void start() throws IOException {
        service = new RecordedService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void cloudflareIsAskedForTheZoneAndForOneRecord() throws Exception {
        CloudflareProvider provider = new CloudflareProvider(service.address(), "the-token");
        String none = "{\"success\": true, \"result\": []}";
        service.answer("GET /zones?name=_acme-challenge.www.a.test", none);
        service.answer("GET /zones?name=www.a.test", none);
        service.answer("GET /zones?name=a.test", "{\"success\": true, \"result\": [{\"id\": \"z1\"}]}");
        String query = "GET /zones/z1/dns_records?type=TXT&name=_acme-challenge.www.a.test";
        service.answer(query, none);
        service.answer("POST /zones/z1/dns_records", "{\"success\": true, \"result\": {\"id\": \"r1\"}}");

        provider.add(RECORD);
        assertThat(service.requests)
                .last()
                .asString()
                .startsWith("POST /zones/z1/dns_records ")
                .contains(
                        "\"type\":\"TXT\"",
                        "\"name\":\"_acme-challenge.www.a.test\"",
                        "\"content\":\"\\\"the-value_1\\\"\"");
        assertThat(service.heads)
                .allSatisfy(head -> assertThat(head).containsEntry("Authorization", List.of("Bearer the-token")));

        service.answer(
                query,
                "{\"result\": [{\"id\": \"r0\", \"content\": \"another\"}, {\"id\": \"r1\", \"content\": \"\\\"the-value_1\\\"\"}]}");
        service.answer("DELETE /zones/z1/dns_records/r1", "{\"success\": true, \"result\": {\"id\": \"r1\"}}");
        provider.remove(RECORD);
        assertThat(service.requests).last().isEqualTo("DELETE /zones/z1/dns_records/r1");
    }

    @Test
    void aRefusalIsToldWithoutTheToken() {
        CloudflareProvider provider = new CloudflareProvider(service.address(), "the-token");
        assertThatThrownBy(() -> provider.add(RECORD))
                .isInstanceOf(IOException.class)
                .hasMessage("GET 127.0.0.1/zones: 404 {\"error\": \"no such thing\"} (expected: 2xx)");
    }

    @Test
    void route53KeepsTheOtherValuesOfAName() throws Exception {
        AwsSignature signature = new AwsSignature(
                new AwsSignature.Credentials("AKID", "secret", Optional.of("lent")), "us-east-1", "route53");
        Route53Provider provider = new Route53Provider(service.address(), signature, Clock.systemUTC());
        String other = "<HostedZone><Id>/hostedzone/Z0</Id><Name>b.test.</Name></HostedZone>";
        for (String name : new String[] {"_acme-challenge.www.a.test.", "www.a.test."}) {
            service.answer("GET /2013-04-01/hostedzonesbyname?dnsname=" + name + "&maxitems=1", other);
        }
        service.answer(
                "GET /2013-04-01/hostedzonesbyname?dnsname=a.test.&maxitems=1",
                "<HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>a.test.</Name></HostedZone></HostedZones>");
        String set = "GET /2013-04-01/hostedzone/Z1/rrset?maxitems=1&name=_acme-challenge.www.a.test.&type=TXT";
        String changed = "POST /2013-04-01/hostedzone/Z1/rrset";
        service.answer(changed, "<ChangeInfo><Status>PENDING</Status></ChangeInfo>");

        service.answer(set, records("&quot;older&quot;"));
        provider.add(RECORD);
        assertThat(service.requests)
                .last()
                .asString()
                .startsWith(changed)
                .contains("<Action>UPSERT</Action>", "<Value>\"older\"</Value>", "<Value>\"the-value_1\"</Value>");
        assertThat(service.heads.get(0))
                .containsEntry("X-amz-security-token", List.of("lent"))
                .hasEntrySatisfying(
                        "Authorization",
                        values -> assertThat(values.get(0))
                                .startsWith("AWS4-HMAC-SHA256 Credential=AKID/")
                                .contains(
                                        "/us-east-1/route53/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token"));

        service.answer(set, records("\"older\"</Value></ResourceRecord><ResourceRecord><Value>\"the-value_1\""));
        provider.remove(RECORD);
        assertThat(service.requests)
                .last()
                .asString()
                .contains("<Action>UPSERT</Action>", "\"older\"")
                .doesNotContain("the-value_1");

        service.answer(set, records("\"the-value_1\""));
        provider.remove(RECORD);
        assertThat(service.requests).last().asString().contains("<Action>DELETE</Action>", "\"the-value_1\"");
    }

    private static String records(String value) {
        return "<ResourceRecordSets><ResourceRecordSet><Name>_acme-challenge.www.a.test.</Name><Type>TXT</Type><TTL>10</TTL>"
                + "<ResourceRecords><ResourceRecord><Value>" + value
                + "</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></ResourceRecordSets>";
    }

    /** The example "get-vanilla" of Amazon's test suite for signatures. */
    @Test
    void aRequestIsSignedAsInAmazonsOwnExample() {
        AwsSignature signature = new AwsSignature(
                new AwsSignature.Credentials(
                        "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty()),
                "us-east-1",
                "service");
        Map<String, String> fields = signature.fields(
                "GET", URI.create("https://example.amazonaws.com/"), "", Instant.parse("2015-08-30T12:36:00Z"));
        assertThat(fields)
                .containsEntry("x-amz-date", "20150830T123600Z")
                .containsEntry(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                                + "SignedHeaders=host;x-amz-date, "
                                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    @Test
    void httpreqIsAskedAsLegoAsks() throws Exception {
        DnsProvider provider = DnsProviders.httpreq(service.address().resolve("/dns"), "user", "pass");
        service.answer("POST /dns/present", "");
        service.answer("POST /dns/cleanup", "");
        provider.add(RECORD);
        provider.remove(RECORD);
        String body = "{\"fqdn\":\"_acme-challenge.www.a.test.\",\"value\":\"the-value_1\"}";
        assertThat(service.requests).containsExactly("POST /dns/present " + body, "POST /dns/cleanup " + body);
        assertThat(service.heads.get(0)).containsEntry("Authorization", List.of("Basic dXNlcjpwYXNz"));
    }

    @Test
    void acmeDnsIsToldTheValue() throws Exception {
        DnsProvider provider = DnsProviders.acmeDns(service.address(), "user", "pass", "sub");
        service.answer("POST /update", "{\"txt\": \"the-value_1\"}");
        provider.add(RECORD);
        provider.remove(RECORD);
        assertThat(service.requests).containsExactly("POST /update {\"subdomain\":\"sub\",\"txt\":\"the-value_1\"}");
        assertThat(service.heads.get(0))
                .containsEntry("X-api-user", List.of("user"))
                .containsEntry("X-api-key", List.of("pass"));
    }

    @Test
    void aProgramThatFailsOrDoesNotEndIsToldWithWhatItSaid() throws Exception {
        Path program = Files.writeString(folder.resolve("p.sh"), "#!/bin/sh\necho \"$@\"\nexit 7\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> DnsProviders.exec(program).add(RECORD))
                .hasMessage(program
                        + " present: exit code 7 present _acme-challenge.www.a.test. the-value_1 (expected: 0)");

        Path endless = Files.writeString(folder.resolve("e.sh"), "#!/bin/sh\nexec tail -f /dev/null\n");
        Files.setPosixFilePermissions(endless, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> new ExecProvider(endless, Duration.ofMillis(300)).remove(RECORD))
                .hasMessageContaining("cleanup: still running (expected: an end within PT0.3S)");
    }

    @Test
    void eachProviderIsThereByItsName() {
        assertThat(PartCatalog.installed().ofKind(AcmeOptions.DNS_PROVIDER_KIND))
                .extracting(factory -> factory.name())
                .containsExactlyInAnyOrder("cloudflare", "route53", "rfc2136", "acme-dns", "exec", "httpreq");
    }
}
