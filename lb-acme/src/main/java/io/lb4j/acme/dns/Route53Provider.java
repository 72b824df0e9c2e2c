package io.lb4j.acme.dns;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts records into hosted zones at Amazon's Route 53 (API 2013-04-01). A name has one set of records there, which is replaced as a whole: what is in
 * it is read first. Thread-safe; one change at a time.
 */
final class Route53Provider implements DnsProvider {
    private static final String API = "/2013-04-01";
    private static final int TIME_TO_LIVE_SECONDS = 10;
    private static final Pattern ZONE = Pattern.compile("<HostedZone><Id>/hostedzone/([^<]+)</Id><Name>([^<]+)</Name>");
    private static final Pattern RECORD_SET = Pattern.compile(
            "<ResourceRecordSet><Name>([^<]+)</Name><Type>TXT</Type>(.*?)</ResourceRecordSet>", Pattern.DOTALL);
    private static final Pattern VALUE = Pattern.compile("<Value>([^<]*)</Value>");

    private final HttpApi api = new HttpApi();
    private final String base;
    private final AwsSignature signature;
    private final Clock clock;

    Route53Provider(URI base, AwsSignature signature, Clock clock) {
        this.base = base.toString().replaceAll("/+$", "");
        this.signature = signature;
        this.clock = clock;
    }

    @Override
    public synchronized void add(TxtRecord record) throws IOException, InterruptedException {
        String zone = zone(record.absoluteName());
        Set<String> values = new LinkedHashSet<>(values(zone, record));
        if (values.add(quoted(record))) {
            change(zone, "UPSERT", record, values);
        }
    }

    @Override
    public synchronized void remove(TxtRecord record) throws IOException, InterruptedException {
        String zone = zone(record.absoluteName());
        Set<String> before = new LinkedHashSet<>(values(zone, record));
        Set<String> after = new LinkedHashSet<>(before);
        if (!after.remove(quoted(record))) {
            return;
        }
        if (after.isEmpty()) {
            change(zone, "DELETE", record, before);
        } else {
            change(zone, "UPSERT", record, after);
        }
    }

    /** Finds the zone that a name is in: the longest suffix that is one. */
    private String zone(String absoluteName) throws IOException, InterruptedException {
        String suffix = absoluteName;
        while (suffix.indexOf('.') < suffix.length() - 1) {
            String answer = call("GET", API + "/hostedzonesbyname", "dnsname=" + encoded(suffix) + "&maxitems=1", "");
            Matcher zone = ZONE.matcher(answer);
            if (zone.find() && zone.group(2).equals(suffix)) {
                return zone.group(1);
            }
            suffix = suffix.substring(suffix.indexOf('.') + 1);
        }
        throw new IOException(
                "Route 53: no hosted zone for " + absoluteName + " (expected: one that the key may change)");
    }

    private List<String> values(String zone, TxtRecord record) throws IOException, InterruptedException {
        String query = "maxitems=1&name=" + encoded(record.absoluteName()) + "&type=TXT";
        Matcher set = RECORD_SET.matcher(call("GET", API + "/hostedzone/" + zone + "/rrset", query, ""));
        List<String> values = new ArrayList<>();
        if (set.find() && set.group(1).equals(record.absoluteName())) {
            Matcher value = VALUE.matcher(set.group(2));
            while (value.find()) {
                values.add(value.group(1).replace("&quot;", "\""));
            }
        }
        return values;
    }

    private void change(String zone, String action, TxtRecord record, Set<String> values)
            throws IOException, InterruptedException {
        StringBuilder records = new StringBuilder();
        for (String value : values) {
            records.append("<ResourceRecord><Value>")
                    .append(value.replace("&", "&amp;").replace("<", "&lt;"))
                    .append("</Value></ResourceRecord>");
        }
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                + "<ChangeResourceRecordSetsRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>"
                + "<Change><Action>" + action + "</Action><ResourceRecordSet><Name>" + record.absoluteName()
                + "</Name><Type>TXT</Type><TTL>" + TIME_TO_LIVE_SECONDS + "</TTL><ResourceRecords>" + records
                + "</ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>";
        call("POST", API + "/hostedzone/" + zone + "/rrset", "", body);
    }

    private String call(String method, String path, String query, String body)
            throws IOException, InterruptedException {
        URI address = URI.create(base + path + (query.isEmpty() ? "" : "?" + query));
        Map<String, String> fields = signature.fields(method, address, body, clock.instant());
        return api.send(new HttpApi.Call(method, address, fields, body));
    }

    private static String quoted(TxtRecord record) {
        return "\"" + record.value() + "\"";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
