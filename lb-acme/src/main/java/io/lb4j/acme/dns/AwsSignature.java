package io.lb4j.acme.dns;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests to Amazon's services, in version 4 of their scheme ("AWS Signature Version 4 for API requests"). Immutable. */
final class AwsSignature {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Credentials credentials;
    private final String region;
    private final String service;

    /**
     * Who asks.
     *
     * @param accessKey tells who
     * @param secretKey proves it
     * @param sessionToken of credentials that are lent
     */
    record Credentials(String accessKey, String secretKey, Optional<String> sessionToken) {}

    AwsSignature(Credentials credentials, String region, String service) {
        this.credentials = credentials;
        this.region = region;
        this.service = service;
    }

    /** Returns the fields that a request needs beside Host, which the client adds. */
    Map<String, String> fields(String method, URI address, String body, Instant now) {
        String time = TIME.format(now);
        TreeMap<String, String> signed = new TreeMap<>();
        signed.put("host", address.getPort() < 0 ? address.getHost() : address.getHost() + ":" + address.getPort());
        signed.put("x-amz-date", time);
        credentials.sessionToken.ifPresent(token -> signed.put("x-amz-security-token", token));

        String names = String.join(";", signed.keySet());
        String canonical = method + "\n" + address.getRawPath() + "\n" + canonicalQuery(address) + "\n"
                + signed.entrySet().stream()
                        .map(field -> field.getKey() + ":" + field.getValue() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\n" + digest(body);
        String scope = time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        String text = ALGORITHM + "\n" + time + "\n" + scope + "\n" + digest(canonical);
        byte[] key = ("AWS4" + credentials.secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        String signature = HexFormat.of().formatHex(hmac(key, text));

        Map<String, String> fields = new HashMap<>(signed);
        fields.remove("host");
        fields.put(
                "authorization",
                ALGORITHM + " Credential=" + credentials.accessKey + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + signature);
        return fields;
    }

    private static String canonicalQuery(URI address) {
        String query = Optional.ofNullable(address.getRawQuery()).orElse("");
        return Arrays.stream(query.split("&", -1)).sorted().collect(Collectors.joining("&"));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
